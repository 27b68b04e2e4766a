"""Random numbers per row that do not move when later months are appended."""

import numpy as np

from datagenerator.blocks import stream


def by_month(key: tuple[int, ...], month: np.ndarray, width: int) -> np.ndarray:
    """Return rows x `width` uniform numbers; each month's rows, in their order, use a stream of their own.

    `key` is (seed, block, stage, cohort); the order within a month must not depend on other months.
    """
    draws = np.empty((len(month), width))
    if not len(month):
        return draws
    order = np.argsort(month, kind="stable")
    months, first = np.unique(month[order], return_index=True)
    for number, rows in zip(months, np.split(order, first[1:]), strict=True):
        draws[rows] = stream(*key, int(number)).random((len(rows), width))
    return draws
