"""Coverage without overlaps: for any day, one span of record per patient."""

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.dates import first_of_month, months_from, share_of_months
from jobs.columns.keys import date_key, reference_key
from jobs.gold.versions import with_patient_version

CONTRACT = neighbour(__file__)
PRIMARY, LAST_RESORT, UNINSURED = 0, 1, 2
"""Who pays first: Medicaid comes after any other payer, and any payer before none."""


def fact_enrollment(enrollment: DataFrame, dim_patient: DataFrame, payers: DataFrame) -> DataFrame:
    """Return one row per patient and period with the same span of record.

    Overlapping spans are cut where one begins or ends. Of the spans that cover a piece the span of record is
    chosen by payer order, then the latest start, the latest update, the greatest `enrollment_id`.
    """
    spans = enrollment.transform(_with_payer_order, payers)
    segments = spans.transform(_pieces).transform(_span_of_record).transform(_joined_pieces)
    return (
        segments.join(spans, on=["patient_id", "enrollment_id"], how="inner")
        .transform(with_patient_version, dim_patient, F.col("segment_start"))
        .withColumns({"is_insured": F.col("payer_order") < UNINSURED} | _extent())
        .withColumns(_first_and_last_month())
        .withColumns(_member_months() | _keys())
        .select(*CONTRACT.select())
    )


def _with_payer_order(enrollment: DataFrame, payers: DataFrame) -> DataFrame:
    classes = payers.select("payer_id", "payer_class")
    order = (
        F.when((F.col("plan_type") == "self_pay") | (F.col("payer_class") == "uninsured"), UNINSURED)
        .when(F.col("payer_class") == "medicaid", LAST_RESORT)
        .otherwise(PRIMARY)
    )
    classed = enrollment.join(F.broadcast(classes), on="payer_id", how="left")
    return classed.withColumn("payer_order", order)


def _pieces(spans: DataFrame) -> DataFrame:
    """Return each span once per piece of time it covers; no span begins or ends inside a piece."""
    cuts = F.explode(F.array("coverage_start", F.date_add("coverage_end", 1))).alias("segment_start")
    starts = spans.select("patient_id", cuts).where(F.col("segment_start").isNotNull()).distinct()
    next_start = F.lead("segment_start").over(_patient("segment_start"))
    pieces = starts.withColumn("segment_end", F.date_sub(next_start, 1))
    covers = F.col("segment_start").between(
        F.col("coverage_start"), F.coalesce("coverage_end", "segment_start")
    )
    return pieces.join(spans, on="patient_id", how="inner").where(covers)


def _span_of_record(pieces: DataFrame) -> DataFrame:
    precedence = F.struct(-F.col("payer_order"), "coverage_start", "updated_at", "enrollment_id")
    return pieces.groupBy("patient_id", "segment_start", "segment_end").agg(
        F.max_by("enrollment_id", precedence).alias("enrollment_id")
    )


def _joined_pieces(pieces: DataFrame) -> DataFrame:
    """Return neighbouring pieces of one span as one segment; a span covers all that lies between them."""
    order = _patient("segment_start")
    same_span = F.col("enrollment_id").eqNullSafe(F.lag("enrollment_id").over(order))
    begins = (~same_span).cast("int")
    numbered = pieces.withColumn("_begins", begins).withColumn("_segment", F.sum("_begins").over(order))
    return numbered.groupBy("patient_id", "enrollment_id", "_segment").agg(
        F.min("segment_start").alias("segment_start"),
        F.max_by("segment_end", "segment_start").alias("segment_end"),
    )


def _extent() -> dict[str, Column]:
    start, end = F.col("segment_start"), F.col("segment_end")
    before = F.lag("segment_end").over(_patient("segment_start"))
    return {
        "gap_days": F.date_diff(start, before) - 1,
        "covered_days": F.date_diff(end, start) + 1,
    }


def _first_and_last_month() -> dict[str, Column]:
    """Months that count for a segment; none where an insured segment before already has them all."""
    start, end = first_of_month(F.col("segment_start")), first_of_month(F.col("segment_end"))
    insured = Window.partitionBy("patient_id", "is_insured").orderBy("segment_start")
    taken = first_of_month(F.lag("segment_end").over(insured))
    first = F.when(taken == start, F.add_months(start, 1)).otherwise(start)
    counts = F.col("is_insured") & (end.isNull() | (first <= end))
    return {"first_member_month": F.when(counts, first), "last_member_month": F.when(counts, end)}


def _member_months() -> dict[str, Column]:
    first, last = F.col("first_member_month"), F.col("last_member_month")
    start, end = F.col("segment_start"), F.col("segment_end")
    none = (~F.col("is_insured")) | (end.isNotNull() & first.isNull())
    return {
        "member_months": F.when(none, 0).otherwise(months_from(first, last)),
        "weighted_member_months": F.when(~F.col("is_insured"), 0.0).otherwise(share_of_months(start, end)),
    }


def _keys() -> dict[str, Column]:
    return {
        "payer_sk": reference_key(F.col("payer_id")),
        "start_date_key": date_key(F.col("segment_start")),
        "end_date_key": date_key(F.col("segment_end")),
    }


def _patient(order: str) -> WindowSpec:
    return Window.partitionBy("patient_id").orderBy(order)
