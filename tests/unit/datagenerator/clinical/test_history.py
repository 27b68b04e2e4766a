"""Patient versions: full images, late news, coherent in the end."""

import pandas as pd

from datagenerator.clinical.history import ATTRIBUTES
from datagenerator.clinical.versions import Timeline, versions_of


def latest(patients: pd.DataFrame) -> pd.DataFrame:
    """Return the last recorded image of every effective date."""
    ordered = patients.sort_values(["patient_id", "effective_date", "recorded_at"])
    return ordered.drop_duplicates(["patient_id", "effective_date"], keep="last")


def test_at_least_a_tenth_of_the_patients_have_a_history(big):
    versions = big.patients.groupby("patient_id")["effective_date"].nunique()
    assert (versions > 1).mean() >= 0.10


def test_changes_are_recorded_days_later_and_some_much_later(big):
    late = (big.patients["recorded_at"] - big.patients["effective_date"]).dt.days
    assert late.min() >= 1
    assert late.median() < 10
    assert 0.02 < (late > 29).mean() < 0.20


def test_images_are_full(big):
    rest = [name for name in ATTRIBUTES if name != "death_date"]
    assert big.patients[rest].notna().all().all()


def test_what_never_changes_never_does(big):
    for name in ("birth_date", "first_name", "sex", "race", "ethnicity"):
        assert big.patients.groupby("patient_id")[name].nunique().max() == 1


def test_every_kind_of_change_occurs(big):
    for name in (
        "last_name",
        "marital_status",
        "street",
        "state",
        "payer_id",
        "pcp_provider_id",
        "death_date",
    ):
        changes = latest(big.patients).groupby("patient_id")[name].nunique(dropna=False)
        assert (changes > 1).sum() >= 5, f"{name} hardly changes"


def test_nothing_changes_after_death(big):
    dead = big.patients[big.patients["death_date"].notna()]
    assert (dead["effective_date"] == dead["death_date"]).all()
    after = big.patients.merge(dead[["patient_id", "death_date"]].drop_duplicates(), on="patient_id")
    assert (after["effective_date"] <= after["death_date_y"]).all()


def test_encounters_are_paid_by_the_payer_in_force(big):
    images = latest(big.patients).sort_values("effective_date")
    visits = big.encounters.sort_values("admitted_at")[["patient_id", "admitted_at", "payer_id"]]
    joined = pd.merge_asof(
        visits,
        images.assign(effective_date=images["effective_date"].astype("datetime64[s]")),
        left_on="admitted_at",
        right_on="effective_date",
        by="patient_id",
    )
    # A change that happened but is not recorded yet is in force all the same.
    assert (joined["payer_id_x"] == joined["payer_id_y"]).mean() > 0.98


def test_medicare_begins_at_65(big):
    first = big.patients.drop_duplicates("patient_id")
    born = big.encounters["patient_id"].map(first.set_index("patient_id")["birth_date"])
    age = (big.encounters["admitted_at"] - born).dt.days / 365.25
    medicare = big.encounters["payer_id"].isin(["PAY001", "PAY002", "PAY003"])
    assert medicare[age > 65.2].mean() > 0.9
    assert medicare[age < 64.8].mean() < 0.1


def test_a_late_change_is_written_into_later_versions_again():
    changes = pd.DataFrame(
        [
            (0, 10, 1_000, "Elm 1", "A"),
            (0, 30, 3_100, None, "B"),
            (0, 20, 9_000, "Oak 2", None),  # moved on day 20, told long after day 30 was recorded
        ],
        columns=["patient", "effective", "recorded", "street", "payer_id"],
    )
    found = versions_of(changes)[["effective", "recorded", "street", "payer_id"]]
    assert found.to_numpy().tolist() == [
        [10, 1_000, "Elm 1", "A"],
        [20, 9_000, "Oak 2", "A"],
        [30, 3_100, "Elm 1", "B"],
        [30, 9_000, "Oak 2", "B"],
    ]


def test_a_correction_replaces_under_the_same_effective_date():
    changes = pd.DataFrame(
        [(0, 10, 1_000, "Elm 1", "A"), (0, 10, 2_000, "Elm 2", None)],
        columns=["patient", "effective", "recorded", "street", "payer_id"],
    )
    found = versions_of(changes)[["effective", "recorded", "street", "payer_id"]]
    assert found.to_numpy().tolist() == [[10, 1_000, "Elm 1", "A"], [10, 2_000, "Elm 2", "A"]]


def test_the_timeline_gives_the_value_in_force():
    changes = pd.DataFrame({"patient": [0, 0, 1], "effective": [10, 20, 5], "payer_id": ["A", "B", "C"]})
    line = Timeline(changes, "payer_id")
    patient, day = pd.Series([0, 0, 0, 1]).to_numpy(), pd.Series([10, 19, 20, 99]).to_numpy()
    assert line.at(patient, day).tolist() == ["A", "A", "B", "C"]
