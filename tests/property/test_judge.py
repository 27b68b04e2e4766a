"""The judgement of claims against an oracle in plain Python, and the laws that incremental runs stand on."""

import re
from collections import Counter, defaultdict
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import functions as F

from carelake.quality.judge import judge, key_of, scope_of
from carelake.scopes import NO_SCOPE, SCOPE, restrict, with_linked
from tests.builders import bronze, delivered
from tests.tables import contract, table

CLAIMS = contract("silver/claims")
PATIENTS = [f"P{n}" for n in range(1, 13)]
ENCOUNTERS = {f"E{n}": f"P{n}" for n in range(1, 9)}
MALFORMED = {"_rescued": '{"_malformed": "column_count", "_line": "x,y"}'}

claim_ids = st.sampled_from(["c2 ", "", *(f"C{n}" for n in range(1, 25))])
times = st.sampled_from(
    ["2024-04-01 00:00:00", "2024-04-02T00:00:00Z", "04/03/2024", "2024-04-04 00:00:00", "", "soon"]
)
rows = st.one_of(
    st.builds(
        lambda **texts: delivered("claims", **texts),
        claim_id=claim_ids,
        patient_id=st.sampled_from([*PATIENTS, "p1", "P99", ""]),
        encounter_id=st.sampled_from(["", "", "", *ENCOUNTERS, "E99"]),
        claim_version=st.sampled_from(["original", "original", "adjustment", "void"]),
        original_claim_id=st.sampled_from(["", "", "C1", "C2", "C3", "c4"]),
        billed_amount=st.sampled_from(["10.00", "10.00", "$1,000.00", "-5.00", "ten", ""]),
        updated_at=times,
    ),
    st.just(MALFORMED),
)
batches = st.lists(rows, min_size=60, max_size=120)
"""A judgement costs a second whatever its size, so there are few examples of many rows."""


def known_parents(spark):
    encounters = [{"patient_id": patient, "encounter_id": e} for e, patient in ENCOUNTERS.items()]
    patients = [{"patient_id": patient} for patient in PATIENTS]
    return {
        "patients": table(spark, "silver/patients", patients),
        "encounters": table(spark, "silver/encounters", encounters),
    }


def read_time(text):
    for pattern in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%m/%d/%Y"):
        try:
            return datetime.strptime(text, pattern)
        except ValueError:
            continue
    return None


class Claim:
    """A delivered row as the oracle reads it."""

    def __init__(self, row):
        self.is_malformed = "_rescued" in row
        text = {} if self.is_malformed else {name: value.strip().upper() for name, value in row.items()}
        self.id, self.patient = text.get("claim_id"), text.get("patient_id")
        self.encounter, self.original = text.get("encounter_id"), text.get("original_claim_id")
        self.at = read_time(row.get("updated_at", ""))
        self.reasons = {"column_count"} if self.is_malformed else self._own_reasons(text)

    def _own_reasons(self, text):
        amount = re.sub(r"[$,]", "", text["billed_amount"])
        is_number = bool(re.fullmatch(r"-?\d+\.\d\d", amount))
        is_reversal = text["claim_version"] == "VOID"
        is_orphan = bool(self.patient) and self.patient not in PATIENTS
        is_orphan |= bool(self.encounter) and ENCOUNTERS.get(self.encounter) != self.patient
        faults = {
            "claim_id_missing": not self.id,
            "patient_id_missing": not self.patient,
            "billed_amount_missing": not amount,
            "billed_amount_unparseable": bool(amount) and not is_number,
            "billed_amount_negative": is_number and amount.startswith("-") and not is_reversal,
            "original_claim_missing": text["claim_version"] != "ORIGINAL" and not self.original,
            "updated_at_missing": not text["updated_at"],
            "updated_at_unparseable": bool(text["updated_at"]) and self.at is None,
            "orphan": is_orphan,
        }
        return {reason for reason, applies in faults.items() if applies}


