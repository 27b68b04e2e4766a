"""Treatments by standard protocols: of registered conditions, line after line, and after certain stays."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.care import Care, first_told
from datagenerator.catalogue import table
from datagenerator.draws import hashes, uniform
from datagenerator.records.courses import courses
from datagenerator.records.images import told, unfilled
from datagenerator.records.occasions import occasions
from datagenerator.world import figures

LINES = (1, 2, 3)
SEVERE = 3  # of a registered condition, 1 to 4
SEVERE_STAY = 0.5  # of a stay, a standard score
HOSPICE = ("50", "51")
FIRST_DAYS, BETWEEN_LINES_DAYS, TOLD_DAYS = 21, 28, 4
HOUR = np.timedelta64(1, "h")
COLUMNS = [
    *("treatment_id", "patient_id", "encounter_id", "condition", "diagnosis_code", "protocol_code"),
    *("started_on", "planned_end_on", "ended_on", "status", "outcome", "stop_reason", "updated_at"),
    *("_known", "_begin"),
]


class _Use(NamedTuple):
    """After which reason of admission and code a protocol is started: how often, and how many days later."""

    cause: str
    diagnosis: str
    protocol_code: str
    mild: float
    severe: float
    after_days: str


def treatments(care: Care, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return all images of treatments up to a delivery, with `_known` and `_begin`, when the encounter began.

    A treatment is told when it starts and once more when it has ended; death ends it, as soon as the source
    knows of the death.
    """
    found = pd.concat([_of_registry(care, arguments), _after_stays(care, arguments)], ignore_index=True)
    people = care.people.set_index("patient_id")
    rows = found.assign(_death=found["patient_id"].map(people["death_date"]))
    rows = _one_at_a_time(rows[~(rows["_death"] <= rows["started_on"])])
    told = care.patients[care.patients["death_date"].notna()].groupby("patient_id")["recorded_at"].min()
    return _images(rows.assign(_told=rows["patient_id"].map(told)), arguments, deliveries)


def _of_registry(care: Care, arguments: Arguments) -> pd.DataFrame:
    """Return the treatments of registered conditions: a first line, and others where one ends in vain."""
    entries = first_told(care.registry, "registry_id").reset_index(drop=True)
    frailty = care.people.set_index("patient_id")["frailty"]
    base, seed = hashes(entries["registry_id"]), arguments.seed
    shares = figures(arguments.world, "treatments")
    entries = entries.assign(
        frailty=entries["patient_id"].map(frailty),
        started_on=entries["registered_on"] + _days(uniform(base, seed, "first line"), FIRST_DAYS),
    )
    open_cases = entries[uniform(base, seed, "treated") < shares["started"]]
    lines = []
    for line in LINES:
        chosen = courses(_chosen(open_cases, line, seed), arguments)
        lines.append(chosen)
        base = hashes(chosen["treatment_id"])
        in_vain = (chosen["status"] == "discontinued") | (chosen["outcome"] == "worsened")
        goes_on = in_vain & (uniform(base, seed, "another line") < shares["next_line"])
        pause = _days(uniform(base, seed, "between lines"), BETWEEN_LINES_DAYS)
        open_cases = chosen.assign(started_on=chosen["ended_on"] + pause)[goes_on]
    return pd.concat(lines, ignore_index=True).assign(_known=0)


def _chosen(entries: pd.DataFrame, line: int, seed: int) -> pd.DataFrame:
    """Return the entries with the protocol chosen for a line; those that have none left are dropped."""
    use = table("treatment_use").query("source == 'registry'")
    use = use[use["line"] == line]
    severe = (entries["severity"] >= SEVERE).to_numpy()
    fits = [
        (entries["condition"] == cause) & entries["diagnosis_code"].str.startswith(prefix)
        for cause, prefix in zip(use["cause"], use["diagnosis"], strict=True)
    ]
    weights = np.where(severe[:, None], use["severe"].to_numpy(float), use["mild"].to_numpy(float))
    if "protocol_code" in entries:
        # What was given up is not given again as the next line.
        weights = weights * (entries["protocol_code"].to_numpy()[:, None] != use["protocol_code"].to_numpy())
    upto = np.cumsum(weights * np.column_stack(fits), axis=1)
    rows = entries.assign(treatment_id="T" + entries["registry_id"].str[1:] + f"{line:02d}")
    draw = uniform(hashes(rows["treatment_id"]), seed, "protocol") * upto[:, -1]
    which = np.minimum((upto <= draw[:, None]).sum(axis=1), len(use) - 1)
    return rows.assign(protocol_code=use["protocol_code"].to_numpy()[which])[upto[:, -1] > 0]


