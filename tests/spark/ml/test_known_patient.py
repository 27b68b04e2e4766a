from datetime import date

from ml.features.known_patient import known_patient
from tests.spark.ml.conftest import at
from tests.tables import rows, table


def version(day, recorded, **attributes):
    return {
        "patient_id": "P1",
        "effective_date": date.fromisoformat(day),
        "recorded_at": at(recorded),
        "birth_date": date(1950, 6, 21),
        "sex": "F",
    } | attributes


def known(spark, a_stay, *versions):
    made = known_patient(a_stay, table(spark, "silver/patients", versions))
    return rows(made, "age", "sex", "marital_status")


def test_the_version_in_force_on_the_day_holds(spark, a_stay):
    versions = [
        version("2020-01-01", "01-01", marital_status="S"),
        version("2024-06-20", "06-20 11", marital_status="M"),
        version("2024-06-21", "06-01", marital_status="W"),
    ]
    assert known(spark, a_stay, *versions) == [(73, "F", "M")]


def test_a_version_recorded_after_the_discharge_is_not_seen(spark, a_stay):
    early = version("2020-01-01", "01-01", marital_status="S")
    late = version("2024-06-01", "06-20 13", marital_status="D")
    assert known(spark, a_stay, early, late) == [(73, "F", "S")]


def test_of_one_day_the_latest_recorded_by_then_holds(spark, a_stay):
    corrections = [
        version("2020-01-01", "01-01", sex="M"),
        version("2020-01-01", "03-01", sex="F"),
        version("2020-01-01", "07-01", sex="U"),
    ]
    assert known(spark, a_stay, *corrections) == [(73, "F", None)]


def test_of_an_unknown_patient_nothing_is_known(spark, a_stay):
    assert known(spark, a_stay, version("2020-01-01", "07-01")) == []


def test_a_birthday_on_the_day_counts(spark, a_stay):
    born = version("2020-01-01", "01-01", birth_date=date(1950, 6, 20))
    assert known(spark, a_stay, born) == [(74, "F", None)]


def test_nobody_is_older_than_120(spark, a_stay):
    born = [version("2020-01-01", "01-01", birth_date=date(year, 6, 20)) for year in (1904, 1903)]
    assert [known(spark, a_stay, one)[0][0] for one in born] == [120, None]
