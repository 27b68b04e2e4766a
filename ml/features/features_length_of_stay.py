"""What is known of a stay on admission that may tell how long it lasts."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from ml.features.admission import emergency_care, with_admission, with_admitting_diagnosis
from ml.features.labs import LAST_OF_ALL, observed
from ml.features.past import completed, past
from ml.features.stays import LOOK_BACK_MONTHS, joined, months_before

CONTRACT = neighbour(__file__)


def features_length_of_stay(**tables: DataFrame) -> DataFrame:
    """Return one row per stay, open ones included, as of its admission.

    `tables` are those that the contract reads, by name.
    """
    stays = tables["fact_stays"].withColumn("predicted_at", F.col("admitted_at"))
    since = months_before(F.col("predicted_at"), LOOK_BACK_MONTHS)
    parts = [
        emergency_care(stays, tables["encounters"]),
        observed(stays, tables["fact_observations"], since, LAST_OF_ALL),
        *past(stays, tables),
    ]
    return (
        joined(stays, *parts)
        .transform(completed)
        .transform(with_admission, tables["dim_payer"])
        .transform(with_admitting_diagnosis, tables["dim_diagnosis"])
        .join(F.broadcast(tables["dim_facility"]), on="facility_id", how="left")
        .select(*CONTRACT.select())
    )
