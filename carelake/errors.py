"""Errors a user can act on; the command line prints them without a trace."""

from collections.abc import Iterator
from contextlib import contextmanager

CALLED = "An error occurred while calling"


class CarelakeError(Exception):
    """The data or the run failed: says what, where, and what to do."""

    exit_code = 1


class UsageError(CarelakeError):
    """The command was called in a way that can't work."""

    exit_code = 2


class ContractError(CarelakeError):
    """A contract is incomplete or contradicts itself or its neighbours."""


def kind_of(problem: BaseException) -> str:
    """Return what kind of thing happened, without its words: those may hold a value of a row."""
    condition = getattr(problem, "getCondition", None)
    return str(condition() if condition else "") or type(problem).__name__


@contextmanager
def naming(table: str, deed: str) -> Iterator[None]:
    """Turn whatever unforeseen happens in the block into an error that names the table and the deed."""
    try:
        yield
    except CarelakeError:
        raise
    except Exception as problem:
        raise failed(table, deed, problem) from problem


def failed(table: str, deed: str, problem: BaseException) -> CarelakeError:
    """Return an error that names the table something unforeseen happened to, in one line."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()] or [type(problem).__name__]
    # What Java raised comes after a line that only says that something was called.
    told = lines[1].lstrip(": ") if lines[0].startswith(CALLED) and len(lines) > 1 else lines[0]
    return CarelakeError(f"{table} could not be {deed}: {told}")
