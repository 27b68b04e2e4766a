"""No single column gives fraud away; what a claim is to its provider and patient does."""

import numpy as np
import pandas as pd
import pytest

from datagenerator.money.fraud import (
    DUPLICATE,
    IMPOSSIBLE_DAY,
    KICKBACK,
    PHANTOM,
    SCHEMES,
    UNBUNDLING,
    UPCODING,
)

CODES = (
    "claim_form", "place_of_service", "diagnosis_code", "procedure_code", "modifier", "claim_status",
    "denial_code", "claim_version", "payer_id",
)  # fmt: skip
NUMBERS = ("units", "billed_amount", "allowed_amount", "paid_amount", "patient_amount")
TIMES = ("service_from", "service_to", "submitted_at", "adjudicated_at", "updated_at")
# Who it was: fraud is the work of few, so that numbers of persons tell of them; what must not be told by a
# number is whether one is given.
PERSONS = ("provider_id", "facility_id", "referring_provider_id", "patient_id", "encounter_id")
MANY, SURE = 60, 0.7
HIDDEN = 0.9


def auroc(score, is_fraud):
    """Return the chance that fraud has the larger score, ties counting half (Mann-Whitney)."""
    ranks = pd.Series(np.asarray(score, dtype=float)).rank().to_numpy()
    fraud = int(is_fraud.sum())
    return (ranks[is_fraud].sum() - fraud * (fraud + 1) / 2) / (fraud * (len(ranks) - fraud))


def either(score, is_fraud):
    found = auroc(score, is_fraud)
    return max(found, 1 - found)


def by_value(values, is_fraud):
    """Return the share of fraud of each row's value, told by the other half of the rows."""
    half = np.arange(len(values)) % 2 == 0
    rows = pd.DataFrame({"value": values.fillna("-").to_numpy(), "fraud": is_fraud})
    prior = is_fraud.mean()
    told = np.zeros(len(rows))
    for part in (half, ~half):
        known = rows[~part].groupby("value")["fraud"].agg(["sum", "count"])
        share = (known["sum"] + 20 * prior) / (known["count"] + 20)
        told[part] = rows.loc[part, "value"].map(share).fillna(prior)
    return told


def against_honest(claims, scheme):
    rows = claims[claims["_scheme"].isin(["", scheme])].sort_values("claim_id")
    return rows, (rows["_scheme"] == scheme).to_numpy()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_column_alone_tells_a_scheme(initial, scheme):
    rows, is_fraud = against_honest(initial, scheme)
    found = {name: auroc(by_value(rows[name], is_fraud), is_fraud) for name in CODES}
    found |= {name: either(rows[name].fillna(-1).astype(float), is_fraud) for name in NUMBERS}
    found |= {name: either(rows[name].astype("int64"), is_fraud) for name in TIMES}
    found |= {f"{name} given": either(rows[name].notna(), is_fraud) for name in PERSONS}
    assert {name: value for name, value in found.items() if value > HIDDEN} == {}


@pytest.mark.parametrize("name", [*CODES, "units", *PERSONS])
def test_no_common_value_means_fraud(initial, name):
    shares = (initial["_scheme"] != "").groupby(initial[name]).agg(["mean", "count"])
    common = shares[shares["count"] >= MANY]
    assert common[common["mean"] > SURE].to_dict("index") == {}


def within(claims, *keys):
    return claims.groupby(list(keys), dropna=False)["claim_id"].transform("size").to_numpy(float)


def price(claims):
    """Return the price of each claim relative to others of its kind, in logarithms."""
    amount = np.log(claims["billed_amount"].abs().astype(float).clip(lower=1))
    kind = [claims["claim_form"], claims["place_of_service"].fillna("-"), claims["_type"]]
    return amount - amount.groupby(kind).transform("median")


def signs(claims):
    """Return for each scheme a sign made of several columns, over claims of one extract."""
    rows = claims.sort_values("claim_id")
    visited = set(zip(rows["patient_id"], rows["admitted_at"].dt.normalize(), strict=True))
    day = zip(rows["patient_id"], rows["service_from"], strict=True)
    unseen = np.array([one not in visited for one in day])
    pair = within(rows, "referring_provider_id", "facility_id")
    referred = within(rows, "referring_provider_id")
    dear = price(rows)
    return {
        UPCODING: dear,
        UNBUNDLING: within(rows, "patient_id", "provider_id", "service_from"),
        PHANTOM: unseen & rows["referring_provider_id"].isna(),
        DUPLICATE: within(rows, "patient_id", "facility_id", "procedure_code", "_encounter", "_rank"),
        IMPOSSIBLE_DAY: within(rows, "provider_id", "service_from"),
        KICKBACK: np.where(rows["referring_provider_id"].notna(), pair * pair / referred, 0),
    }


def test_each_scheme_shows_in_what_a_claim_is_to_others(initial):
    rows = initial.sort_values("claim_id")
    found = {}
    for scheme, sign in signs(initial).items():
        some = rows["_scheme"].isin(["", scheme]).to_numpy()
        found[scheme] = auroc(np.asarray(sign)[some], (rows["_scheme"] == scheme).to_numpy()[some])
    # A claim a level too high is no dearer than many an honest one, so its sign is weak: here it need only be
    # no chance, four standard errors of the statistic without a signal.
    upcoded = int((rows["_scheme"] == UPCODING).sum())
    least = {UPCODING: 0.5 + 4 / np.sqrt(12 * upcoded), PHANTOM: 0.7}
    assert {s: value for s, value in found.items() if value < least.get(s, 0.8)} == {}
