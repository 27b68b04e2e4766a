"""Emergency care, surveys and adverse events against the encounters they belong to.

A check leaves out what planted defects have made incomparable: encounters still open because the row that
closes them is late or quarantined, and rows that silver flags for the very values compared.
"""

from collections.abc import Iterator

import polars as pl

from carelake.verify.check import Check, compared, listed, sentences
from carelake.verify.tables import LakeTables

ENCOUNTERS, PATIENTS = "silver/encounters", "silver/patients"
SURVEYS, EVENTS = "silver/surveys", "silver/adverse_events"
FACT_ENCOUNTERS, FACT_SURVEYS = "gold/fact_encounters", "gold/fact_surveys"
FACT_EVENTS = "gold/fact_adverse_events"
ENCOUNTER = ["patient_id", "encounter_id"]
STEPS = ("arrived_at", "triaged_at", "provider_seen_at", "decided_at", "departed_at")
MINUTES = {
    "door_to_triage_minutes": ("arrived_at", "triaged_at"),
    "door_to_provider_minutes": ("arrived_at", "provider_seen_at"),
    "decision_to_departure_minutes": ("decided_at", "departed_at"),
    "emergency_length_minutes": ("arrived_at", "departed_at"),
}
ADULT_MONTHS = 12 * 18
ELSEWHERE = ("03", "04", "20", "30", "50", "51")
"""Where those go whom HCAHPS doesn't ask: nursing facilities, hospice, nowhere."""
UNASKED_DRG = ("876", "945", "946", *(str(n) for n in range(880, 888)), *(str(n) for n in range(894, 898)))
"""MS-DRG of psychiatric, substance use and rehabilitation stays."""
IMPLAUSIBLE_END, IMPLAUSIBLE_WAIT = "stay_implausible", "emergency_wait_implausible"


def checks(tables: LakeTables) -> Iterator[Check]:
    """Make the checks whose tables are there."""
    made = {
        emergency_times: (ENCOUNTERS,),
        emergency_minutes: (ENCOUNTERS, FACT_ENCOUNTERS),
        after_discharge: (SURVEYS, ENCOUNTERS),
        one_per_encounter: (SURVEYS,),
        eligible: (FACT_SURVEYS, ENCOUNTERS, PATIENTS),
        in_stay: (EVENTS, ENCOUNTERS),
        of_the_facility: (EVENTS, ENCOUNTERS),
        reported: (EVENTS, FACT_EVENTS),
    }
    for check, needed in made.items():
        if all(tables.exists(table) for table in needed):
            yield check(tables)


def emergency_times(tables: LakeTables) -> Check:
    """Check that emergency visits begin and end with their times, and that admissions lie within theirs."""
    rows = tables.scan(ENCOUNTERS).filter(
        pl.any_horizontal(pl.col(STEPS).is_not_null()) & ~_is_flagged(IMPLAUSIBLE_WAIT)
    )
    at, kind = pl.col, pl.col("encounter_type")
    visit = (at("arrived_at") == at("admitted_at")) & at("departed_at").eq_missing(at("discharged_at"))
    stay = (at("arrived_at") <= at("admitted_at")) & _not_after("admitted_at", "departed_at")
    stay &= _not_after("decided_at", "admitted_at") & _not_after("departed_at", "discharged_at")
    unseen = at("is_left_without_being_seen").fill_null(False)
    was_seen = at("provider_seen_at").is_not_null() | at("decided_at").is_not_null()
    fits = pl.when(kind == "emergency").then(visit).when(kind == "inpatient").then(stay).otherwise(False)
    off = rows.filter(~(fits & ~(unseen & was_seen)))
    return _outcome("emergency/times", rows, off, "encounter_id", "whose times don't fit the encounter")


def emergency_minutes(tables: LakeTables) -> Check:
    """Check that gold's minutes are those between silver's times."""
    minutes = {
        name: (pl.col(end) - pl.col(begin)).dt.total_seconds() / 60 for name, (begin, end) in MINUTES.items()
    }
    wanted = tables.scan(ENCOUNTERS).select(
        *ENCOUNTER, *(value.alias(f"_{name}") for name, value in minutes.items())
    )
    rows = tables.scan(FACT_ENCOUNTERS).select(*ENCOUNTER, *MINUTES).join(wanted, on=ENCOUNTER, how="inner")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"_{name}")) for name in MINUTES)
    return _outcome("emergency/minutes", rows, rows.filter(~same), "encounter_id", "with other minutes")


def after_discharge(tables: LakeTables) -> Check:
    """Check that surveys are sent after the encounter's last day."""
    rows = tables.scan(SURVEYS).join(_ended(tables), on=ENCOUNTER, how="inner", suffix="_encounter")
    off = rows.filter(pl.col("sent_on") <= pl.col("discharged_at").dt.date())
    return _outcome("surveys/after_discharge", rows, off, "survey_id", "sent before the encounter was over")


def one_per_encounter(tables: LakeTables) -> Check:
    """Check that an encounter is asked about once."""
    rows = tables.scan(SURVEYS)
    off = rows.filter(pl.col("encounter_id").is_duplicated())
    return _outcome(
        "surveys/one_per_encounter", rows, off, "survey_id", "about an encounter asked about twice"
    )


