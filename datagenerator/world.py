"""The figures of the simulated world: rates, prevalences and prices, from `conf/population/*.toml`."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

FOLDER = Path(__file__).parents[1] / "conf" / "population"
DEFAULT = "default"
OPEN = ("ceiling",)
"""Tables whose keys are free: names of the catalogue."""


class WorldError(ValueError):
    """The world's file is not there, can't be read, or names a figure that no world has."""


@lru_cache
def figures(world: str, table: str) -> Mapping[str, Any]:
    """Return a table of figures of a world: the default ones, save where the world's own file says otherwise.

    `world` is the name of a file in `conf/population`, or a path. WorldError where it makes no sense.
    """
    return _world(world)[table]


def overridden(world: str, table: str, names: pd.Series, usual: pd.Series) -> npt.NDArray[np.float64]:
    """Return the usual figure of each name, or the one that the world's table gives instead.

    WorldError for a name that is not among them.
    """
    own = figures(world, table)
    strangers = sorted(set(own) - set(names))
    if strangers:
        raise WorldError(f"{world}: [{table}] has no {strangers[0]}; it has: {', '.join(names)}")
    return np.array(
        [own.get(name, value) for name, value in zip(names, usual, strict=True)], dtype=np.float64
    )


def check(world: str) -> None:
    """Raise WorldError where a world can't be used."""
    _world(world)


@lru_cache
def _world(world: str) -> dict[str, dict[str, Any]]:
    known = _read(FOLDER / f"{DEFAULT}.toml")
    own = {} if world == DEFAULT else _read(_file(world))
    for table, values in own.items():
        _check(world, table, values, known)
    return {table: {**values, **own.get(table, {})} for table, values in known.items()}


def _file(world: str) -> Path:
    return Path(world) if world.endswith(".toml") else FOLDER / f"{world}.toml"


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        there = ", ".join(sorted(path.stem for path in FOLDER.glob("*.toml")))
        raise WorldError(f"there is no world {file}; those of conf/population are: {there}") from error
    except tomllib.TOMLDecodeError as error:
        raise WorldError(f"{file} is no TOML: {error}") from error


def _check(world: str, table: str, values: object, known: Mapping[str, Mapping[str, Any]]) -> None:
    if table not in known or not isinstance(values, dict):
        raise WorldError(f"{world}: no world has a table [{table}]; there are: {', '.join(sorted(known))}")
    for name, value in values.items():
        if table not in OPEN and name not in known[table]:
            raise WorldError(f"{world}: [{table}] has no {name}; it has: {', '.join(sorted(known[table]))}")
        usual = known[table].get(name, 0.0)
        if not _is_like(value, usual):
            raise WorldError(f"{world}: [{table}] {name} = {value!r} is not of the kind of {usual!r}")


def _is_like(value: object, usual: object) -> bool:
    """Tell whether a value can stand for the usual one: a number for a number, a list for one as long."""
    if isinstance(usual, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(usual, bool)
    if isinstance(usual, int | float):
        return isinstance(value, int | float)
    if isinstance(usual, list):
        return isinstance(value, list) and len(value) == len(usual)
    if isinstance(usual, dict):
        return isinstance(value, dict) and set(value) <= set(usual)
    return isinstance(value, type(usual))
