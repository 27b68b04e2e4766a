"""Patients' hospital rows as literal tables: a case is one patient, and all cases of a file are made at once.

Days are counted from the first of January 2024. A row is admitted at 10:00 and discharged at 09:00 unless a
clock is given, as in "5 21:30".
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.columns.keys import surrogate_key
from jobs.gold.measures.fact_stays import fact_stays
from jobs.gold.measures.readmission_index import readmission_index
from tests.tables import table

Row = dict[str, Any]
Case = Sequence[Row]

EPOCH = datetime(2024, 1, 1)
FACILITIES = {
    "H1": "acute_care",
    "H2": "acute_care",
    "CAH": "critical_access",
    "REHAB": "rehabilitation",
    "PSYCH": "psychiatric",
    "SNF": "skilled_nursing",
    "UNSAID": None,
}
DIAGNOSES: dict[str, Row] = {
    "I509": {"ccsr_category": "CIR019", "is_acute": True, "readmission_cohort": "cardiorespiratory"},
    "I5023": {"ccsr_category": "CIR019", "is_acute": True, "readmission_cohort": "cardiorespiratory"},
    "J189": {"ccsr_category": "RSP002", "is_acute": True},
    "M1711": {"ccsr_category": "MUS006"},
    "Z5111": {"ccsr_category": "NEO073", "is_always_planned": True},
    "F329": {"ccsr_category": "MBD002", "readmission_exclusion": "psychiatric"},
    "Z5189": {"ccsr_category": "FAC008", "readmission_exclusion": "rehabilitation"},
    "C3490": {"ccsr_category": "RSP017", "readmission_exclusion": "cancer_treatment"},
}
KNEE, MARROW, SCOPY = "0SRD0J9", "30243G0", "0BJ08ZZ"
PROCEDURES = [
    {"code_prefix": "0SRD", "planned_kind": "potentially", "is_surgery": "true"},
    {"code_prefix": "30243G0", "planned_kind": "always", "is_surgery": "false"},
]
"""A knee replaced is potentially planned, marrow transplanted always; a look into the lungs is neither."""
LONG_AFTER = "700 23:59:59"


def at(time: int | str, clock: str) -> datetime:
    """Return the instant of a day, at a clock of its own where the text gives one."""
    day, _, own = str(time).partition(" ")
    return datetime.fromisoformat(f"{EPOCH + timedelta(days=int(day)):%Y-%m-%d} {own or clock}")


def row(
    key: str,
    admitted: int | str,
    discharged: int | str | None,
    facility: str = "H1",
    diagnosis: str | None = "I509",
    **more: Any,
) -> Row:
    """Return an inpatient row of fact_encounters; `procedures` are the codes done in it."""
    return {
        "encounter_id": key,
        "facility_id": facility,
        "encounter_type": "inpatient",
        "admitted_at": at(admitted, "10:00"),
        "discharged_at": None if discharged is None else at(discharged, "09:00"),
        "principal_diagnosis_code": diagnosis,
        "discharge_disposition": "01",
        "age_at_admission": 70,
    } | more


def stays_of(spark: SparkSession, cases: Mapping[str, Case]) -> DataFrame:
    """Return the stays of all cases."""
    encounters = [
        {name: value for name, value in one.items() if name != "procedures"} | _named(case, one)
        for case, found in cases.items()
        for one in found
    ]
    facilities = [{"facility_id": key, "facility_type": kind} for key, kind in FACILITIES.items()]
    return fact_stays(
        table(spark, "gold/fact_encounters", encounters), table(spark, "gold/dim_facility", facilities)
    )


def index_of(
    spark: SparkSession, cases: Mapping[str, Case], data_through: str | None = LONG_AFTER
) -> DataFrame:
    """Return the readmission index of all cases; without `data_through` no delivery says how far it goes."""
    done = [
        {"procedure_code": code, "code_system": _system(code)} | _named(case, one)
        for case, found in cases.items()
        for one in found
        for code in one.get("procedures", ())
    ]
    horizon = {"delivery": ".", "data_through": data_through and at(data_through, "")}
    diagnoses = [{"diagnosis_code": code} | _flags(values) for code, values in DIAGNOSES.items()]
    return readmission_index(
        stays_of(spark, cases),
        table(spark, "gold/fact_procedures", done),
        table(spark, "gold/dim_diagnosis", diagnoses).withColumn(
            "diagnosis_sk", surrogate_key(F.col("diagnosis_code"))
        ),
        table(spark, "reference/readmission_procedures", PROCEDURES),
        table(spark, "silver/deliveries", [horizon] if data_through else []),
    )


def by_case(made: DataFrame, *columns: str) -> dict[str, dict[str, Any]]:
    """Return per case and stay, under its own short key, the columns: a value of one column, else a tuple."""
    found: dict[str, dict[str, Any]] = {}
    for made_row in made.select("patient_id", "encounter_id", *columns).collect():
        case, _, *values = (_short(value) for value in made_row)
        found.setdefault(case, {})[_short(made_row.encounter_id)] = (
            tuple(values) if len(values) > 1 else values[0]
        )
    return found


def _system(code: str) -> str:
    return "ICD10PCS" if len(code) == len(KNEE) else "HCPCS"


def _named(case: str, one: Row) -> Row:
    return {"patient_id": case, "encounter_id": f"{case}/{one['encounter_id']}"}


def _short(value: Any) -> Any:
    """Return keys of encounters as a case calls them, alone or in a list; anything else as it is."""
    if isinstance(value, list):
        return [_short(one) for one in value]
    return value.rpartition("/")[2] if isinstance(value, str) else value


def _flags(values: Row) -> Row:
    return {"is_acute": False, "is_always_planned": False} | values