def expected(batch):
    """Return the claims with all their reasons, and per key the time of its latest sound row."""
    claims = [Claim(row) for row in batch]
    originals = {(c.patient, c.id) for c in claims if not c.original and not c.reasons}
    for claim in claims:
        if claim.original and (claim.patient, claim.original) not in originals:
            claim.reasons.add("orphan")
    latest = {}
    for claim in claims:
        if claim.id and not claim.reasons:
            latest[claim.id] = max(claim.at, latest.get(claim.id, claim.at))
    return claims, latest


def check(batch, judgements):
    claims, latest = expected(batch)
    winners = Counter()
    for claim, found in zip(claims, judgements, strict=True):
        assert set(found["_reasons"]) == claim.reasons
        best = latest.get(claim.id)
        if claim.reasons:
            is_replaced = best is not None and (claim.at is None or claim.at <= best)
            assert found["_outcome"] == ("superseded" if is_replaced else "quarantine")
        elif claim.at < best:
            assert found["_outcome"] == "superseded"
        else:
            assert found["_outcome"] in ("silver", "superseded")
            winners[claim.id] += found["_outcome"] == "silver"
    assert winners == Counter(dict.fromkeys(latest, 1)), "each key with a sound row has one row in silver"


def judged(spark, frame):
    return judge(CLAIMS, frame, known_parents(spark))


def outcome_of(found):
    """Return what must not depend on the arrival: silver's values, the quarantine's texts and reasons."""
    silver = Counter(
        tuple(row[name] for name in CLAIMS.names) for row in found if row["_outcome"] == "silver"
    )
    bad = [(row["_raw"], tuple(row["_reasons"])) for row in found if row["_outcome"] == "quarantine"]
    return silver, Counter(bad)


@given(batches, st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_the_judgement_is_the_oracle_s_in_any_order_files_and_partitions(spark, batch, random):
    whole = judged(spark, bronze(spark, "claims", batch)).orderBy("_source_row").collect()
    check(batch, whole)
    places = [{"_source_file": random.choice(["a.csv", "2025-02-01/a.csv"])} for _ in batch]
    shuffled = [place | row for place, row in zip(places, random.sample(batch, len(batch)), strict=True)]
    again = judged(spark, bronze(spark, "claims", shuffled).repartition(3)).collect()
    assert outcome_of(again) == outcome_of(whole)


def closed(batch, touched):
    """Close a set of patients under shared keys, in plain Python."""
    claims = [Claim(row) for row in batch]
    of_key = defaultdict(set)
    for claim in claims:
        if claim.id:
            of_key[claim.id].add(claim.patient or NO_SCOPE)
    while more := {p for found in of_key.values() if found & touched for p in found} - touched:
        touched |= more
    return touched


@given(batches, st.sets(st.sampled_from([*PATIENTS, "P99", NO_SCOPE]), min_size=1, max_size=2))
@settings(max_examples=4)
def test_restriction_to_a_closed_set_of_scopes_commutes(spark, batch, chosen):
    frame = bronze(spark, "claims", batch)
    links = frame.select(scope_of(CLAIMS).alias(SCOPE), key_of(CLAIMS).alias("_key"))
    touched = with_linked(spark.createDataFrame([(scope,) for scope in chosen], f"{SCOPE} string"), links)
    assert {row[0] for row in touched.collect()} == closed(batch, set(chosen))

    parents = {
        name: restrict(parent, F.col("patient_id"), touched) for name, parent in known_parents(spark).items()
    }
    part = judge(CLAIMS, restrict(frame, scope_of(CLAIMS), touched), parents)
    whole = restrict(judged(spark, frame), F.col(SCOPE), touched)
    assert_equal_judgements(part, whole)


def assert_equal_judgements(one, other):
    columns = ["_source_row", "_outcome", "_reasons", "_raw", "_warnings", "_row_hash"]
    found, whole = (frame.select(columns).orderBy("_source_row").collect() for frame in (one, other))
    assert found == whole


def test_the_oracle_notices_a_wrong_outcome(spark):
    batch = [delivered("claims", encounter_id=""), delivered("claims", encounter_id="", billed_amount="ten")]
    found = judged(spark, bronze(spark, "claims", batch)).orderBy("_source_row").collect()
    check(batch, found)
    with pytest.raises(AssertionError):
        check(batch, list(reversed(found)))
