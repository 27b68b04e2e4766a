"""The calibration report: every marginal of one generation or of several, beside its band and its source."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from datagenerator.calibration import care, money, operations, people, quality, signal
from datagenerator.calibration.extract import Extract

BANDS = Path(__file__).with_name("bands.csv")
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
    """A figure of one or more generations and the band that each must fall in, both ends included."""

    theme: str
    name: str
    unit: str
    low: float
    high: float
    meaning: str
    source: str
    values: tuple[float, ...]

    @property
    def is_inside(self) -> bool:
        """Tell whether all values lie in the band."""
        return all(self.low <= value <= self.high for value in self.values)


def functions() -> dict[str, tuple[str, Callable[[Extract], float]]]:
    """Return theme and function of every marginal, by name."""
    return {name: (theme, f) for theme, module in THEMES.items() for name, f in module.MARGINALS.items()}


def bands() -> pd.DataFrame:
    """Return the bands by marginal."""
    return pd.read_csv(BANDS, keep_default_na=False).set_index("marginal")


def measured(extracts: Sequence[Extract]) -> list[Marginal]:
    """Measure all marginals of some generations."""
    known = bands()
    return [
        Marginal(
            theme=theme,
            name=name,
            **known.loc[name].to_dict(),
            values=tuple(measure(extract) for extract in extracts),
        )
        for name, (theme, measure) in functions().items()
    ]


def markdown(marginals: Sequence[Marginal], heads: Sequence[str]) -> str:
    """Return the report's tables, a column of values for each generation under its head."""
    lines = []
    for theme in THEMES:
        lines += [f"## {theme}", "", _row("", "meaning", *heads, "band", "unit", "source")]
        lines.append(_row(*["---"] * 2, *["--:"] * len(heads), *["---"] * 3))
        lines += [_line(one) for one in marginals if one.theme == theme]
        lines.append("")
    return "\n".join(lines)


def _line(one: Marginal) -> str:
    mark = "ok" if one.is_inside else "**off**"
    values = [_figure(value) for value in one.values]
    return _row(mark, one.meaning, *values, f"{one.low:g} to {one.high:g}", one.unit, one.source)


def _figure(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def summary(marginals: Sequence[Marginal]) -> list[str]:
    """Return what to tell in a terminal: how many figures lie in their bands, and those that don't."""
    off = [one for one in marginals if not one.is_inside]
    lines = [f"calibration: {len(marginals) - len(off)} of {len(marginals)} figures inside their bands"]
    for one in off:
        values = ", ".join(_figure(value) for value in one.values)
        lines.append(f"  off: {one.meaning}: {values} (band {one.low:g} to {one.high:g} {one.unit})")
    return lines
