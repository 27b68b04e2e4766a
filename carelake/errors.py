"""Errors a user can act on; the command line prints them without a trace."""


class CarelakeError(Exception):
    """The data or the run failed: says what, where, and what to do."""

    exit_code = 1


class UsageError(CarelakeError):
    """The command was called in a way that can't work."""

    exit_code = 2


class ContractError(CarelakeError):
    """A contract is incomplete or contradicts itself or its neighbours."""
