"""The simulated population: who the patients are, what befalls them, and what the source records of it."""

from datagenerator.clinical.simulation import simulate

__all__ = ["simulate"]
