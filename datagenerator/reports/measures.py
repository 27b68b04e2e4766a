"""cms_measures: what facilities report per quarter, counted from true stays and emergency visits."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.care import Care
from datagenerator.periods import known_in, period

KEYS = ["facility_id", "measure_id", "quarter", "_known"]
FOLLOW_UP = pd.Timedelta(days=30)
REPORTED_AFTER = pd.Timedelta(days=40, hours=20)
DIED, AGAINST_ADVICE = "20", "07"
EMERGENCY_ADMISSION = "1"
ID_LENGTH = len("E000000000000")


def measure_counts(care: Care, arguments: Arguments, deliveries: int, last: pd.Timestamp) -> pd.DataFrame:
    """Return the block's numerators and denominators by facility, measure, quarter and period known."""
    stays = _discharges(care)
    parts = [
        _counted(stays, "IP_MORTALITY", stays["_disposition"] == DIED, stays["discharged_at"]),
        _counted(stays, "AMA_RATE", stays["_disposition"] == AGAINST_ADVICE, stays["discharged_at"]),
        _counted(stays, "RETURN_30", _returns(stays), stays["discharged_at"] + FOLLOW_UP),
        _emergency(care),
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows["_known"] = known_in(rows["known_at"], arguments, deliveries)
    rows = rows[(rows["_known"] <= deliveries) & (rows["quarter"].notna())]
    return rows.groupby(KEYS)[["numerator", "denominator"]].sum().astype("int64")


def _counted(rows: pd.DataFrame, measure: str, met: pd.Series, known_at: pd.Series) -> pd.DataFrame:
    quarter = rows["discharged_at"].dt.to_period("Q").dt.start_time.astype("datetime64[s]")
    return pd.DataFrame(
        {
            "facility_id": rows["facility_id"],
            "measure_id": measure,
            "quarter": quarter,
            "numerator": met.astype(int),
            "denominator": 1,
            "known_at": known_at,
        }
    )


def _discharges(care: Care) -> pd.DataFrame:
    """Return finished stays with the disposition and the next admission of the patient, anywhere."""
    stays = care.stays.sort_values(["patient_id", "admitted_at"], kind="stable")
    stays["_next"] = stays.groupby("patient_id")["admitted_at"].shift(-1)
    stays["_disposition"] = np.select([stays["died"], stays["against_advice"]], [DIED, AGAINST_ADVICE], "")
    return stays[stays["discharged_at"].notna()]


def _returns(stays: pd.DataFrame) -> pd.Series:
    gap = stays["_next"] - stays["discharged_at"]
    return (gap >= pd.Timedelta(0)) & (gap <= FOLLOW_UP)


def _emergency(care: Care) -> pd.DataFrame:
    """Count emergency visits: those sent home, billed as such, and those admitted, billed with the stay."""
    first = care.encounters.drop_duplicates("encounter_id")
    home = first[(first["encounter_type"] == "emergency") & first["discharged_at"].notna()]
    opening = first[first["encounter_id"].isin(care.stays["encounter_ids"].astype("string").str[:ID_LENGTH])]
    admitted = opening[opening["admit_type"] == EMERGENCY_ADMISSION]
    admitted = admitted.assign(discharged_at=admitted["admitted_at"])
    visits = pd.concat([home.assign(_admitted=0), admitted.assign(_admitted=1)], ignore_index=True)
    return _counted(visits, "ED_ADMIT", visits["_admitted"] == 1, visits["discharged_at"])


def cms_measures(counts: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return all images of the report's rows with `_known`.

    A quarter is reported as far as it is known, and again in each period that adds to it.
    """
    images = []
    for number in range(deliveries + 1):
        now = period(arguments, number)
        known = counts.index.get_level_values("_known")
        key = ["facility_id", "measure_id", "quarter"]
        touched = counts[known == number].groupby(key).size().index
        totals = counts[known <= number].groupby(key).sum()
        rows = totals.loc[touched].reset_index()
        images.append(_reported(rows, pd.Timestamp(now.data_through), arguments).assign(_known=number))
    return pd.concat(images, ignore_index=True)


def _reported(rows: pd.DataFrame, through: pd.Timestamp, arguments: Arguments) -> pd.DataFrame:
    """Give rows the period they cover, the score in percent and the time of writing."""
    delay = np.where(rows["measure_id"] == "RETURN_30", FOLLOW_UP, pd.Timedelta(0))
    quarter_end = (rows["quarter"] + pd.offsets.QuarterEnd(0)).dt.normalize()
    covered = pd.Series(through.normalize() - pd.to_timedelta(delay), rows.index)
    end = quarter_end.where(quarter_end <= covered, covered)
    start = rows["quarter"].clip(lower=pd.Timestamp(arguments.start))
    return rows.assign(
        period_start=start,
        period_end=end,
        score=100.0 * rows["numerator"] / rows["denominator"],
        updated_at=(end + REPORTED_AFTER).clip(upper=through - pd.Timedelta(hours=1)),
    )
