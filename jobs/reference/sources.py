"""Where each reference table comes from: one way to load it, and a cheap mark of its version."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from carelake.errors import ContractError
from jobs.reference import calendar, code_files, diagnosis_codes, readmission_codes


@dataclass(frozen=True)
class Source:
    """A reference table: `version` changes whenever `load` would return something else."""

    load: Callable[[], pa.Table]
    version: Callable[[], str]


def load(name: str) -> pa.Table:
    """Return a reference table whole; ContractError if there is none of that name."""
    return _source(name).load()


def version(name: str) -> str:
    """Return the mark of a reference table's content, without loading it; ContractError if there is none."""
    return _source(name).version()


def names() -> list[str]:
    """Return the names of all reference tables, sorted."""
    return sorted(_sources())


def _source(name: str) -> Source:
    sources = _sources()
    if name not in sources:
        raise ContractError(
            f"reference/{name}: no such reference table; add conf/reference/{name}.csv "
            f"or read one of {', '.join(sorted(sources))}"
        )
    return sources[name]


def _sources() -> dict[str, Source]:
    files = {
        file.stem: Source(partial(code_files.load, file), partial(code_files.version, file))
        for file in code_files.files()
    }
    return files | {
        "calendar": Source(calendar.load, calendar.version),
        "icd10cm": Source(diagnosis_codes.icd10cm, diagnosis_codes.version),
        "ccsr": Source(diagnosis_codes.ccsr, diagnosis_codes.version),
        "ccir": Source(diagnosis_codes.ccir, diagnosis_codes.version),
        "readmission_codes": Source(readmission_codes.load, readmission_codes.version),
    }
