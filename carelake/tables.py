"""All tables of the project: the one place that names the packages whose contracts make them."""

from carelake.registry import Registry

LAKE = ("jobs", "ml.features")
"""What a run makes of the landing zone."""
SCORES = "ml.scoring"
"""What the champions make of gold; without them these tables can't be made."""


MONITORING = "ml.monitoring"
"""What is logged of the champions."""


def registry() -> Registry:
    """Return the contracts of the tables that a run makes."""
    return Registry.of(*LAKE)


def scores() -> Registry:
    """Return the contracts of the score tables."""
    return Registry.of(SCORES)


def everything() -> Registry:
    """Return the contracts of all tables."""
    return Registry.of(*LAKE, SCORES, MONITORING)
