"""All tables of the project: the one place that names the packages whose contracts make them."""

from carelake.registry import Registry

PACKAGES = ("jobs", "ml")


def registry() -> Registry:
    """Return the contracts of all tables; ContractError where one can't be read."""
    return Registry.of(*PACKAGES)
