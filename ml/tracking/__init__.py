"""MLflow: where runs and models are kept, and what is said of each."""

import os

# MLflow reads them: no word of a missing git, nothing sent anywhere, no address printed for each run.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
