"""A model card in the order of TRIPOD+AI (Collins and others 2024, BMJ 385:e078378)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from ml.evaluation.evaluation import MAIN, Evaluation
from ml.evaluation.splits import Split
from ml.gates import Decision
from ml.problems.problem import Problem

SHOWN = 15
"""Features listed by importance."""
HEAD = """# {title}

{question}

Written by `carelake train {name}` at {now:%Y-%m-%d %H:%M} UTC; version {version} of `{model}`, {standing}.

## Use

For data teams and reviewers: it sorts and sizes risks for people to look at, it decides nothing. It was
trained on the rows named below; on another population, train and judge it anew.
"""
METHODS = """## Methods

Parts are apart in time, with an embargo as long as the outcome looks ahead, and no patient of the test rows
is in the others. Missing numbers are imputed by the median and marked, or left to the trees; rare and unknown
categories share a column.
"""
LIMITS = """## Limits

Data is synthetic unless the lake was loaded from elsewhere. Judged on one split: the interval tells the
chance in the test rows, not that of another period or hospital.
"""


@dataclass(frozen=True, eq=False)
class Card:
    """All that a card tells of one candidate."""

    problem: Problem
    candidate: str
    now: datetime
    version: str
    decision: Decision
    data: Mapping[str, int]
    split: Split
    outcome_rate: float
    params: Mapping[str, object]
    evaluation: Evaluation
    baselines: Mapping[str, Evaluation]
    importance: pd.DataFrame
    segments: pd.DataFrame | None = None

    def text(self) -> str:
        """Return the card as Markdown."""
        parts = [self._head(), self._data(), self._methods(), self._performance(), self._fairness()]
        return "\n".join([*parts, self._explanation(), LIMITS])

    def _head(self) -> str:
        standing = {
            "promote": "the champion",
            "promote_provisional": "the champion, provisionally",
            "keep_incumbent": "a challenger that did not become champion",
        }[self.decision.verdict]
        return HEAD.format(
            title=f"{self.problem.model_name}: {self.candidate}",
            question=self.problem.question,
            name=self.problem.name,
            now=self.now,
            version=self.version,
            model=self.problem.model_name,
            standing=standing,
        )

    def _data(self) -> str:
        versions = "\n".join(f"- `{table}` at Delta version {number}" for table, number in self.data.items())
        counts = ", ".join(
            f"{count:,} rows {part} (predictions of {self.params[f'{part}_predicted']})"
            for part, count in self.split.counts.items()
        )
        left = "; ".join(f"{count:,} {reason}" for reason, count in self.split.left_out.items())
        rate = f"In the test rows: {self.outcome_rate:.3f} {self.problem.unit}."
        return (
            f"## Source of data\n\n{versions}\n\n"
            f"## Outcome\n\n{self.problem.outcome}. {rate}\n\n"
            f"## Participants\n\n{counts}. Left out: {left}.\n"
        )

    def _methods(self) -> str:
        params = "\n".join(f"- {name}: {value}" for name, value in self.params.items())
        return f"{METHODS}\n{params}\n"

    def _performance(self) -> str:
        rows = [(name, str(one)) for name, one in self.evaluation.estimates.items()]
        figures = _table(pd.DataFrame(rows, columns=["measure", "value (95 % interval)"]))
        gains = [
            (name, str(self.evaluation.gain_over(baseline)), str(baseline.main))
            for name, baseline in self.baselines.items()
        ]
        measure = MAIN[self.problem.kind]
        columns = ["baseline", f"gain over it in {measure}", f"its own {measure}"]
        against = _table(pd.DataFrame(gains, columns=columns))
        return (
            "## Performance\n\nOn the test rows; intervals by drawing patients again.\n\n"
            f"{figures}\n\n{against}\n\n## Decision\n\n"
            + "\n".join(f"- {one}" for one in self.decision.reasons)
            + "\n"
        )

    def _fairness(self) -> str:
        groups = self.evaluation.tables().get("subgroups")
        return "" if groups is None else f"## Subgroups\n\n{_table(groups)}\n"

    def _explanation(self) -> str:
        segments = "" if self.segments is None else f"\n## Segments\n\n{_table(self.segments)}\n"
        return f"## What drives it\n\n{_table(self.importance.head(SHOWN))}\n{segments}"


def _table(frame: pd.DataFrame) -> str:
    head = f"| {' | '.join(map(str, frame.columns))} |\n|{' --- |' * len(frame.columns)}"
    lines = (f"| {' | '.join(_cell(value) for value in row)} |" for row in frame.itertuples(index=False))
    return "\n".join([head, *lines])


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
