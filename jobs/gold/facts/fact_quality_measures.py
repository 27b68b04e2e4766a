"""Quality measures of facilities: infections with their exposure, and measures as reported."""

from dataclasses import dataclass
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.dates import first_of_month, months_from
from jobs.columns.keys import date_key, surrogate_key

CONTRACT = neighbour(__file__)
PERIOD_MONTHS = {"month": 1, "quarter": 3, "year": 12}
SIR_MINIMUM = 1.0
"""NHSN gives no SIR when fewer infections than this are predicted."""
PREDICTED = "decimal(18,6)"
"""Predictions are summed exactly, so that the sum does not depend on the order of the rows."""


@dataclass(frozen=True)
class Infection:
    """One infection measure: its columns in `hai_data` and its rate, events per `per` of the exposure."""

    measure_id: str
    exposure: str
    per: int
    rate_unit: str

    def column(self, suffix: str) -> Column:
        """Return the measure's column of `hai_data` that ends in the suffix."""
        return F.col(f"{self.measure_id.lower()}_{suffix}")


INFECTIONS = (
    Infection("CLABSI", "central_line_days", 1000, "per 1,000 device days"),
    Infection("CAUTI", "urinary_catheter_days", 1000, "per 1,000 device days"),
    Infection("MRSA", "patient_days", 1000, "per 1,000 patient days"),
    Infection("CDI", "patient_days", 1000, "per 1,000 patient days"),
    Infection("SSI", "surgical_procedures", 100, "per 100 procedures"),
)
REPORTED_PER = 100
"""CMS measures are ratios in percent."""


def fact_quality_measures(cms_measures: DataFrame, hai_data: DataFrame) -> DataFrame:
    """Return one row per facility, measure and period.

    Infections of all units of a facility are added up by month, quarter and year; ratios are made of the
    sums, never averaged. The same infection stands in its month, quarter and year: choose one period type.
    """
    by_unit = reduce(DataFrame.unionByName, (_infection(hai_data, infection) for infection in INFECTIONS))
    measures = _over_periods(by_unit).unionByName(_reported(cms_measures), allowMissingColumns=True)
    return measures.withColumns(_ratios() | _keys()).select(*CONTRACT.select())


def _infection(hai_data: DataFrame, infection: Infection) -> DataFrame:
    events, exposure = infection.column("events"), F.col(infection.exposure)
    # A unit that does not report events or exposure has no part in the measure.
    reporting = hai_data.where(events.isNotNull() & exposure.isNotNull())
    return reporting.select(
        "facility_id",
        "month",
        F.lit(infection.measure_id).alias("measure_id"),
        F.lit(infection.per).alias("per"),
        F.lit(infection.rate_unit).alias("rate_unit"),
        events.cast("bigint").alias("numerator"),
        exposure.cast("bigint").alias("denominator"),
        infection.column("predicted").cast(PREDICTED).alias("predicted"),
    )


def _over_periods(by_unit: DataFrame) -> DataFrame:
    period = F.explode(F.array(*(_period(F.col("month"), kind) for kind in PERIOD_MONTHS)))
    dated = by_unit.withColumn("_period", period).select("*", "_period.*")
    whole = F.count("predicted") == F.count("*")
    months = F.countDistinct(first_of_month(F.col("month")))
    summed = dated.groupBy(
        "facility_id", "measure_id", "per", "rate_unit", "period_type", "period_start", "period_end"
    ).agg(
        F.sum("numerator").alias("numerator"),
        F.sum("denominator").alias("denominator"),
        F.when(whole, F.sum("predicted")).cast("double").alias("predicted"),
        months.alias("_months"),
    )
    expected = months_from(F.col("period_start"), F.col("period_end"))
    return summed.withColumn("is_complete", F.col("_months") == expected).withColumn(
        "source", F.lit("hai_data")
    )


def _period(day: Column, kind: str) -> Column:
    start = F.trunc(day, kind)
    end = F.last_day(F.add_months(start, PERIOD_MONTHS[kind] - 1))
    return F.struct(F.lit(kind).alias("period_type"), start.alias("period_start"), end.alias("period_end"))


def _reported(cms_measures: DataFrame) -> DataFrame:
    return cms_measures.select(
        "facility_id",
        "measure_id",
        _type_of(F.col("period_start"), F.col("period_end")).alias("period_type"),
        "period_start",
        "period_end",
        F.col("numerator").cast("bigint").alias("numerator"),
        F.col("denominator").cast("bigint").alias("denominator"),
        F.lit(REPORTED_PER).alias("per"),
        F.lit("percent").alias("rate_unit"),
        F.col("score").alias("reported_score"),
        F.lit(True).alias("is_complete"),
        F.lit("cms_measures").alias("source"),
    )


def _type_of(start: Column, end: Column) -> Column:
    reported = F.struct(start.alias("period_start"), end.alias("period_end"))
    kinds = [
        F.when(_period(start, kind).dropFields("period_type") == reported, kind) for kind in PERIOD_MONTHS
    ]
    return F.coalesce(*kinds, F.lit("other"))


def _ratios() -> dict[str, Column]:
    numerator, predicted = F.col("numerator"), F.col("predicted")
    return {
        "rate": F.try_divide(numerator * F.col("per"), F.col("denominator")),
        "sir": F.when(predicted >= SIR_MINIMUM, numerator / predicted),
    }


def _keys() -> dict[str, Column]:
    return {
        "facility_sk": surrogate_key(F.col("facility_id")),
        "period_start_date_key": date_key(F.col("period_start")),
    }
