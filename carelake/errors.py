"""Errors a user can act on; the command line prints them without a trace."""


class CarelakeError(Exception):
    """The data or the run failed: says what, where, and what to do."""

    exit_code = 1


class UsageError(CarelakeError):
    """The command was called in a way that can't work."""

    exit_code = 2


class ContractError(CarelakeError):
    """A contract is incomplete or contradicts itself or its neighbours."""


def failed(table: str, deed: str, problem: BaseException) -> CarelakeError:
    """Return an error that names the table something unforeseen happened to, in one line."""
    first_line = str(problem).strip().partition("\n")[0] or type(problem).__name__
    return CarelakeError(f"{table} could not be {deed}: {first_line}")
