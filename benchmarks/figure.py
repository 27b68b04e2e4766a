"""One figure: what some work cost beside other work of the same run; and the record of all figures."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.measure import Cost

RECORD = Path(__file__).with_name("record.jsonl")
"""Every figure ever taken, a line each; the report is made of it."""


@dataclass(frozen=True)
class Figure:
    """What `work` cost beside `against`; their ratio in wall seconds should be `aim` at most.

    `work` and `against` are words for the reader; `commit` and its instant `committed` say of what, `day` and
    `cores` when and where.
    """

    work: str
    against: str
    aim: float
    ours: Cost
    other: Cost
    commit: str
    committed: str
    day: str
    cores: int

    @property
    def ratio(self) -> float:
        """Wall seconds of the work, in those of what it is measured against."""
        return self.ours.seconds / self.other.seconds


def keep(figure: Figure, record: Path = RECORD) -> None:
    """Add a figure to the record."""
    with record.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(asdict(figure), sort_keys=True) + "\n")


def kept(record: Path = RECORD) -> list[Figure]:
    """Return all figures of the record, oldest first."""
    lines = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    return [_figure(json.loads(line)) for line in lines]


def _figure(told: dict[str, object]) -> Figure:
    costs = {name: Cost(**told.pop(name)) for name in ("ours", "other")}  # type: ignore[arg-type]
    return Figure(**told, **costs)  # type: ignore[arg-type]
