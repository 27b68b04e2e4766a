"""The truth the generator writes agrees with an independent judge of the files it delivers."""

import csv
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from datagenerator.arguments import Arguments
from datagenerator.extract.install import generate_into
from tests.truth import judge

CASES = [
    Arguments(
        patients=160, encounters=800, claims=1600, facilities=12, providers=40, defect_rate=0.04, seed=1
    ),
    Arguments(
        patients=510, encounters=1500, claims=2600, facilities=50, providers=60, defect_rate=0.02, seed=2
    ),
    Arguments(
        patients=120,
        encounters=500,
        claims=700,
        facilities=5,
        providers=20,
        defect_rate=0.1,
        seed=3,
        end=date(2023, 5, 10),
    ),
]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"seed {case.seed}")
def generated(request, tmp_path_factory):
    """A small generation with three deliveries, made in blocks of 200 patients, judged."""
    output = tmp_path_factory.mktemp("generated") / "landing_zone"
    arguments = replace(request.param, output=output, workers=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("datagenerator.blocks.PATIENTS_PER_BLOCK", 200)
        generate_into(arguments, 3, 0)
    return arguments, judge.judge(output)


@pytest.fixture(scope="module")
def listed(generated):
    """Rules of each row in defects.csv by severity."""
    rules = defaultdict(lambda: defaultdict(set))
    for line in table(generated[0].truth / "defects.csv"):
        rules[line["severity"]][line["file"], int(line["row"])].add(line["rule"])
    return rules


def rows_of(generated):
    return [row for rows in generated[1].values() for row in rows]


def test_quarantine_is_exactly_the_listed_error_rows(generated, listed):
    found = {(row.file, row.number): row.errors for row in rows_of(generated) if row.fate == "quarantined"}
    assert set(found) == set(listed["error"])
    unexplained = {
        place: rules - found[place] for place, rules in listed["error"].items() if rules - found[place]
    }
    assert unexplained == {}


def test_superseded_rows_are_exactly_the_listed_duplicates(generated, listed):
    found = {(row.file, row.number) for row in rows_of(generated) if row.fate == "superseded"}
    assert found == set(listed["duplicate"])
    assert set().union(*listed["duplicate"].values()) == {"superseded"}


def test_kept_rows_carry_exactly_the_listed_warnings(generated, listed):
    found = {(r.file, r.number): r.warnings for r in rows_of(generated) if r.fate == "kept" and r.warnings}
    planted = {
        place: {rule for rule in rules if not rule.endswith("_unresolved")}
        for place, rules in listed["warning"].items()
    }
    assert found == {place: rules for place, rules in planted.items() if rules}


def test_what_supersedes_a_row_belongs_to_the_same_patient(generated):
    kept, superseded = {}, []
    for row in rows_of(generated):
        if row.table in judge.ORDER and row.has_key:
            key = (row.table, judge.key_of(row, judge.contract(row.table)["properties"]))
            if row.fate == "kept":
                kept[key] = row.values["patient_id"]
            elif row.fate == "superseded":
                superseded.append((key, row.values["patient_id"]))
    assert superseded
    assert [key for key, patient in superseded if kept[key] != patient] == []


def test_history_is_what_the_kept_patient_rows_imply(generated):
    expected = judge.histories(generated[1]["patients"])
    assert table(generated[0].truth / "patient_history.csv") == expected


def test_stays_are_told_of_kept_inpatient_rows_alone(generated):
    inpatient = {
        row.values["encounter_id"]
        for row in generated[1]["encounters"]
        if row.fate == "kept" and row.values["encounter_type"] == "inpatient"
    }
    told = {line["encounter_id"] for line in table(generated[0].truth / "stays.csv")}
    assert told
    assert told <= inpatient


def test_every_delivered_claim_is_listed_once(generated):
    delivered = {row.values["claim_id"] for row in generated[1]["claims"] if row.has_key}
    told = [line["claim_id"] for line in table(generated[0].truth / "claims.csv")]
    assert sorted(told) == told
    assert set(told) == delivered
    assert len(told) == len(delivered)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("patient_history", ["patient_id", "valid_from"]),
        ("stays", ["encounter_id"]),
        ("patients", ["patient_id"]),
        ("infections", ["infection_id"]),
    ],
)
def test_the_truth_is_sorted_by_key_without_repeats(generated, name, key):
    keys = [tuple(line[column] for column in key) for line in table(generated[0].truth / f"{name}.csv")]
    assert keys == sorted(set(keys))


def test_defects_are_sorted_by_file_and_row(generated):
    lines = table(generated[0].truth / "defects.csv")
    places = [(line["file"], int(line["row"]), line["rule"]) for line in lines]
    assert places == sorted(set(places))


def test_deliveries_bring_changed_late_corrected_repeated_and_backdated_rows(generated):
    later = [row for row in rows_of(generated) if "/" in row.file]
    first = {row.raw for row in rows_of(generated) if "/" not in row.file}
    assert any(row.raw in first for row in later), "repeated"
    ended = {row.values["encounter_id"] for row in later if row.table == "encounters" and row.has_key}
    pending = {
        row.values["claim_id"]
        for row in generated[1]["claims"]
        if "/" not in row.file and row.values.get("claim_status") == "pending"
    }
    assert ended
    assert pending & {row.values["claim_id"] for row in later if row.table == "claims" and row.has_key}, (
        "changed"
    )
    freed = [
        row for row in rows_of(generated) if "/" not in row.file and row.fate == "superseded" and row.errors
    ]
    assert freed, "a spoiled row of the initial extract that a later one puts right"


def test_sound_rows_of_one_key_written_at_once_are_copies(generated):
    texts = defaultdict(set)
    for row in rows_of(generated):
        if row.has_key and not row.errors:
            key = judge.key_of(row, judge.contract(row.table)["properties"])
            texts[row.table, key, row.values["updated_at"]].add(row.raw)
    assert [key for key, versions in texts.items() if len(versions) > 1] == []


@pytest.mark.parametrize(
    ("column", "known"),
    [
        ("facility_id", "facilities"),
        ("provider_id", "providers"),
        ("referring_provider_id", "providers"),
        ("pcp_provider_id", "providers"),
        ("payer_id", "payers.csv"),
        ("procedure_code", "procedure_codes.csv"),
        ("observation_code", "observation_codes.csv"),
        ("protocol_code", "treatment_protocols.csv"),
    ],
)
def test_unresolved_references_are_exactly_the_listed_ones(generated, listed, column, known):
    if known.endswith(".csv"):
        codes = {line[column] for line in table(judge.REFERENCE / known)}
    else:
        name = judge.contract(known)["properties"][0]["name"]
        codes = {row.values[name] for row in generated[1][known] if row.fate == "kept"}
    found = {
        (row.file, row.number)
        for row in rows_of(generated)
        if row.fate == "kept" and row.table != known and row.values.get(column) not in codes | {None}
    }
    told = {place for place, rules in listed["warning"].items() if f"{column}_unresolved" in rules}
    assert found == told
