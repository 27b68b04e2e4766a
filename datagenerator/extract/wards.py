"""Files about wards: beds and their staff, made from all blocks' patient days, some wards at a time."""

from collections.abc import Iterator

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.extract.block import Part, parts_of
from datagenerator.extract.layout import LAYOUTS
from datagenerator.extract.organisations import STREAM_BLOCK
from datagenerator.extract.shipping import shipped
from datagenerator.extract.text import typed
from datagenerator.extract.verdict import judged
from datagenerator.organisations import facilities
from datagenerator.reports.bed_days import Counts, shape
from datagenerator.reports.staffing import staffing
from datagenerator.reports.wards import beds, wards

WARDS_AT_ONCE = 20


def ward_parts(
    bed_days: Counts, arguments: Arguments, deliveries: int, write_from: int
) -> Iterator[dict[tuple[int, str], Part]]:
    """Return beds and staffing, given the patient days of all blocks (flat, see `reports.bed_days`).

    Parts are yielded for so many wards at a time, as the patients' files are block by block.
    """
    census = bed_days.reshape(shape(arguments, deliveries))
    known = wards(arguments, facilities(arguments))
    for number, some in enumerate(known.parts(WARDS_AT_ONCE)):
        rows = beds(census, some, arguments, deliveries)
        frames = {"beds": rows, "staffing": staffing(rows, arguments)}
        files = {name: _shipped(name, frame, arguments, number, deliveries) for name, frame in frames.items()}
        yield parts_of(judged(files, arguments), deliveries, write_from)


def _shipped(
    name: str, frame: pd.DataFrame, arguments: Arguments, part: int, deliveries: int
) -> pd.DataFrame:
    """Return the delivered rows; none is late or lost, so that beds, staff and patients can be compared."""
    layout = LAYOUTS[name]
    images = typed(frame[[*layout.columns, "_known"]], layout).assign(_fragile=True, _final=False)
    return shipped(images, layout, arguments, STREAM_BLOCK + part, deliveries)
