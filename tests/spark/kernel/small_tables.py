"""Small tables of every kind, for tests of what builds them: people, their visits, and counts of these."""

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contract import Column, Contract, Input, Reference, Rule
from carelake.quality.judge import judge
from tests.builders import small_contract

PERSON = Column(
    "patient_id",
    "string",
    "Person.",
    required=True,
    case="upper",
    reference=Reference("people", "patient_id", True),
)
UPDATED_AT = Column("updated_at", "timestamp", "When the row was written.", required=True)
PEOPLE = small_contract(
    "silver/people",
    columns=(
        Column("patient_id", "string", "Key.", key_position=1, required=True, case="upper"),
        Column("birth_date", "date", "Birthday."),
        UPDATED_AT,
    ),
    reads=(Input("bronze/people", "scoped"),),
    scope="patient_id",
    module=__name__,
)
VISITS = small_contract(
    "silver/visits",
    columns=(
        Column("visit_id", "string", "Key.", key_position=1, required=True),
        PERSON,
        Column("ward", "string", "Ward."),
        Column("days", "int", "Length."),
        UPDATED_AT,
    ),
    rules=(Rule("days_negative", "days >= 0", "No visit ends before it begins.", "error"),),
    reads=(Input("bronze/visits", "scoped"), Input("silver/people", "scoped")),
    scope="patient_id",
    module=__name__,
)
LONG_STAYS = small_contract(
    "gold/long_stays",
    columns=(
        Column("patient_id", "string", "Key.", key_position=1, required=True),
        Column("visits", "int", "Visits of more days than their ward usually takes."),
    ),
    reads=(Input("silver/visits", "scoped"), Input("reference/wards", "global")),
    scope="patient_id",
    module=__name__,
)


def people(bronze: DataFrame) -> DataFrame:
    """Judge people."""
    return judge(PEOPLE, bronze, {})


def visits(bronze: DataFrame, people: DataFrame) -> DataFrame:
    """Judge visits; a visit belongs to a person."""
    return judge(VISITS, bronze, {"people": people})


def long_stays(visits: DataFrame, wards: DataFrame) -> DataFrame:
    """Count each person's visits that took longer than is usual on their ward."""
    long = visits.join(wards, on="ward").where(F.col("days") > F.col("usual_days"))
    return long.groupBy("patient_id").agg(F.count("*").cast("int").alias("visits"))


class Wards:
    """A code set whose content, and so its version, a test can change."""

    def __init__(self) -> None:
        self.usual_days = {"icu": 5}

    def version(self, name: str) -> str:
        """Return its content as its version."""
        return f"{name} {sorted(self.usual_days.items())}"

    def load(self, name: str) -> pa.Table:
        """Return the code set."""
        assert name == "wards"
        return pa.table({"ward": list(self.usual_days), "usual_days": list(self.usual_days.values())})


CONTRACTS: dict[str, Contract] = {contract.table: contract for contract in (PEOPLE, VISITS, LONG_STAYS)}
