"""What each feature adds to a prediction, row by row, in the model's own units (log odds, log days, days)."""

import numpy as np
import pandas as pd
import xgboost as xgb
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from ml.estimators.columns import Inputs, origin

REASONS = 3


def contributions(fitted: Pipeline, rows: pd.DataFrame, features: Inputs) -> pd.DataFrame:
    """Return rows x features: how far each moved the prediction.

    For trees these are SHAP values, exact by TreeSHAP (Lundberg and others 2020); for linear models the
    coefficient times the value, which counts from the mean of a number and from no category. What was made of
    one feature, as the columns of its categories, is summed. No row's figures depend on those beside it.
    """
    columns, model = fitted.named_steps["columns"], fitted.named_steps["model"]
    values = np.asarray(columns.transform(rows), dtype=float)
    if hasattr(model, "get_booster"):
        booster = model.get_booster()
        shares = booster.predict(xgb.DMatrix(values), pred_contribs=True)[:, :-1]
    else:
        shares = values * np.ravel(model.coef_)
    names = [origin(name, features) for name in columns.get_feature_names_out()]
    table = pd.DataFrame(shares, columns=names, index=rows.index)
    return table.T.groupby(level=0).sum().T[features.names]


def contributions_of(model: BaseEstimator, rows: pd.DataFrame, features: Inputs) -> pd.DataFrame:
    """Return what each feature adds to predictions; of anomalies, how far it lies from the usual."""
    if hasattr(model, "deviations"):
        return model.deviations(rows)
    return contributions(explained(model), rows, features)


def explained(model: BaseEstimator) -> Pipeline:
    """Return the pipeline that explains a model: without its calibration or its interval."""
    if hasattr(model, "classifier"):
        return explained(model.classifier)
    if hasattr(model, "calibrated_classifiers_"):
        return model.calibrated_classifiers_[0].estimator.estimator
    return model.mean if hasattr(model, "mean") else model


def importance(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the features by their mean absolute contribution, the largest first."""
    means = shares.abs().mean().sort_values(ascending=False)
    return means.rename_axis("feature").reset_index(name="mean_absolute_contribution")


def reasons(shares: pd.DataFrame, rows: pd.DataFrame) -> list[list[str]]:
    """Return for each row the features that raised its prediction most, with their values, as short texts.

    `rows` have the values as a person knows them, under the same names.
    """
    names = shares.columns.to_numpy()
    best = np.argsort(-shares.to_numpy(), axis=1)[:, :REASONS]
    raised = np.take_along_axis(shares.to_numpy(), best, axis=1)
    values = rows[list(names)].to_numpy(dtype=object)
    return [
        [
            _reason(names[place], values[row, place], share)
            for place, share in zip(places, parts, strict=True)
            if share > 0
        ]
        for row, (places, parts) in enumerate(zip(best, raised, strict=True))
    ]


def _reason(name: str, value: object, share: float) -> str:
    return f"{name} {_shown(value)} (+{share:.2f})"


def _shown(value: object) -> str:
    if pd.isna(value):
        return "missing"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
