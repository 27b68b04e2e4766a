"""Scoring in Spark: the driver loads the model, each worker gets it once and scores its rows in batches."""

from collections.abc import Iterator

import pandas as pd
from pyspark.sql import DataFrame

from carelake.contract import Contract
from ml.problems import problem_of
from ml.scoring.batch import score_of
from ml.tracking.champions import loaded


def scored(features: DataFrame, champion: DataFrame, contract: Contract, name: str) -> DataFrame:
    """Return the scores of a problem's champion, one row per row of its features, none of them null."""
    told, of = champion.collect()[0].asDict(), problem_of(name)
    # Workers get these by value: a problem's module reads its contract from a folder, they may have a wheel.
    inputs, kind = of.features, of.kind
    model = features.sparkSession.sparkContext.broadcast(loaded(told["model_uri"]))

    def score(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for rows in batches:
            yield score_of(inputs, kind, model.value, rows, told)[contract.names]

    return features.mapInPandas(score, contract.ddl()).select(*contract.select())
