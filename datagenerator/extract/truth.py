"""The sealed truth of one block, as CSV lines: what a perfect receiver would find."""

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.care import Care
from datagenerator.clinical import truth as clinical_truth
from datagenerator.extract.history import COLUMNS as HISTORY_COLUMNS
from datagenerator.extract.history import history
from datagenerator.extract.verdict import KEPT, QUARANTINED, SUPERSEDED, Rows, kept
from datagenerator.money.expected import expected_cost
from datagenerator.periods import period

STAY_COLUMNS = [
    "encounter_id",
    "stay_class",
    "exclusion_reasons",
    "is_planned",
    "readmitted_30d",
    "readmitted_60d",
    "readmitted_90d",
    "p_readmitted_30d",
    "expected_los_days",
]
INFECTION_COLUMNS = [
    "infection_id",
    "encounter_id",
    "patient_id",
    "facility_id",
    "unit",
    "infection_type",
    "onset_date",
    "present_on_admission",
]
COLUMNS = {
    "patient_history": HISTORY_COLUMNS,
    "stays": STAY_COLUMNS,
    "patients": ["patient_id", "as_of", "expected_cost_12m"],
    "claims": ["claim_id", "fraud_scheme"],
    "infections": INFECTION_COLUMNS,
}
DEFECTS = ["file", "row", "rule", "severity"]


def defects(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `_delivery`, `_row`, rule and severity of every row of a file that is not simply sound.

    A superseded row is listed as that alone, a quarantined one with what it broke, a kept one with what a
    receiver repairs or flags.
    """
    fate = rows["_fate"]
    rules = rows["_rules"].where(~rows["_orphan"], "orphan")
    rule = rows["_warnings"].mask(fate == SUPERSEDED, "superseded").mask(fate == QUARANTINED, rules)
    severity = fate.map({KEPT: "warning", SUPERSEDED: "duplicate", QUARANTINED: "error"})
    listed = rows[["_delivery", "_row"]].assign(rule=rule.str.split(";"), severity=severity)
    listed = listed[rule != ""].explode("rule")
    return listed.sort_values(["_delivery", "_row", "rule"], kind="stable", ignore_index=True)


def truths(
    care: Care, files: Rows, claims: pd.DataFrame, arguments: Arguments, deliveries: int
) -> dict[str, pd.DataFrame]:
    """Return the truth's tables as text, each sorted by its key, for the state after the last delivery."""
    through = pd.Timestamp(period(arguments, deliveries).data_through)
    sound = set(kept(files["encounters"])["encounter_id"])
    tables = {
        "patient_history": history(kept(files["patients"])).to_pandas(),
        "stays": clinical_truth.stays(care, sound, through),
        "patients": _patients(care, files, arguments, through),
        "claims": _claims(files["claims"], claims),
        "infections": _infections(care, through),
    }
    return {name: _as_text(table[COLUMNS[name]]) for name, table in tables.items()}


def _patients(care: Care, files: Rows, arguments: Arguments, through: pd.Timestamp) -> pd.DataFrame:
    """Return the expected cost of the patients in force who were there a year before the data ends."""
    people = care.people[care.people["patient_id"].isin(kept(files["patients"])["patient_id"])]
    cost = expected_cost(people, care.patients, arguments)
    as_of = (through - pd.DateOffset(months=12)).strftime("%Y-%m-%d")
    known = people[["patient_id"]].assign(as_of=as_of, expected_cost_12m=cost)
    return known[cost.notna()].sort_values("patient_id")


def _claims(rows: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Return every claim delivered under its number, sound or not, with its scheme."""
    sent = claims[claims["claim_id"].isin(rows["claim_id"])].drop_duplicates("claim_id")
    return sent[["claim_id"]].assign(fraud_scheme=sent["_scheme"]).sort_values("claim_id")


def _infections(care: Care, through: pd.Timestamp) -> pd.DataFrame:
    seen = care.infections[pd.to_datetime(care.infections["onset_date"]) <= through]
    return seen.sort_values("infection_id")


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({name: _column(table[name]) for name in table.columns})


def _column(values: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(values):
        return values.map({True: "true", False: "false"}).fillna("")
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").fillna("")
    if pd.api.types.is_float_dtype(values):
        return values.map("{:.6f}".format).where(values.notna(), "")
    return values.astype(object).where(values.notna(), "").astype(str)
