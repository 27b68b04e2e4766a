"""Planting defects among the rows of one file of one delivery."""

import numpy as np
import pandas as pd

from datagenerator.extract.defects import BLEMISHES, ERRORS
from datagenerator.extract.layout import ORGANISATION_FILES, Layout
from datagenerator.extract.recipes import Kind, Recipe
from datagenerator.periods import Period

BLEMISHES_PER_ERROR = 2
# A handful of rows must not push a small file past the receiver's bound on bad rows.
LARGEST_SHARE_OF_SMALL_FILE = 0.04
OLDEST_COPY_DAYS = 20

# What every delivered row carries beside its cells: the text of cells that no type would write, the rules it
# breaks (`_rules`: error, `_warnings`), a malformation of its line, how it came (`_kind`), the image it stems
# from, its place in the file and whether it has kept its key.
BOOKKEEPING: dict[str, object] = {
    "_cells": None,
    "_rules": "",
    "_warnings": "",
    "_line": "",
    "_kind": "",
    "_has_key": True,
}


def delivered(rows: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Return images of rows as sound rows of a delivery, in key order."""
    ordered = rows.sort_values(list(layout.key), kind="stable")
    return ordered.assign(
        **BOOKKEEPING, _image=ordered.index, _order=np.arange(len(ordered), dtype=np.float64)
    )


def counts(rows: int, name: str, rate: float, is_first: bool, rng: np.random.Generator) -> tuple[int, int]:
    """Return how many errors and how many blemishes to plant among so many rows of a file.

    Small files, those of organisations and of later deliveries, have a ceiling; the former a floor of one.
    """
    errors = int(rng.binomial(rows, min(rate, 1.0)))
    blemishes = int(rng.binomial(rows, min(rate * BLEMISHES_PER_ERROR, 1.0)))
    is_small = name in ORGANISATION_FILES
    if is_small and rate > 0:
        errors, blemishes = max(errors, 1), max(blemishes, 1)
    if is_first and not is_small:
        return errors, blemishes
    most = int(rows * max(LARGEST_SHARE_OF_SMALL_FILE, 2 * rate))
    return min(errors, most), min(blemishes, most)


def planted(
    rows: pd.DataFrame, layout: Layout, rate: float, now: Period, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the rows of a period's delivery with errors and blemishes planted, at most one a row."""
    errors, blemishes = counts(len(rows), layout.name, rate, now.number == 0, rng)
    last = pd.Timestamp(now.data_through)
    free = pd.Series(True, rows.index)
    pieces, replaced = [], [rows.index[:0]]
    for recipe, count in _shares(ERRORS[layout.name], errors, rng):
        sturdy = ~rows["_fragile"] if recipe.kind is Kind.IN_PLACE else free
        chosen = _choose(rows, free & sturdy, recipe, count, rng)
        free[chosen.index] = False
        pieces.append(_spoiled(chosen, recipe, rng, last))
        replaced += [chosen.index] if recipe.kind is Kind.IN_PLACE else []
    for recipe, count in _shares(BLEMISHES[layout.name], blemishes, rng):
        chosen = _choose(rows, free, recipe, count, rng)
        free[chosen.index] = False
        pieces.append(recipe.change(chosen, rng).assign(_warnings=recipe.rules))
        replaced.append(chosen.index)
    kept = rows[~rows.index.isin(np.concatenate(replaced))]
    return pd.concat([kept, *[piece for piece in pieces if len(piece)]], ignore_index=True)


def _shares(recipes: tuple[Recipe, ...], total: int, rng: np.random.Generator) -> list[tuple[Recipe, int]]:
    """Spread a number of defects evenly over the recipes, beginning anywhere."""
    first = int(rng.integers(len(recipes)))
    size = len(recipes)
    return [(recipes[(first + n) % size], total // size + (n < total % size)) for n in range(size)]


def _choose(
    rows: pd.DataFrame, free: pd.Series, recipe: Recipe, count: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw free rows that the recipe suits."""
    if count == 0:
        return rows.iloc[:0]
    suited = free & recipe.where(rows)
    if recipe.is_final:
        suited &= rows["_final"]
    places = np.flatnonzero(suited.to_numpy(dtype=bool))
    return rows.iloc[np.sort(rng.choice(places, min(count, len(places)), replace=False))]


def _spoiled(
    chosen: pd.DataFrame, recipe: Recipe, rng: np.random.Generator, last: pd.Timestamp
) -> pd.DataFrame:
    """Return the chosen rows as the recipe leaves them, copies somewhere else in the file.

    Newer copies are written no later than `last`, the last instant of the period.
    """
    rows = recipe.change(chosen, rng).assign(_rules=recipe.rules, _kind=recipe.kind.value, _line=recipe.line)
    if recipe.kind is Kind.IN_PLACE:
        return rows
    rows["_order"] = rng.random(len(rows)) * chosen["_order"].max()
    if recipe.kind is Kind.STRAY:
        return rows.assign(_has_key=False)
    if recipe.kind is Kind.NEWER:
        room = ((last - rows["updated_at"]).dt.total_seconds() * rng.random(len(rows))).clip(lower=1)
        return rows.assign(updated_at=rows["updated_at"] + pd.to_timedelta(np.ceil(room), unit="s"))
    age = pd.to_timedelta(rng.integers(1, OLDEST_COPY_DAYS, len(rows)), unit="D")
    return rows.assign(updated_at=rows["updated_at"] - age)
