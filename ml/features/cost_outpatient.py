"""What hospitals billed for a patient's outpatient care: infusions, radiation and the like go on and on."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ml.features.as_of import AS_OF, known_by, within
from ml.features.cost_spending import YEAR, amount_if_decided, summed, usual_price

RECENT = 3


def hospital_outpatient(claims: DataFrame, fact_encounters: DataFrame, dates: DataFrame) -> DataFrame:
    """Return sums and counts of hospitals' claims for outpatient visits, submitted by each as-of date.

    An emergency visit, an observation or a stay costs what it costs once; what is given to an outpatient time
    and again tells of the cost to come. Amounts as in `spending`: where decided by then, net of corrections.
    """
    is_outpatient = F.col("encounter_type") == "outpatient"
    visits = fact_encounters.where(is_outpatient).select("encounter_id", "admitted_at")
    of_hospitals = claims.where(F.col("claim_form") == "institutional")
    billed = of_hospitals.join(visits, on="encounter_id", how="inner")
    known = known_by(billed, dates, "submitted_at", "admitted_at")
    rows = known.withColumn("allowed", amount_if_decided("allowed"))
    service, is_original = F.col("service_from"), F.col("claim_version") == "original"
    return rows.groupBy(*AS_OF).agg(
        summed("allowed", within(service, RECENT)).alias("hospital_outpatient_allowed_3m"),
        summed("allowed", within(service, YEAR)).alias("hospital_outpatient_allowed_12m"),
        F.count_if(is_original & within(service, YEAR)).alias("hospital_outpatient_count_12m"),
        usual_price(is_original).alias("log_hospital_outpatient_allowed"),
    )
