"""One MLflow run for each candidate: what went in, what came out, and the model itself."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from sklearn.base import BaseEstimator

from ml.evaluation.evaluation import Evaluation
from ml.evaluation.plots import save_plots

REQUIRED = ("scikit-learn", "xgboost", "pandas", "numpy", "skops")
TRUSTED = (
    "ml.estimators.anomaly.Suspicion",
    "ml.estimators.columns.Features",
    "ml.estimators.segments.Segmented",
    "ml.estimators.segments.Segments",
    "ml.estimators.signs.Sign",
    "ml.estimators.signs.Signs",
    "ml.estimators.regressors.WithInterval",
    "numpy.dtype",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.compose._column_transformer._RemainderColsList",
    "sklearn.frozen._frozen.FrozenEstimator",
    "sklearn.tree._tree.Tree",
    "xgboost.core.Booster",
    "xgboost.sklearn.XGBClassifier",
    "xgboost.sklearn.XGBRegressor",
)
"""Types that a saved model may be made of beside those skops knows; no pickle is written or read."""
EXAMPLES = 5


@dataclass(frozen=True)
class Record:
    """What is logged of one candidate; `method` is what the model predicts by, `example` rows it takes.

    `fitness` is what it was chosen by among the candidates, on the calibration rows: the higher, the better.
    """

    name: str
    params: Mapping[str, Any]
    tags: Mapping[str, str]
    fitness: float
    evaluation: Evaluation
    baselines: Mapping[str, Evaluation]
    tables: Mapping[str, pd.DataFrame]
    model: BaseEstimator
    method: str
    example: pd.DataFrame


def log(experiment_id: str, record: Record) -> tuple[str, str]:
    """Log a candidate; return the ids of its run and of its model."""
    with mlflow.start_run(experiment_id=experiment_id, run_name=record.name) as run:
        mlflow.log_params(dict(record.params))
        mlflow.set_tags(dict(record.tags))
        uri = log_model(record.model, record.method, record.example)
        # After the model: MLflow notes them of both then, and would look each up to copy it otherwise.
        chosen_by = {"fitness_on_calibration_rows": record.fitness}
        mlflow.log_metrics(record.evaluation.metrics() | _against_baselines(record) | chosen_by)
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), record)
            mlflow.log_artifacts(folder)
        return str(run.info.run_id), uri


def attach(client: MlflowClient, run_id: str, texts: Mapping[str, str]) -> None:
    """Add text files to a run, by name."""
    for name, text in texts.items():
        client.log_text(run_id, text, name)


def _against_baselines(record: Record) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name, baseline in record.baselines.items():
        figures |= {f"{name}_{measure}": value for measure, value in baseline.metrics().items()}
        gain = record.evaluation.gain_over(baseline)
        figures |= {
            f"gain_over_{name}": gain.value,
            f"gain_over_{name}_low": gain.low,
            f"gain_over_{name}_high": gain.high,
        }
    return {name: value for name, value in figures.items() if np.isfinite(value)}


def _write(folder: Path, record: Record) -> None:
    save_plots(record.evaluation, folder / "plots")
    (folder / "tables").mkdir()
    for name, table in (record.evaluation.tables() | dict(record.tables)).items():
        table.to_csv(folder / "tables" / f"{name}.csv", index=False)


def log_model(model: BaseEstimator, method: str, example: pd.DataFrame) -> str:
    """Log a model with the run that is active; return where it is loaded from. It predicts by `method`."""
    some = example.head(EXAMPLES)
    info = mlflow.sklearn.log_model(
        model,
        name="model",
        serialization_format="skops",
        skops_trusted_types=list(TRUSTED),
        pyfunc_predict_fn=method,
        signature=mlflow.models.infer_signature(some, getattr(model, method)(some)),
        input_example=some,
        pip_requirements=[f"{name}=={version(name)}" for name in REQUIRED],
    )
    return str(info.model_uri)
