"""MLflow: where runs and models are kept, and what is said of each."""

import os

# MLflow reads both while it is imported: no word of a missing git, and nothing is sent anywhere.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
