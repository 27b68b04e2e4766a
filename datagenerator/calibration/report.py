"""The calibration report: every marginal of one generation or of several, beside its band and its source."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from datagenerator.calibration import care, money, operations, people, quality, signal
from datagenerator.calibration.extract import Extract

BANDS = Path(__file__).with_name("bands.csv")
COLUMNS = ("band", "cited", "unit", "source", "why beside the cited range")
THEMES = {
    "Patients": people,
    "Care": care,
    "Money": money,
    "Infections": quality,
    "Operations": operations,
    "Signal": signal,
}


@dataclass(frozen=True)
class Marginal:
    """A figure of one or more generations and the band that each must fall in, both ends included.

    The cited range is what sources report, missing where they give one number only; `why_not` says why the
    world may lie beside it. Below `least_patients` chance alone can throw the figure out of its band.
    """

    theme: str
    name: str
    unit: str
    low: float
    high: float
    cited_low: float
    cited_high: float
    least_patients: int
    meaning: str
    source: str
    why_not: str
    values: tuple[float, ...]
    patients: int

    @property
    def is_inside(self) -> bool:
        """Tell whether all values lie in the band."""
        return all(self.low <= value <= self.high for value in self.values)

    @property
    def verdict(self) -> str:
        """Return `ok`, `off`, or `too few` where a figure outside its band comes from too few patients."""
        if self.is_inside:
            return "ok"
        return "off" if self.patients >= self.least_patients else "too few"

    @property
    def cited(self) -> str:
        """Return the cited range, and how many of the values lie in it if not all."""
        if math.isnan(self.cited_low):
            return ""
        inside = sum(self.cited_low <= value <= self.cited_high for value in self.values)
        part = "" if inside == len(self.values) else f" ({inside} of {len(self.values)})"
        return f"{self.cited_low:g} to {self.cited_high:g}{part}"


def functions() -> dict[str, tuple[str, Callable[[Extract], float]]]:
    """Return theme and function of every marginal, by name."""
    return {name: (theme, f) for theme, module in THEMES.items() for name, f in module.MARGINALS.items()}


def bands() -> pd.DataFrame:
    """Return the bands by marginal."""
    rows = pd.read_csv(BANDS).set_index("marginal")
    return rows.fillna({"source": "", "why_not": ""})


def measured(extracts: Sequence[Extract]) -> list[Marginal]:
    """Measure all marginals of some generations."""
    known = bands()
    return [
        Marginal(
            theme=theme,
            name=name,
            **known.loc[name].to_dict(),
            values=tuple(measure(extract) for extract in extracts),
            patients=min(extract.arguments.patients for extract in extracts),
        )
        for name, (theme, measure) in functions().items()
    ]


def markdown(marginals: Sequence[Marginal], heads: Sequence[str]) -> str:
    """Return the report's tables, a column of values for each generation under its head."""
    lines = []
    for theme in THEMES:
        lines += [f"## {theme}", "", _row("", "meaning", *heads, *COLUMNS)]
        lines.append(_row(*["---"] * 2, *["--:"] * len(heads), *["---"] * len(COLUMNS)))
        lines += [_line(one) for one in marginals if one.theme == theme]
        lines.append("")
    return "\n".join(lines)


def _line(one: Marginal) -> str:
    mark = f"**{one.verdict}**" if one.verdict == "off" else one.verdict
    values = [_figure(value) for value in one.values]
    band = f"{one.low:g} to {one.high:g}"
    return _row(mark, one.meaning, *values, band, one.cited, one.unit, one.source, one.why_not)


def _figure(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def summary(marginals: Sequence[Marginal]) -> list[str]:
    """Return what to tell in a terminal: how many figures lie in their bands, and those that don't."""
    out = [one for one in marginals if not one.is_inside]
    lines = [f"calibration: {len(marginals) - len(out)} of {len(marginals)} figures inside their bands"]
    for one in out:
        values = ", ".join(_figure(value) for value in one.values)
        lines.append(
            f"  {one.verdict}: {one.meaning}: {values} (band {one.low:g} to {one.high:g} {one.unit})"
        )
    return lines
