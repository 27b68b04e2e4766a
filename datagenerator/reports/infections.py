"""hai_data: infections with their exposure as each facility reports them, by unit and month."""

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.capacity import UNITS
from datagenerator.periods import period
from datagenerator.reports.census import COUNTS

# Expected events per exposed day or operation; levels near the national pooled means of the last decade.
RATES = {
    "clabsi": ("central_line_days", 1.2e-3),
    "cauti": ("urinary_catheter_days", 1.6e-3),
    "mrsa": ("patient_days", 0.06e-3),
    "cdi": ("patient_days", 0.6e-3),
    "ssi": ("surgical_procedures", 0.8e-2),
}
REPORTING = ("acute_care", "critical_access")
REPORTED_AFTER = pd.Timedelta(days=14, hours=21)


def hai_data(
    sums: pd.DataFrame, facilities: pd.DataFrame, arguments: Arguments, deliveries: int
) -> pd.DataFrame:
    """Return all images of the report's rows with `_known`; a month cut by a delivery is sent again."""
    images = []
    for number in range(deliveries + 1):
        now = period(arguments, number)
        months = pd.period_range(pd.Period(now.first, "M"), pd.Period(now.last, "M"), freq="M")
        rows = _frame(facilities, [month.start_time for month in months])
        upto = sums[sums.index.get_level_values("_known") <= number]
        totals = upto.groupby(["facility_id", "unit", "month"])[COUNTS].sum()
        rows = rows.merge(totals, on=["facility_id", "unit", "month"], how="left")
        rows[COUNTS] = rows[COUNTS].fillna(0).astype("int64")
        written = rows["month"] + pd.offsets.MonthBegin(1) + REPORTED_AFTER
        last = pd.Timestamp(now.data_through) - pd.Timedelta(hours=2)
        images.append(rows.assign(updated_at=written.clip(upper=last), _known=number))
    return _predicted(pd.concat(images, ignore_index=True))


def _frame(facilities: pd.DataFrame, months: list[pd.Timestamp]) -> pd.DataFrame:
    """Return facility, unit and month of every unit with beds in the hospitals that report."""
    hospitals = facilities[facilities["facility_type"].isin(REPORTING)]
    units = [
        (row["facility_id"], unit)
        for row in hospitals.to_dict("records")
        for unit in UNITS
        if row[f"beds_{unit}"] > 0
    ]
    rows = [(facility, unit, month) for facility, unit in units for month in months]
    frame = pd.DataFrame(rows, columns=["facility_id", "unit", "month"])
    return frame.astype({"month": "datetime64[s]"})


def _predicted(rows: pd.DataFrame) -> pd.DataFrame:
    for kind, (exposure, rate) in RATES.items():
        rows[f"{kind}_predicted"] = rows[exposure] * rate
    return rows