def _after_stays(care: Care, arguments: Arguments) -> pd.DataFrame:
    """Return the treatments that stays start, for those who leave alive and not for hospice care."""
    stays = occasions(care).query("occasion == 'discharge' and ending == 'well'")
    last = care.encounters.drop_duplicates(["encounter_id", "_known"]).set_index(["encounter_id", "_known"])
    image = pd.MultiIndex.from_frame(stays[["encounter_id", "known"]])
    coded = last[["discharge_disposition", "admitting_diagnosis_code"]].reindex(image).reset_index(drop=True)
    stays = stays.reset_index(drop=True).join(coded).drop_duplicates("base")
    stays = stays[~stays["discharge_disposition"].isin(HOSPICE)].reset_index(drop=True)
    use = table("treatment_use").query("source == 'stay'")
    uses = use[list(_Use._fields)].itertuples(index=False, name=None)
    parts = [_started(stays, _Use(*line), number, arguments.seed) for number, line in enumerate(uses, 1)]
    return courses(pd.concat(parts, ignore_index=True), arguments)


def _started(stays: pd.DataFrame, use: _Use, number: int, seed: int) -> pd.DataFrame:
    """Return the treatments that one use gives to stays for its reason."""
    fits = (stays["reason"] == use.cause) & stays["admitting_diagnosis_code"].str.startswith(use.diagnosis)
    rows = stays[fits]
    base, days = hashes(rows["base"]), int(use.after_days)
    share = np.where(rows["severity"].to_numpy(float) >= SEVERE_STAY, use.severe, use.mild)
    later = _days(uniform(base, seed, f"start of {use.protocol_code}"), days)
    left = rows["discharged_at"].dt.normalize() + later
    rows = rows.assign(
        treatment_id="T" + rows["encounter_id"].str[1:] + f"{number:02d}",
        protocol_code=use.protocol_code,
        diagnosis_code=rows["admitting_diagnosis_code"],
        started_on=left if days else rows["admitted_at"].dt.normalize(),
        severity=np.clip(np.rint(2.0 + rows["severity"]), 1, 4),
        _known=rows["known"],
        _begin=rows["admitted_at"],
        _written=rows["discharged_at"],
    )
    kept = "treatment_id patient_id encounter_id diagnosis_code protocol_code started_on severity frailty"
    given = uniform(base, seed, f"given {use.protocol_code}") < share
    return rows.loc[given, [*kept.split(), "_known", "_begin", "_written"]]


def _one_at_a_time(rows: pd.DataFrame) -> pd.DataFrame:
    """Drop treatments that begin while the patient is still treated by the same protocol."""
    rows = rows.sort_values(["patient_id", "protocol_code", "started_on", "treatment_id"], kind="stable")
    same = rows.groupby(["patient_id", "protocol_code"])["ended_on"]
    busy_until = same.cummax().groupby([rows["patient_id"], rows["protocol_code"]]).shift()
    return rows[~(busy_until >= rows["started_on"])]


def _images(rows: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return each treatment as it runs and as it has ended; of the two, if known together, the latter."""
    base, seed = hashes(rows["treatment_id"]), arguments.seed
    noted = np.maximum(rows["started_on"], rows["_written"].dt.normalize().fillna(rows["started_on"]))
    begun = noted + 14 * HOUR + _hours(uniform(base, seed, "start told"))
    died = rows["_death"] < rows["ended_on"]
    over = rows["ended_on"] + 14 * HOUR + _hours(uniform(base, seed, "end told"))
    over = np.maximum(over.mask(died, rows["_told"] + 3 * HOUR), begun).where(~died | rows["_told"].notna())
    ended = rows.assign(
        ended_on=rows["ended_on"].mask(died, rows["_death"]),
        status=rows["status"].mask(died, "died"),
        outcome=rows["outcome"].mask(died, "died"),
        stop_reason=rows["stop_reason"].mask(died, None),
        updated_at=over,
    )
    running = unfilled(ended, ["ended_on", "outcome", "stop_reason"])
    running = running.assign(status="running", updated_at=begun)
    return told([running, ended], "treatment_id", arguments, deliveries)[COLUMNS]


def _days(share: np.ndarray, most: int) -> pd.TimedeltaIndex:
    """Return whole days from 1 to `most`; none where there are none to choose from."""
    return pd.to_timedelta(np.ceil(share * most), unit="D").as_unit("s")


def _hours(share: np.ndarray) -> np.ndarray:
    """Return the whole seconds, up to some days, after which something is told."""
    return (share * TOLD_DAYS * 86_400).astype("timedelta64[s]")
