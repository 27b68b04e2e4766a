"""Files about organisations: made once, from all blocks' sums, by the same road as the patients' files."""

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import hashes, uniform
from datagenerator.extract.block import Part, parts_of
from datagenerator.extract.layout import LAYOUTS
from datagenerator.extract.shipping import shipped
from datagenerator.extract.text import typed
from datagenerator.extract.verdict import judged
from datagenerator.organisations import facilities, providers
from datagenerator.periods import period
from datagenerator.reports.infections import hai_data
from datagenerator.reports.measures import cms_measures

# Stands for a block in the numbering of random streams; no population has as many blocks.
STREAM_BLOCK = 1_000_000_000
RENAMED_MONTHLY = 0.01


def organisation_parts(
    census: pd.DataFrame, measures: pd.DataFrame, arguments: Arguments, deliveries: int, write_from: int
) -> dict[tuple[int, str], Part]:
    """Return the whole of the organisations' files, given the sums over all blocks."""
    known = facilities(arguments)
    frames = {
        "facilities": known.assign(_known=0),
        "providers": _renamed(providers(arguments), arguments, deliveries),
        "hai_data": hai_data(census, known, arguments, deliveries),
        "cms_measures": cms_measures(measures, arguments, deliveries),
    }
    files = {}
    for name, frame in frames.items():
        images = typed(frame, LAYOUTS[name]).assign(_fragile=False, _final=False)
        files[name] = shipped(images, LAYOUTS[name], arguments, STREAM_BLOCK, deliveries)
    return parts_of(judged(files, arguments), deliveries, write_from)


def _renamed(rows: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the providers, and once more those who take another family name in a later period."""
    images = [rows.assign(_known=0)]
    base = hashes(rows["provider_id"])
    for number in range(1, deliveries + 1):
        changed = uniform(base, arguments.seed, f"renamed in {number}") < RENAMED_MONTHLY
        names = rows["last_name"].to_numpy()[::-1][changed]
        written = pd.Timestamp(period(arguments, number).first) + pd.Timedelta(days=9, hours=11)
        images.append(rows[changed].assign(last_name=names, updated_at=written, _known=number))
    return pd.concat(images, ignore_index=True)
