"""Procedures performed, with the encounter they belong to."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import date_key, reference_key
from jobs.gold.versions import with_patient_version

CONTRACT = neighbour(__file__)
ENCOUNTER = ["patient_id", "encounter_id"]


def fact_procedures(procedures: DataFrame, encounters: DataFrame, dim_patient: DataFrame) -> DataFrame:
    """Return one row per procedure performed; `provider_id` is who performed it, not who attended."""
    performed_on = F.to_date("performed_at")
    context = encounters.select(*ENCOUNTER, "facility_id", "encounter_type", "admitted_at")
    return (
        procedures.join(context, on=ENCOUNTER, how="left")
        .transform(with_patient_version, dim_patient, performed_on)
        .withColumns(
            {
                "procedure_sk": reference_key(F.col("procedure_code")),
                "provider_sk": reference_key(F.col("provider_id")),
                "facility_sk": reference_key(F.col("facility_id")),
                "performed_date_key": date_key(performed_on),
                "is_principal": F.col("sequence") == 1,
                "days_after_admission": F.date_diff(performed_on, F.to_date("admitted_at")),
            }
        )
        .select(*CONTRACT.select())
    )
