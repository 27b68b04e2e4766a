"""Random numbers per row that do not move when later months are appended."""

import numpy as np

from datagenerator.blocks import stream


def by_month(key: tuple[int, ...], month: np.ndarray, width: int) -> np.ndarray:
    """Return rows x `width` uniform numbers; the rows of a month, in their order, use that month's own stream.

    `key` is (seed, block, stage, cohort); the order of the rows within a month must not depend on other months.
    """
    draws = np.empty((len(month), width))
    if not len(month):
        return draws
    order = np.argsort(month, kind="stable")
    months, first = np.unique(month[order], return_index=True)
    for number, rows in zip(months, np.split(order, first[1:]), strict=True):
        draws[rows] = stream(*key, int(number)).random((len(rows), width))
    return draws