def eligible(tables: LakeTables) -> Check:
    """Check that surveys are sent about encounters that may be asked about, and that gold says the same.

    `false_alarms` counts the rows where gold's `is_eligible` is another.
    """
    births = tables.scan(PATIENTS).group_by("patient_id").agg(pl.col("birth_date").max())
    rows = tables.scan(FACT_SURVEYS).select("survey_id", "survey_type", *ENCOUNTER, "is_eligible")
    rows = rows.join(_ended(tables), on=ENCOUNTER, how="inner").join(births, on="patient_id", how="left")
    rows = rows.with_columns(_may_be_asked().alias("_expected"))
    off = rows.filter(~pl.col("_expected")).select("survey_id").collect()
    other = rows.filter(pl.col("is_eligible") != pl.col("_expected")).select("survey_id").collect()
    detail = sentences(
        f"not eligible: {listed(off['survey_id'].sort())}" if off.height else "",
        f"gold says otherwise: {listed(other['survey_id'].sort())}" if other.height else "",
    )
    total = rows.select(pl.len()).collect().item()
    return compared("surveys/eligible", total, off.height, other.height, unit="surveys", detail=detail)


def in_stay(tables: LakeTables) -> Check:
    """Check that adverse events happened during the encounter they name."""
    rows = _events(tables)
    off = rows.filter(
        (pl.col("occurred_at") < pl.col("admitted_at"))
        | (pl.col("occurred_at") > pl.col("discharged_at")).fill_null(False)
    )
    return _outcome("adverse_events/in_stay", rows, off, "adverse_event_id", "outside their encounter")


def of_the_facility(tables: LakeTables) -> Check:
    """Check that adverse events name the facility of their encounter."""
    rows = _events(tables)
    off = rows.filter(pl.col("facility_id") != pl.col("facility_id_encounter"))
    return _outcome("adverse_events/facility", rows, off, "adverse_event_id", "at another facility")


def reported(tables: LakeTables) -> Check:
    """Check that events were reported after they happened, and that gold's hours say how long after."""
    waited = (pl.col("reported_at") - pl.col("occurred_at")).dt.total_seconds() / 3600
    wanted = tables.scan(EVENTS).select("adverse_event_id", waited.alias("_hours"))
    gold = tables.scan(FACT_EVENTS).select("adverse_event_id", "hours_to_report")
    rows = gold.join(wanted, on="adverse_event_id", how="inner")
    sound = (pl.col("_hours") >= 0) & pl.col("hours_to_report").eq_missing(pl.col("_hours"))
    off = rows.filter(~sound.fill_null(False))
    return _outcome("adverse_events/reported", rows, off, "adverse_event_id", "reported before or otherwise")


def _outcome(name: str, rows: pl.LazyFrame, off: pl.LazyFrame, key: str, fault: str) -> Check:
    expected = rows.select(pl.len()).collect().item()
    found = off.select(key).collect()[key]
    detail = f"{len(found)} {fault}: {listed(found.sort().cast(pl.String))}" if len(found) else ""
    return compared(name, expected, len(found), 0, detail=detail)


def _is_flagged(rule: str) -> pl.Expr:
    return pl.col("_warnings").list.contains(rule).fill_null(False)


def _not_after(first: str, second: str) -> pl.Expr:
    """Return whether two times are in order, as far as both are known."""
    return (pl.col(first) <= pl.col(second)).fill_null(True)


def _ended(tables: LakeTables) -> pl.LazyFrame:
    """Return the encounters whose end is known and plausible."""
    rows = tables.scan(ENCOUNTERS).filter(
        pl.col("discharged_at").is_not_null() & ~_is_flagged(IMPLAUSIBLE_END)
    )
    columns = ("admitted_at", "discharged_at", "encounter_type", "discharge_disposition", "unit", "drg")
    return rows.select(*ENCOUNTER, *columns)


def _events(tables: LakeTables) -> pl.LazyFrame:
    known = tables.scan(ENCOUNTERS).select(*ENCOUNTER, "admitted_at", "discharged_at", "facility_id")
    return tables.scan(EVENTS).join(known, on=ENCOUNTER, how="inner", suffix="_encounter")


def _may_be_asked() -> pl.Expr:
    """Return whether a survey of its type may be sent about the encounter beside it."""
    admitted = pl.col("admitted_at").dt.date()
    is_adult = pl.col("birth_date").dt.offset_by(f"{ADULT_MONTHS}mo") <= admitted
    is_inpatient = pl.col("encounter_type") == "inpatient"
    left = pl.col("discharge_disposition").fill_null("")
    psychiatric = (pl.col("unit") == "psychiatric").fill_null(False)
    unasked = psychiatric | pl.col("drg").is_in(UNASKED_DRG).fill_null(False)
    overnight = pl.col("discharged_at").dt.date() > admitted
    of_stay = is_inpatient & overnight & ~unasked & ~left.is_in(ELSEWHERE)
    of_visit = ~is_inpatient & (left != "20")
    return is_adult & pl.when(pl.col("survey_type") == "hcahps").then(of_stay).otherwise(of_visit)
