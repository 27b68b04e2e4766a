"""What is found when a patient is measured: the patient's own level, conditions, the reason of admission.

A value is the mean for age and sex, plus what is the patient's own and lasts, what conditions and frailty
add, what brought the patient in (in proportion to severity), and chance. Some are added up as logarithms.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from datagenerator.catalogue import reference, table
from datagenerator.clinical.latent import CODE
from datagenerator.draws import Floats, hashes, normal
from datagenerator.world import figures

MEAN_AGE, GROWN_UP = 55.0, 18.0
# How strongly the reason shows: by severity, and by chance from one stay to the next.
BY_SEVERITY, BY_STAY = 0.35, 0.25
# Severity fades more slowly than the reason: what is left of it beyond what is left of the reason.
SLOW_TO_FADE = 0.25
STRONGEST = 1.8
BURDEN_SIGMA, BURDEN_LIMITS = 0.3, (0.6, 1.5)
SHARED, OWN = 0.6, 0.8  # of the chance of one occasion: common to values of one factor, and a value's own
LEAST_PULSE_PRESSURE = 15.0
WEIGHT, HEIGHT = "body_weight", "body_height"
SYSTOLIC, DIASTOLIC = "systolic_pressure", "diastolic_pressure"


def codes() -> pd.DataFrame:
    """Return the observation codes with their ranges as numbers, in the order of their reference table."""
    known = reference("observation_codes")
    numbers = [name for name in known if name.startswith(("usual", "plausible", "decimals"))]
    return known.assign(**{name: pd.to_numeric(known[name]) for name in numbers})


def values(rows: pd.DataFrame, occasion: str, world: str, seed: int) -> pd.DataFrame:
    """Return a column per observation code (by its short name), one row for each row of one occasion."""
    nature = table("observation_nature").set_index("short_name")
    causes = _lasting(rows, seed) + _passing(rows, occasion, world, seed)
    left = _left(rows, world)
    severity = rows["severity"].to_numpy(float) * np.where(occasion == "discharge", left + SLOW_TO_FADE, 1.0)
    found = {}
    for number, (name, line) in enumerate(nature.iterrows()):
        usual = np.where(rows["sex"] == "F", line["female"], line["male"]).astype(float)
        shift = _own(rows, line, seed) + causes[:, number]
        shift += line["severity"] * severity + line["within"] * _chance(rows, name, line, occasion, seed)
        found[name] = np.exp(np.log(usual) + shift) if line["scale"] == "log" else usual + shift
    # Mass is drawn as body mass index (kg/m2) and measured in kilograms.
    found[WEIGHT] = found[WEIGHT] * (found[HEIGHT] / 100) ** 2
    found[DIASTOLIC] = np.minimum(found[DIASTOLIC], found[SYSTOLIC] - LEAST_PULSE_PRESSURE)
    return _as_measured(pd.DataFrame(found, index=rows.index))


def _own(rows: pd.DataFrame, line: pd.Series, seed: int) -> Floats:
    """Return what age, frailty and the patient's own lasting level add."""
    age = rows["age"].to_numpy(float)
    level = normal(hashes(rows["patient_id"]), seed, f"own {line['factor']}")
    grown = line["age"] * (np.maximum(age, GROWN_UP) - MEAN_AGE) + line["child"] * np.maximum(
        GROWN_UP - age, 0
    )
    return grown + line["between"] * level + line["frailty"] * rows["frailty"].to_numpy(float)


def _chance(rows: pd.DataFrame, name: object, line: pd.Series, occasion: str, seed: int) -> Floats:
    base = hashes(rows["base"])
    together = normal(base, seed, f"{occasion} {line['factor']}")
    return SHARED * together + OWN * normal(base, seed, f"{occasion} value {name}")


@lru_cache
def _effects() -> dict[tuple[str, str], Floats]:
    """Return what a cause adds to each value, in the order of the values' nature, by cause and phase."""
    known, names = table("observation_effects"), list(table("observation_nature")["short_name"])
    numbers = known.reindex(columns=names).apply(pd.to_numeric).fillna(0.0).to_numpy(float)
    return {
        (cause, phase): row for cause, phase, row in zip(known["cause"], known["phase"], numbers, strict=True)
    }


def _lasting(rows: pd.DataFrame, seed: int) -> Floats:
    """Return what the patients' conditions add, each in a strength of the patient's own."""
    effects, person = _effects(), hashes(rows["patient_id"])
    total = np.zeros((len(rows), len(table("observation_nature"))))
    for condition in table("chronic")["condition"]:
        strength = np.exp(BURDEN_SIGMA * normal(person, seed, f"burden of {condition}")).clip(*BURDEN_LIMITS)
        for code in sorted(set(rows[CODE + condition])):
            effect = effects.get((code, "lasting"), effects.get((condition, "lasting")))
            there = (rows[f"has_{condition}"] & (rows[CODE + condition] == code)).to_numpy(bool)
            if effect is not None:
                total[there] += np.outer(strength[there], effect)
    return total


def _passing(rows: pd.DataFrame, occasion: str, world: str, seed: int) -> Floats:
    """Return what the reason of the encounter adds, stronger the sicker the patient."""
    severity = rows["severity"].to_numpy(float)
    chance = normal(hashes(rows["base"]), seed, "strength of the reason")
    strength = np.exp(BY_SEVERITY * severity + BY_STAY * chance - BY_STAY**2 / 2)
    phase = "emergency" if occasion == "emergency" else "admission"
    arrived = _by_reason(rows, phase)
    if occasion == "discharge":
        left = arrived * _left(rows, world)[:, None]
        # A phase of its own stands for what treatment does: blood lost in an operation, a pressure lowered.
        after = _by_reason(rows, "discharge")
        treated = [cause for cause, phase in _effects() if phase == "discharge"]
        told = rows["reason"].isin(treated).to_numpy()[:, None]
        well = (rows["ending"] == "well").to_numpy()[:, None]
        arrived = np.where(told & (well | (np.abs(after) > np.abs(left))), after, left)
    return arrived * np.minimum(strength, STRONGEST)[:, None]


def _by_reason(rows: pd.DataFrame, phase: str) -> Floats:
    nothing = np.zeros(len(table("observation_nature")))
    reasons = list(dict.fromkeys(rows["reason"]))
    known = np.array([_effects().get((str(reason), phase), nothing) for reason in reasons] or [nothing])
    return known[pd.Index(reasons).get_indexer(rows["reason"])] if reasons else np.zeros((0, len(nothing)))


def _left(rows: pd.DataFrame, world: str) -> Floats:
    """Return the share of the reason that is left at the end of a stay."""
    shares = figures(world, "observations")
    named = {"well": "left_at_discharge", "cut_short": "left_when_cut_short", "died": "left_at_death"}
    return rows["ending"].map({ending: shares[name] for ending, name in named.items()}).to_numpy(float)


def _as_measured(found: pd.DataFrame) -> pd.DataFrame:
    """Keep values within what is possible and round them as they are reported."""
    for code in codes().itertuples():
        limited = found[code.short_name].clip(code.plausible_low, code.plausible_high)
        found[code.short_name] = limited.round(int(code.decimals))
    return found
