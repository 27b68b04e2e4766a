"""Surveys of patients' experience, with what the published measures count of them."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.dates import completed_years
from jobs.columns.dispositions import DIED
from jobs.columns.keys import date_key, reference_key
from jobs.gold.versions import with_patient_and_version

CONTRACT = neighbour(__file__)
ENCOUNTER = ["patient_id", "encounter_id"]
# Top boxes as CMS publishes them: always, strongly agree, definitely yes; yes; 9 or 10.
TOP_BOX = {
    "nurse_communication": 4,
    "doctor_communication": 4,
    "responsiveness": 4,
    "medicine_communication": 4,
    "discharge_information": 1,
    "care_transition": 4,
    "cleanliness": 4,
    "quietness": 4,
    "overall_rating": 9,
    "would_recommend": 4,
}
PROMOTER, PASSIVE = 9, 7
ADULT = 18
# Whom HCAHPS leaves out (CMS, Quality Assurance Guidelines): who died, went to hospice or a nursing facility
# or has not left (FL 17), and psychiatric, substance use and rehabilitation stays (MS-DRG).
NOT_ASKED_AFTER = ("03", "04", DIED, "30", "50", "51")
NOT_ASKED_DRG = (
    *("876", "880", "881", "882", "883", "884", "885", "886", "887"),
    *("894", "895", "896", "897", "945", "946"),
)


def fact_surveys(surveys: DataFrame, encounters: DataFrame, dim_patient: DataFrame) -> DataFrame:
    """Return one row per survey sent, with the encounter it asks about as it is known now."""
    context = encounters.select(
        *ENCOUNTER,
        "facility_id",
        "encounter_type",
        "unit",
        "drg",
        "discharge_disposition",
        F.to_date("admitted_at").alias("_admitted_on"),
        F.to_date("discharged_at").alias("_discharged_on"),
    )
    return (
        surveys.join(context, on=ENCOUNTER, how="left")
        .transform(with_patient_and_version, dim_patient, F.col("sent_on"), "birth_date")
        .withColumns(_return() | _top_boxes() | _keys())
        .withColumn("is_eligible", _is_eligible())
        .select(*CONTRACT.select())
    )


def _return() -> dict[str, Column]:
    score = F.col("nps_score")
    group = F.when(score >= PROMOTER, "promoter").when(score >= PASSIVE, "passive").otherwise("detractor")
    return {
        "is_returned": F.col("returned_on").isNotNull(),
        "days_to_return": F.date_diff("returned_on", "sent_on"),
        "days_after_discharge": F.date_diff("sent_on", "_discharged_on"),
        "nps_group": F.when(score.isNotNull(), group),
    }


def _top_boxes() -> dict[str, Column]:
    return {f"is_top_{name}": F.col(name) >= least for name, least in TOP_BOX.items()}


def _is_eligible() -> Column:
    """Return whether such an encounter may be asked about; null while it is open or the age is unknown."""
    is_adult = completed_years(F.col("birth_date"), F.col("_admitted_on")) >= ADULT
    left = F.coalesce(F.col("discharge_disposition"), F.lit(""))
    is_inpatient = F.col("encounter_type") == "inpatient"
    of_stay = (
        is_inpatient
        & (F.col("_discharged_on") > F.col("_admitted_on"))
        & ~left.isin(*NOT_ASKED_AFTER)
        & ~F.coalesce(F.col("unit") == "psychiatric", F.lit(False))
        & ~F.coalesce(F.col("drg").isin(*NOT_ASKED_DRG), F.lit(False))
    )
    fits = F.when(F.col("survey_type") == "hcahps", of_stay).otherwise(~is_inpatient & (left != DIED))
    return F.when(F.col("_discharged_on").isNotNull(), is_adult & fits)


def _keys() -> dict[str, Column]:
    return {
        "facility_sk": reference_key(F.col("facility_id")),
        "sent_date_key": date_key(F.col("sent_on")),
        "returned_date_key": date_key(F.col("returned_on")),
    }
