"""Keys are unique, gold holds what silver holds, and every reference leads where it should."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from carelake.verify import keys, references
from carelake.verify.check import Check
from carelake.verify.tables import LakeTables
from tests.truth.verify.small_lake import REGISTRY, at, read, write

CLAIMS = "gold/fact_claims"


def unique(data: Path, table: str) -> Check:
    return keys.unique(REGISTRY.contracts[table], LakeTables(data / "lake"))


def grains(data: Path) -> dict[str, Check]:
    return {check.name: check for check in keys.grains(REGISTRY, LakeTables(data / "lake"))}


def money(data: Path) -> dict[str, Check]:
    return {check.name: check for check in keys.money(LakeTables(data / "lake"), REGISTRY)}


def resolved(data: Path, table: str, column: str, known_unknown: pl.DataFrame | None = None) -> Check:
    tables = LakeTables(data / "lake")
    contract = REGISTRY.contracts["silver/encounters"]
    link = next(x for x in references.links(REGISTRY) if (x.table, x.column) == (f"gold/{table}", column))
    flagged = references.unresolved(contract, tables) if known_unknown is None else known_unknown
    return references.resolved(link, tables, flagged)


def counts(check: Check) -> tuple[int | None, ...]:
    return check.expected, check.missing, check.false_alarms


def change(data: Path, table: str, **values: object) -> None:
    """Change the first row of a table."""
    rows = sorted(read(data, table), key=str)
    write(data, table, [rows[0] | values, *rows[1:]])


def test_a_sound_lake_passes(data):
    assert {check.status for check in [*grains(data).values(), *money(data).values()]} == {"ok"}
    assert unique(data, "silver/patients").status == "ok"


def test_a_key_twice_is_told_whatever_else_the_rows_say(data):
    rows = read(data, "silver/facilities")
    write(data, "silver/facilities", [*rows, {**rows[0], "name": "Other"}])
    found = unique(data, "silver/facilities")
    assert counts(found) == (2, 0, 1)
    assert found.detail == "1 rows whose facility_id is there already"


def test_a_row_without_a_key_is_told(data):
    change(data, "silver/patients", recorded_at=None)
    assert counts(unique(data, "silver/patients")) == (3, 1, 0)


def test_a_row_that_gold_lost_is_missing(data):
    write(data, CLAIMS, read(data, CLAIMS)[:1])
    assert counts(grains(data)["grain/gold/fact_claims"]) == (2, 1, 0)


def test_a_row_that_gold_invented_is_a_false_alarm(data):
    write(data, CLAIMS, [*read(data, CLAIMS), {"claim_id": "C9"}])
    assert counts(grains(data)["grain/gold/fact_claims"]) == (2, 0, 1)


def test_an_attribute_that_gold_changed_is_told(data):
    change(data, CLAIMS, service_from=date(2024, 2, 2))
    found = grains(data)["values/gold/fact_claims"]
    assert counts(found) == (2, 1, 1)
    assert found.detail == "another value than in silver/claims: service_from in 1 rows"


def test_an_attribute_that_gold_lost_is_told(data):
    change(data, "gold/fact_encounters", discharged_at=None)
    assert counts(grains(data)["values/gold/fact_encounters"]) == (1, 1, 1)


def test_only_rows_from_the_same_source_are_held_against_it(data):
    measure = {"facility_id": "F1", "measure_id": "M", "period_start": date(2024, 1, 1)}
    write(data, "silver/cms_measures", [measure])
    write(data, "gold/fact_quality_measures", [{**measure, "source": "hai_data"}])
    assert counts(grains(data)["grain/gold/fact_quality_measures"]) == (1, 1, 0)
    write(data, "gold/fact_quality_measures", [{**measure, "source": "cms_measures"}])
    assert counts(grains(data)["grain/gold/fact_quality_measures"]) == (1, 0, 0)


@pytest.mark.parametrize("column", ["billed_amount", "net_billed_amount"])
def test_a_cent_too_few_in_gold_is_missing(data, column):
    rows = sorted(read(data, CLAIMS), key=lambda row: row["claim_id"])
    rows[0][column] -= Decimal("0.01")
    write(data, CLAIMS, rows)
    assert counts(money(data)[f"money/fact_claims.{column}"]) == (200025, 1, 0)


def test_nets_on_every_version_count_twice(data):
    rows = [row | {"net_billed_amount": Decimal("2000.25")} for row in read(data, CLAIMS)]
    write(data, CLAIMS, rows)
    assert counts(money(data)["money/fact_claims.net_billed_amount"]) == (200025, 0, 200025)


def test_a_flagged_value_needs_no_dimension_row(data):
    found = resolved(data, "fact_encounters", "payer_sk")
    assert counts(found) == (1, 0, 0)
    assert found.detail == "1 flagged: not in gold/dim_payer"


def test_a_value_that_nobody_flagged_needs_one(data):
    found = resolved(data, "fact_encounters", "payer_sk", references.NOTHING)
    assert counts(found) == (1, 1, 0)
    assert found.detail == "1 rows lead to nothing in gold/dim_payer and aren't flagged"


def test_a_key_that_leads_to_another_row_than_its_natural_key_is_astray(data):
    change(data, CLAIMS, payer_sk="y2")
    found = resolved(data, "fact_claims", "payer_sk")
    assert counts(found) == (2, 0, 1)
    assert found.detail == "1 rows lead to another payer_id than their payer_id"


def test_a_value_without_a_key_is_missing(data):
    change(data, CLAIMS, payer_sk=None)
    assert counts(resolved(data, "fact_claims", "payer_sk")) == (2, 1, 0)


def test_keys_without_a_natural_key_beside_them_must_resolve(data):
    change(data, CLAIMS, service_date_key=20240202, claim_group_id="C7")
    assert counts(resolved(data, "fact_claims", "service_date_key")) == (2, 1, 0)
    assert counts(resolved(data, "fact_claims", "claim_group_id")) == (2, 1, 0)


def test_surrogate_keys_are_held_against_the_natural_keys_beside_them():
    links = {(x.table, x.column): x for x in references.links(REGISTRY) if x.column.endswith("_sk")}
    without = {f"{table}.{column}" for (table, column), link in links.items() if link.natural is None}
    principal = links["gold/fact_encounters", "principal_diagnosis_sk"]
    procedure = links["gold/fact_procedures", "procedure_sk"]
    assert without == set()
    assert (principal.natural, principal.target_natural) == ("principal_diagnosis_code", "diagnosis_code")
    assert (procedure.natural, procedure.target_natural) == ("procedure_code", "procedure_code")


def test_a_dimension_may_refer_to_another(data):
    change(data, "gold/dim_patient", payer_id="PAY")
    assert counts(resolved(data, "dim_patient", "payer_id")) == (1, 0, 0)
    change(data, "gold/dim_patient", payer_id="NO")
    assert counts(resolved(data, "dim_patient", "payer_id")) == (1, 1, 0)


def test_a_patient_key_of_another_patient_is_astray(data):
    change(data, CLAIMS, patient_sk="s3")
    assert counts(resolved(data, "fact_claims", "patient_sk")) == (2, 0, 1)


def test_a_patient_without_a_version_refers_to_none(data):
    change(data, CLAIMS, patient_sk=None)
    assert counts(resolved(data, "fact_claims", "patient_sk")) == (1, 0, 0)


def in_force(data: Path, table: str = CLAIMS) -> Check:
    return references.in_force(table, LakeTables(data / "lake"))


def test_facts_carry_the_version_in_force(data):
    assert counts(in_force(data)) == (2, 0, 0)
    assert counts(in_force(data, "gold/fact_encounters")) == (1, 0, 0)


def test_a_missing_version_is_missed(data):
    change(data, CLAIMS, patient_sk=None)
    assert counts(in_force(data)) == (2, 1, 0)


def test_the_current_version_is_not_the_one_in_force_then(data):
    change(data, CLAIMS, patient_sk="s2")
    assert counts(in_force(data)) == (2, 0, 1)


def test_a_version_ends_before_the_day_it_is_valid_to(data):
    change(data, CLAIMS, service_from=date(2024, 5, 1))
    assert counts(in_force(data)) == (2, 0, 1)
    change(data, CLAIMS, service_from=date(2024, 4, 30))
    assert counts(in_force(data)) == (2, 0, 0)


def test_an_event_before_the_first_version_has_none(data):
    change(data, "gold/fact_encounters", admitted_at=at("2023-12-31 23:00"))
    assert counts(in_force(data, "gold/fact_encounters")) == (0, 0, 1)
    change(data, "gold/fact_encounters", patient_sk=None)
    found = in_force(data, "gold/fact_encounters")
    assert (found.status, found.detail) == ("ok", "1 rows lie before the patient's first version")


def test_a_fact_that_verify_does_not_know_is_not_passed_over(data):
    assert in_force(data, "gold/fact_beds").status == "not_checked"


def test_every_fact_with_a_patient_has_a_day():
    facts = {link.table for link in references.links(REGISTRY) if link.column == references.PATIENT_KEY}
    assert facts == set(references.EVENT_DAYS)
