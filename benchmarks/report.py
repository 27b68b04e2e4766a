"""docs/benchmarks.md: of each work the first and the latest figure of the record, then the profiles."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.measure import Cost
from carelake.settings import PROJECT

PAGE = PROJECT / "docs/benchmarks.md"
PROFILES = Path(__file__).with_name("profiles.md")
"""Where the time goes in what misses its aim, in words; it ends the page."""
HEAD = """# Benchmarks

Made by `make bench`; don't edit. Each figure is the ratio of two pieces of work that ran one after the
other on the same machine (of one to a multiple or a bound, where "against" says so), in wall seconds;
beside it are seconds, CPU seconds of all processes, and the resident memory of the largest one. Each is one
run, so a tenth more or less may be chance. "Before" is the first measurement of a row and "now" the latest,
at the commit that it names; where both pieces became faster, the ratio may grow. Seconds of other machines
differ more than ratios do. How a row is measured stands in `benchmarks/rows`; where the time goes in what
misses its aim is said below the table.

"""
COLUMNS = ("work", "against", "aim", "", "ratio", "seconds", "CPU s", "peak MiB", "commit", "day", "cores")


def page(figures: Iterable[Figure], profiles: str) -> str:
    """Return the page: per work a line for its latest figure, and for its first where there are several."""
    lines = [_line(COLUMNS), _line(["---"] * len(COLUMNS))]
    for _, taken in groupby(sorted(figures, key=_order), key=_identity):
        first, *later = taken
        if later:
            lines += [_line(_cells("before", first)), _line(_cells("now", later[-1]))]
        else:
            lines.append(_line(_cells("now", first)))
    return HEAD + "\n".join([*lines, "", profiles])


def _identity(figure: Figure) -> tuple[str, str]:
    return figure.work, figure.against


def _order(figure: Figure) -> tuple[str, str, datetime]:
    """Return what sorts figures by work, and those of a work by commit, whenever they were taken."""
    return (*_identity(figure), datetime.fromisoformat(figure.committed))


def _cells(when: str, figure: Figure) -> list[str]:
    met = "" if figure.ratio <= figure.aim else " (missed)"
    return [
        figure.work,
        figure.against,
        f"≤ {figure.aim:g}",
        when,
        f"{figure.ratio:.2f}{met}",
        *(
            f"{getattr(figure.ours, part):,.1f} / {getattr(figure.other, part):,.1f}"
            for part in Cost.__dataclass_fields__
        ),
        f"`{figure.commit}`",
        figure.day,
        str(figure.cores),
    ]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
