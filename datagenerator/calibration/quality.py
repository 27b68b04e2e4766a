"""Infections and their exposure, as the facilities report them."""

from collections.abc import Callable

import polars as pl

from datagenerator.calibration.extract import Extract
from datagenerator.calibration.statistics import ratio

# What infections are counted against, and how many of it make one.
EXPOSURES = {
    "clabsi": ("central_line_days", 1_000),
    "cauti": ("urinary_catheter_days", 1_000),
    "mrsa": ("patient_days", 1_000),
    "cdi": ("patient_days", 1_000),
    "ssi": ("surgical_procedures", 100),
}


def _reported(extract: Extract) -> pl.DataFrame:
    """Rows whose counts can be true: some wrong copies are planted among them."""
    devices = pl.max_horizontal("central_line_days", "urinary_catheter_days")
    whole = pl.min_horizontal(*(f"{kind}_events" for kind in EXPOSURES)) >= 0
    return extract.hai_data.filter(devices <= pl.col("patient_days"), whole)


def _rate(kind: str) -> Callable[[Extract], float]:
    exposure, per = EXPOSURES[kind]

    def rate(extract: Extract) -> float:
        rows = _reported(extract)
        return per * ratio(rows[f"{kind}_events"], rows[exposure])

    return rate


def _use(device: str) -> Callable[[Extract], float]:
    """Device days per patient day."""

    def use(extract: Extract) -> float:
        rows = _reported(extract)
        return ratio(rows[device], rows["patient_days"])

    return use


MARGINALS: dict[str, Callable[[Extract], float]] = {
    **{f"{kind}_rate": _rate(kind) for kind in EXPOSURES},
    "central_line_use": _use("central_line_days"),
    "catheter_use": _use("urinary_catheter_days"),
}
