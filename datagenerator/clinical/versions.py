"""Patient versions as recorded: each a full image of the attributes as the source knew them then."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block
from datagenerator.clinical.clock import DAY, HOUR, NEVER, Clock, as_days, as_times
from datagenerator.clinical.draws import by_month
from datagenerator.clinical.history import ATTRIBUTES, Registered
from datagenerator.clinical.population import Population

STREAM = 6


class Timeline:
    """The value of one attribute in force for a patient on a day, as it truly was."""

    def __init__(self, changes: pd.DataFrame, attribute: str) -> None:
        rows = changes[["patient", "effective", attribute]].dropna()
        rows = rows.sort_values(["patient", "effective"], kind="stable")
        self._key = rows["patient"].to_numpy(np.int64) * 1_000_000 + rows["effective"].to_numpy(np.int64)
        self._value = rows[attribute].to_numpy()

    def at(self, patient: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return the value for patients (positions) on days."""
        key = patient.astype(np.int64) * 1_000_000 + day
        return self._value[np.searchsorted(self._key, key, side="right") - 1]


def versions(
    arguments: Arguments,
    block: Block,
    people: Population,
    clock: Clock,
    registered: Registered,
    death: np.ndarray,
) -> pd.DataFrame:
    """Return the patients landing rows with `_known`.

    When a change is recorded late, later versions that the source had already written lacked it; at that time
    it writes them once more, so that the latest image of every effective date is the full truth.
    """
    changes = _with_deaths(arguments, block, people, clock, registered.changes, death)
    images = versions_of(changes)
    images["patient_id"] = [f"P{number:08d}" for number in people.number[images["patient"]]]
    images["_known"] = clock.period_of(images["recorded"].to_numpy())
    written = np.minimum(images["recorded"] + 2 * HOUR, clock.end_of(images["_known"].to_numpy()))
    images["updated_at"] = as_times(written.to_numpy())
    images["recorded_at"] = as_times(images["recorded"].to_numpy())
    images["effective_date"] = as_days(images["effective"].to_numpy())
    for name in ("birth_date", "death_date"):
        images[name] = as_days(images[name].fillna(NEVER).to_numpy(np.int64))
    keys = ["patient_id", "effective_date", "recorded_at"]
    return images[[*keys, *ATTRIBUTES, "updated_at", "_known"]]


def versions_of(changes: pd.DataFrame) -> pd.DataFrame:
    """Return the images (patient, effective, recorded, attributes) that the source writes of some changes."""
    changes = changes.sort_values(["patient", "effective", "recorded"], kind="stable", ignore_index=True)
    return _images(changes, _images_wanted(changes))


def _with_deaths(
    arguments: Arguments,
    block: Block,
    people: Population,
    clock: Clock,
    changes: pd.DataFrame,
    death: np.ndarray,
) -> pd.DataFrame:
    """Drop what would have changed after death and add the death itself, recorded some days later."""
    registered = changes["recorded"].to_numpy()[: people.size]
    alive = changes["effective"].to_numpy() < death[changes["patient"]]
    who = np.flatnonzero(death < NEVER)
    month = clock.month_of(death[who] * DAY)
    order = np.lexsort((who, month))
    who = who[order]
    draws = by_month((arguments.seed, block.index, STREAM, people.first_period), month[order], 2)
    days = np.where(draws[:, 0] < 0.06, 40 + 80 * draws[:, 1], 1 + 12 * draws[:, 1] ** 2).astype(np.int64)
    recorded = (death[who] + days) * DAY + 10 * HOUR + (draws[:, 0] * 6 * HOUR).astype(np.int64)
    recorded = np.maximum(recorded, registered[who])
    deaths = pd.DataFrame(
        {"patient": who, "effective": death[who], "recorded": recorded, "death_date": death[who]}
    )
    return pd.concat([changes[alive], deaths], ignore_index=True)


def _images_wanted(changes: pd.DataFrame) -> pd.DataFrame:
    """Return (patient, effective, recorded) of all rows: changes, and later versions written once more."""
    keys = changes[["patient", "effective", "recorded"]]
    pairs = keys.merge(keys, on="patient", suffixes=("", "_late"))
    overtaken = (pairs["effective_late"] <= pairs["effective"]) & (pairs["recorded_late"] > pairs["recorded"])
    again = pairs.loc[overtaken, ["patient", "effective", "recorded_late"]]
    again = again.rename(columns={"recorded_late": "recorded"})
    both = pd.concat([keys, again], ignore_index=True).drop_duplicates()
    return both.sort_values(["patient", "effective", "recorded"], ignore_index=True)


def _images(changes: pd.DataFrame, wanted: pd.DataFrame) -> pd.DataFrame:
    """Fill each wanted row with the last value of every attribute effective and recorded by then."""
    names = [name for name in ATTRIBUTES if name in changes]
    rows = wanted.assign(row=np.arange(len(wanted)))
    pairs = rows.merge(changes, on="patient", suffixes=("", "_change"))
    known = (pairs["effective_change"] <= pairs["effective"]) & (
        pairs["recorded_change"] <= pairs["recorded"]
    )
    last = pairs[known].groupby("row")[names].last()
    return wanted.join(last.reindex(columns=list(ATTRIBUTES)))
