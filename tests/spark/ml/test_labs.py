from pyspark.sql import functions as F

from ml.features.labs import observed
from tests.spark.ml.conftest import at
from tests.tables import rows, table


def value(key, kind, when, number, **more):
    return {
        "observation_id": key,
        "patient_id": "P1",
        "short_name": kind,
        "observed_at": at(when),
        "value": float(number),
        "is_plausible": True,
        "abnormal_flag": "N",
    } | more


def seen(spark, a_stay, *values):
    names = ("last_sodium", "first_sodium", "last_heart_rate")
    since = F.col("admitted_at")
    made = observed(a_stay, table(spark, "gold/fact_observations", values), since, names)
    return rows(made, *names, "laboratory_count", "abnormal_share")


def test_first_and_last_lie_between_admission_and_prediction(spark, a_stay):
    values = [
        value("1", "sodium", "06-10 11", 120),
        value("2", "sodium", "06-10 12", 131),
        value("3", "sodium", "06-20 12", 140),
        value("4", "sodium", "06-20 13", 150),
        value("5", "sodium", "06-15", 999, is_plausible=False),
        value("6", "sodium", "06-20 12", 999, is_plausible=None),
        value("7", "heart_rate", "06-12", 80, abnormal_flag=None),
    ]
    assert seen(spark, a_stay, *values) == [(140.0, 131.0, 80.0, 2, 0.0)]


def test_of_two_values_of_one_moment_the_greater_id_is_the_last(spark, a_stay):
    values = [value("2", "sodium", "06-15", 132), value("1", "sodium", "06-15", 141, abnormal_flag="H")]
    assert seen(spark, a_stay, *values) == [(132.0, 141.0, None, 2, 0.5)]
