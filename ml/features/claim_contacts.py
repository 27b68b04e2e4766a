"""Claims against the encounters on record: was there a contact, and does its record bear the code?"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

LEVELS = ("G0380", "G0381", "G0382", "G0383", "G0384", "G0463", "G0439")
"""Codes of visits by level, emergency and office. What is paid for a visit goes by its level, which is the
provider's own word."""
HIGH_LEVELS = ("G0383", "G0384", "G0439")


def with_contacts(claims: DataFrame, fact_encounters: DataFrame, fact_procedures: DataFrame) -> DataFrame:
    """Return the claims with how they fit the patient's encounters begun by their submission."""
    records = _encounters_by_patient(fact_encounters, fact_procedures)
    begun = F.filter("_encounters", lambda one: one["admitted_at"] <= F.col("submitted_at"))
    named = F.filter("_begun", lambda one: one["encounter_id"] == F.col("encounter_id"))
    rows = claims.join(records, on="patient_id", how="left").withColumn("_begun", begun)
    return (
        rows.withColumn("_named", F.try_element_at(named, F.lit(1)))
        .withColumns(
            {
                "has_encounter": F.col("_named").isNotNull(),
                "encounter_gap_days": _gap(F.col("_named")),
                "contact_gap_days": F.array_min(F.transform("_begun", _gap)),
                "is_during_stay_elsewhere": F.coalesce(F.exists("_begun", _is_stay_elsewhere), F.lit(False)),
                "is_level_on_record": _is_on_record(),
            }
        )
        .drop("_encounters", "_begun", "_named")
    )


def _encounters_by_patient(fact_encounters: DataFrame, fact_procedures: DataFrame) -> DataFrame:
    codes = fact_procedures.groupBy("patient_id", "encounter_id").agg(
        F.collect_set(F.struct("procedure_code", "performed_at")).alias("codes")
    )
    kept = fact_encounters.select(
        "patient_id", "encounter_id", "facility_id", "encounter_type", "admitted_at", "discharged_at"
    )
    one = F.struct("encounter_id", "facility_id", "encounter_type", "admitted_at", "discharged_at", "codes")
    coded = kept.join(codes, on=["patient_id", "encounter_id"], how="left")
    return coded.groupBy("patient_id").agg(F.collect_list(one).alias("_encounters"))


def _left(encounter: Column) -> Column:
    """Return the last day of an encounter as known on submission: that day itself while it goes on."""
    over = F.when(encounter["discharged_at"] <= F.col("submitted_at"), encounter["discharged_at"])
    return F.to_date(F.coalesce(over, F.col("submitted_at")))


def _gap(encounter: Column) -> Column:
    """Return the days that the service lies outside an encounter, 0 inside; null without one."""
    before = F.date_diff(F.to_date(encounter["admitted_at"]), F.col("service_from"))
    after = F.date_diff(F.col("service_from"), _left(encounter))
    return F.when(encounter.isNotNull(), F.greatest(before, after, F.lit(0)))


def _is_stay_elsewhere(encounter: Column) -> Column:
    day = F.col("service_from")
    inside = (F.to_date(encounter["admitted_at"]) < day) & (day < _left(encounter))
    is_stay = encounter["encounter_type"] == "inpatient"
    return is_stay & inside & (encounter["facility_id"] != F.col("facility_id"))


def _is_on_record() -> Column:
    """Whether the level billed is one that the encounter's record has; null where it has none at all."""
    done = F.filter("_named.codes", lambda one: one["performed_at"] <= F.col("submitted_at"))
    recorded = F.transform(done, lambda one: one["procedure_code"])
    levels = F.array_intersect(recorded, F.array(*map(F.lit, LEVELS)))
    known = F.col("procedure_code").isin(*LEVELS) & (F.size(levels) > 0)
    return F.when(known, F.array_contains(levels, F.col("procedure_code")))
