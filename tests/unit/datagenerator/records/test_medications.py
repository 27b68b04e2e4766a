"""Medications: what they must agree with, and what a clinician would expect of them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.catalogue import reference, table
from datagenerator.clinical import simulate
from datagenerator.organisations import providers
from datagenerator.periods import known_in
from datagenerator.records.administered import administered
from datagenerator.records.medications import medications
from datagenerator.records.supplies import adherence
from datagenerator.records.therapies import uses

MONEY = ["base_cost", "total_cost", "payer_paid_amount", "patient_paid_amount"]


@pytest.fixture(scope="module")
def dispensed(supplied):
    """Supplies of pharmacies, each with the therapy it belongs to."""
    rows = supplied[2]
    rows = rows[rows["source"] == "dispensed"]
    return rows.assign(therapy=rows["medication_id"].str[1:-3]).sort_values(["therapy", "started_on"])


def drug(name: str) -> set[str]:
    codes = reference("drug_codes")
    return set(codes.loc[codes["ingredient"] == name, "drug_code"])


def test_more_deliveries_leave_the_first_as_it_was(supplied):
    arguments, _, rows = supplied
    alone = medications(simulate(arguments, blocks(arguments)[0], 0), arguments, 0)
    first = rows[rows["_known"] == 0]
    pd.testing.assert_frame_equal(
        alone.sort_values("medication_id", ignore_index=True),
        first.sort_values("medication_id", ignore_index=True),
        check_dtype=False,
    )
    assert set(rows["_known"]) == {0, 1, 2}


def test_a_bill_that_began_first_and_is_closed_later_takes_no_drugs_from_the_one_told(supplied):
    arguments, care, _ = supplied
    given = administered(care, arguments)
    told = given[given["medication_id"].str.contains("A") & (given["_known"] == 0)]
    number = told["encounter_id"].iloc[0]
    bill = care.encounters[care.encounters["encounter_id"] == number]
    earlier = bill.assign(
        encounter_id=number[:-4] + "9999", admitted_at=bill["admitted_at"] - pd.Timedelta(days=1), _known=1
    )
    both = replace(care, encounters=pd.concat([care.encounters, earlier], ignore_index=True))
    kept = administered(both, arguments)
    assert set(kept["medication_id"]) == set(given["medication_id"])


def test_a_row_is_told_in_the_period_in_which_it_was_written(supplied):
    arguments, _, rows = supplied
    assert rows["medication_id"].is_unique
    assert (known_in(rows["updated_at"], arguments, 2) == rows["_known"]).all()
    assert (rows["started_on"] <= rows["updated_at"]).all()
    assert (rows["ordered_at"].dt.normalize() <= rows["started_on"]).all()
    assert (rows["ordered_at"] <= rows["updated_at"]).all()


def test_references_lead_somewhere(supplied):
    arguments, care, rows = supplied
    ordered = rows[rows["encounter_id"].notna()]
    owners = care.encounters.drop_duplicates("encounter_id").set_index("encounter_id")["patient_id"]
    assert (ordered["encounter_id"].map(owners) == ordered["patient_id"]).all()
    assert set(rows["provider_id"]) <= set(providers(arguments)["provider_id"])
    assert set(rows["payer_id"]) <= set(reference("payers")["payer_id"])
    assert set(rows["drug_code"]) <= set(reference("drug_codes")["drug_code"])
    assert set(rows["patient_id"]) <= set(care.patients["patient_id"])


def test_every_drug_that_a_procedure_bills_was_given_once(supplied):
    _, care, rows = supplied
    codes = reference("drug_codes").query("hcpcs_code != ''").set_index("hcpcs_code")["drug_code"]
    billed = care.procedures[care.procedures["procedure_code"].str.startswith("J")]
    given = rows.set_index("medication_id").loc[billed["procedure_id"]]
    assert len(billed) > 100
    assert (given["source"] == "administered").all()
    assert given["drug_code"].tolist() == billed["procedure_code"].map(codes).tolist()
    for ours, theirs in (("encounter_id", "encounter_id"), ("quantity", "quantity")):
        assert given[ours].tolist() == billed[theirs].tolist()
    assert given["started_on"].tolist() == billed["performed_at"].dt.normalize().tolist()
    outside = care.encounters.loc[care.encounters["encounter_type"] != "inpatient", "encounter_id"]
    assert rows["encounter_id"].isin(outside)[rows["source"] == "administered"].sum() == len(billed)


def test_amounts_add_up_and_who_has_no_plan_pays_all(supplied):
    _, _, rows = supplied
    assert (rows[MONEY] >= 0).all(axis=None)
    assert (rows["payer_paid_amount"] + rows["patient_paid_amount"] == rows["total_cost"]).all()
    assert (rows["total_cost"] - rows["base_cost"] == 1_000 * (rows["source"] == "dispensed")).all()
    without = rows["payer_id"] == "PAY009"
    assert without.any()
    assert (rows.loc[without, "payer_paid_amount"] == 0).all()
    assert rows.loc[~without, "patient_paid_amount"].max() <= 12_000


def test_few_patients_cost_most(supplied):
    totals = supplied[2].groupby("patient_id")["total_cost"].sum().sort_values()
    assert 0.35 < totals.iloc[-len(totals) // 20 :].sum() / totals.sum() < 0.80


def test_patients_cover_the_days_that_their_adherence_says(supplied, dispensed):
    arguments, care, _ = supplied
    trait = adherence(care.people, arguments)
    assert trait.between(0.5, 0.95).all()
    assert 0.72 < trait.mean() < 0.82
    frailty = care.people.set_index("patient_id")["frailty"]
    assert np.corrcoef(trait, frailty.loc[trait.index])[0, 1] < -0.2
    spans = dispensed.groupby("therapy").agg(
        patient=("patient_id", "first"),
        first=("started_on", "min"),
        last=("started_on", "max"),
        supplied=("days_supply", "sum"),
        final=("days_supply", "last"),
        fills=("days_supply", "size"),
    )
    long = spans[spans["fills"] >= 5]
    covered = (long["supplied"] - long["final"]).sum()
    asked = ((long["last"] - long["first"]).dt.days * long["patient"].map(trait)).sum()
    assert covered / asked == pytest.approx(1.0, abs=0.05)


def test_nothing_is_dispensed_in_hospital_or_after_death(supplied, dispensed):
    _, care, _ = supplied
    pairs = dispensed.merge(care.stays[["patient_id", "admitted_at", "discharged_at"]], on="patient_id")
    inside = pairs["started_on"].between(
        pairs["admitted_at"].dt.normalize(), pairs["discharged_at"].dt.normalize(), inclusive="left"
    )
    assert len(pairs)
    assert not inside.any()
    died = dispensed["patient_id"].map(care.people.set_index("patient_id")["death_date"])
    assert died.notna().any()
    assert (dispensed["started_on"] < died)[died.notna()].all()


def test_maintenance_follows_the_condition(supplied, dispensed):
    """Levothyroxine is taken for an underactive thyroid alone, and not before it."""
    people = supplied[1].people.set_index("patient_id")
    rows = dispensed[dispensed["drug_code"].isin(drug("levothyroxine"))]
    onset = rows["patient_id"].map(people["onset_hypothyroidism"])
    assert len(rows) > 20
    assert (onset <= rows["started_on"]).all()
    metformin = dispensed[dispensed["drug_code"].isin(drug("metformin"))]
    assert metformin["patient_id"].map(people["code_diabetes"]).str.startswith("E11").all()


def test_refills_are_numbered_within_a_prescription(dispensed):
    first = dispensed.groupby(["therapy", "ordered_at"])["fill_number"].min()
    assert (first == 0).all()
    assert (dispensed["fill_number"] * dispensed["days_supply"] <= 360).all()
    waits = (dispensed["started_on"] - dispensed["ordered_at"].dt.normalize()).dt.days
    assert waits[dispensed["fill_number"] == 0].quantile(0.99) <= 45
    assert 0.05 < dispensed["encounter_id"].notna().mean() < 0.5


def test_after_a_heart_attack_most_take_a_statin(supplied, dispensed):
    _, care, _ = supplied
    home = care.encounters[care.encounters["_reason"] == "myocardial_infarction"]
    home = home[home["discharge_disposition"].isin(["01", "06"])]
    reporting = home[home["patient_id"].isin(dispensed["patient_id"])]
    statins = dispensed[dispensed["drug_code"].isin(drug("atorvastatin") | drug("simvastatin"))]
    assert len(reporting) > 5
    assert reporting["patient_id"].isin(statins["patient_id"]).mean() > 0.6


def test_children_get_no_opioids_from_pharmacies(supplied, dispensed):
    codes = reference("drug_codes").query("drug_class == 'opioid'")["drug_code"]
    rows = dispensed[dispensed["drug_code"].isin(codes)]
    born = rows["patient_id"].map(supplied[1].people.set_index("patient_id")["birth_date"])
    assert len(rows) > 5
    assert ((rows["started_on"] - born).dt.days > 18 * 365).all()


def test_the_catalogue_of_use_is_whole():
    lines = table("drug_use")
    known = set(reference("drug_codes")["drug_code"])
    assert set(lines["drug_code"]) <= known == set(table("drug_prices")["drug_code"])
    shares = lines.groupby(["use", "name", "diagnosis", "line"])["probability"].sum()
    assert shares.max() <= 1
    assert set(uses("chronic")["name"]) <= set(table("chronic")["condition"])
    assert set(uses("discharge")["name"]) | set(uses("stay")["name"]) <= set(table("admissions")["reason"])


@pytest.mark.parametrize("seed", [0, 1])
def test_a_single_patient_may_take_nothing(seed):
    alone = replace(Arguments(), patients=1, encounters=2, providers=5, facilities=3, seed=seed)
    rows = medications(simulate(alone, blocks(alone)[0], 0), alone, 0)
    assert len(rows) < 100
