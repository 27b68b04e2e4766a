"""One block from simulation to CSV lines and truth: the unit of work that can be done anywhere."""

from dataclasses import dataclass

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block
from datagenerator.care import Care
from datagenerator.clinical import simulate
from datagenerator.extract.layout import LAYOUTS, PATIENT_FILES
from datagenerator.extract.rendering import rendered
from datagenerator.extract.shipping import shipped
from datagenerator.extract.text import typed
from datagenerator.extract.truth import defects, truths
from datagenerator.extract.verdict import Rows, judged
from datagenerator.extract.vulnerable import marked
from datagenerator.money.claims import claims
from datagenerator.money.enrollment import enrollment
from datagenerator.periods import period
from datagenerator.records.adverse_events import adverse_events
from datagenerator.records.claim_reviews import claim_reviews
from datagenerator.records.medications import medications
from datagenerator.records.observations import observations
from datagenerator.records.surveys import surveys
from datagenerator.records.treatments import treatments
from datagenerator.reports.bed_days import Counts, bed_days
from datagenerator.reports.census import census
from datagenerator.reports.measures import measure_counts

RECORDS = {
    "observations": observations,
    "medications": medications,
    "treatments": treatments,
    "surveys": surveys,
    "adverse_events": adverse_events,
}
# Malformed ends of files, in the initial extract only: a quote left open, a line that was cut off.
BROKEN_ENDS = {"enrollment": "unclosed_quote", "procedures": "cut_off_line"}


@dataclass(frozen=True)
class Task:
    """What to make of a block: everything up to `deliveries`, files only from `write_from` on."""

    arguments: Arguments
    block: Block
    deliveries: int
    write_from: int


@dataclass(frozen=True)
class Part:
    """A block's part of one file of one delivery; `data` is None where the file is already there."""

    rows: int
    data: bytes | None
    defects: pd.DataFrame


@dataclass(frozen=True)
class Result:
    """What a block brings: parts by delivery and file, tables of the truth, sums for the reports."""

    parts: dict[tuple[int, str], Part]
    truth: dict[str, pd.DataFrame]
    census: pd.DataFrame
    measures: pd.DataFrame
    bed_days: Counts


def made(task: Task) -> Result:
    """Simulate a block and return all that comes of it."""
    # A tenth less work: steps share the columns that they don't change.
    with pd.option_context("mode.copy_on_write", True):
        return _made(task)


def _made(task: Task) -> Result:
    arguments, block, deliveries = task.arguments, task.block, task.deliveries
    care = simulate(arguments, block, deliveries)
    last = pd.Timestamp(period(arguments, deliveries).data_through)
    money = claims(care, arguments, block, deliveries)
    frames = {name: getattr(care, name, None) for name in PATIENT_FILES}
    frames |= {"claims": money, "enrollment": enrollment(care.patients, arguments)}
    frames |= {name: record(care, arguments, deliveries) for name, record in RECORDS.items()}
    frames["claim_reviews"] = claim_reviews(money, arguments, deliveries)
    files = judged(_shipments(frames, care, task), arguments)
    return Result(
        parts=parts_of(files, deliveries, task.write_from),
        truth=truths(care, files, money, arguments, deliveries),
        census=census(care, arguments, deliveries, last),
        measures=measure_counts(care, arguments, deliveries, last),
        bed_days=bed_days(care, arguments, deliveries),
    )


def _shipments(frames: dict[str, pd.DataFrame], care: Care, task: Task) -> Rows:
    is_last = task.block.first + task.block.size == task.arguments.patients
    files: Rows = {}
    for name, frame in frames.items():
        images = marked(name, typed(frame, LAYOUTS[name]), care)
        rows = shipped(images, LAYOUTS[name], task.arguments, task.block.index, task.deliveries)
        files[name] = _broken_end(rows, name) if is_last and task.arguments.defect_rate > 0 else rows
    return files


def _broken_end(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """Append a copy of a sound row of the initial extract whose line will be broken."""
    initial = rows[rows["_delivery"] == 0]
    sound = initial[initial["_rules"] == ""].iloc[:1]
    if name not in BROKEN_ENDS or sound.empty:
        return rows
    kind = BROKEN_ENDS[name]
    end = sound.assign(_rules=kind, _line=kind, _has_key=False, _row=len(initial) + 1)
    return pd.concat([rows, end], ignore_index=True)


def parts_of(files: Rows, deliveries: int, write_from: int) -> dict[tuple[int, str], Part]:
    """Return the parts of all files, with text from delivery `write_from` on.

    The defects carry the number of the row within the part.
    """
    parts = {}
    for name, rows in files.items():
        listed = defects(rows)
        for number in range(deliveries + 1):
            some = rows[rows["_delivery"] == number].sort_values("_row", kind="stable")
            wanted = number >= write_from
            data = rendered(some.reset_index(drop=True), LAYOUTS[name]) if wanted else None
            parts[number, name] = Part(len(some), data, listed[listed["_delivery"] == number])
    return parts
