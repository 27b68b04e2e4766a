"""What is predicted: one module for each model, told in data."""

from importlib import import_module
from typing import TYPE_CHECKING

from carelake.errors import UsageError

if TYPE_CHECKING:
    from ml.problems.problem import Problem

NAMES = ("readmission", "high_cost", "length_of_stay", "claim_anomaly")


def problem_of(name: str) -> "Problem":
    """Return a problem by its name; UsageError if there is none of that name."""
    if name not in NAMES:
        raise UsageError(f"there is no model {name}; the models are: {', '.join(NAMES)}")
    found: Problem = import_module(f"ml.problems.{name}").PROBLEM
    return found
