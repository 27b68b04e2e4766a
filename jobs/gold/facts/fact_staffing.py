"""Nursing hours, staff and pay of hospital units by day and role, with the patients they cared for."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import date_key, surrogate_key

CONTRACT = neighbour(__file__)
UNIT_DAY = ["facility_id", "unit", "shift_date"]
SETTING = "hospital"
"""Both files tell of hospitals; nursing homes would count residents' days."""


def fact_staffing(staffing: DataFrame, beds: DataFrame) -> DataFrame:
    """Return one row per facility, unit, day and role, with the unit's census.

    Ratios are null where there is nothing to divide by: no patient, no hours, none of employees.
    """
    census = beds.select("facility_id", "unit", F.col("bed_date").alias("shift_date"), "occupied_beds")
    hours = F.col("hours_worked")
    employees_hours = F.round(hours - F.col("agency_hours"), 2)
    return (
        staffing.join(census, on=UNIT_DAY, how="left")
        .withColumns(
            {
                "facility_sk": surrogate_key(F.col("facility_id")),
                "shift_date_key": date_key(F.col("shift_date")),
                "setting": F.lit(SETTING),
                "hours_per_patient_day": F.try_divide(hours, F.col("occupied_beds")),
                "overtime_share": F.try_divide(F.col("overtime_hours"), hours),
                "agency_share": F.try_divide(F.col("agency_hours"), hours),
                "cost_per_hour": F.try_divide(F.col("payroll_amount").cast("double"), employees_hours),
            }
        )
        .select(*CONTRACT.select())
    )
