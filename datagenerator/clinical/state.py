"""What the simulation carries from month to month about each patient."""

from dataclasses import dataclass, field

import numpy as np

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block
from datagenerator.clinical.clock import NEVER, Clock
from datagenerator.clinical.hospitals import Hospitals
from datagenerator.clinical.population import Population

BACKGROUND, UNPLANNED_RETURN, PLANNED_RETURN, TRANSFER, SAME_DAY_RETURN = range(5)
PRIOR_ADMISSION_MONTHS, PRIOR_EMERGENCY_MONTHS = 12, 6


@dataclass(frozen=True)
class World:
    """All that stays the same while one cohort of a block is simulated."""

    arguments: Arguments
    block: Block
    clock: Clock
    people: Population
    hospitals: Hospitals
    state_of_residence: np.ndarray
    first_month: int


@dataclass
class Pending:
    """The next admission that follows from a stay, by patient; `at` is `NEVER` where there is none."""

    at: np.ndarray
    kind: np.ndarray
    facility: np.ndarray
    reason: np.ndarray
    code: np.ndarray
    legs: np.ndarray


@dataclass
class State:
    """Patients at a moment of the simulation; times in seconds, days in days."""

    pending: Pending
    busy_until: np.ndarray
    clear_from: np.ndarray
    death_day: np.ndarray
    admissions: np.ndarray
    emergencies: np.ndarray
    stays: list[dict[str, np.ndarray]] = field(default_factory=list)
    visits: list[dict[str, np.ndarray]] = field(default_factory=list)

    def prior_admissions(self) -> np.ndarray:
        """Return admissions of the last year, this month included."""
        return self.admissions.sum(axis=1)

    def prior_emergencies(self) -> np.ndarray:
        """Return emergency visits of the last half year."""
        return self.emergencies.sum(axis=1)

    def turn_month(self) -> None:
        """Forget the oldest month of the counts."""
        self.admissions = np.roll(self.admissions, 1, axis=1)
        self.admissions[:, 0] = 0
        self.emergencies = np.roll(self.emergencies, 1, axis=1)
        self.emergencies[:, 0] = 0


def fresh(size: int) -> State:
    """Return the state of patients to whom nothing has happened."""
    never = np.full(size, NEVER)
    none = np.full(size, -1)
    return State(
        pending=Pending(never.copy(), *(none.copy() for _ in range(5))),
        busy_until=np.full(size, -NEVER),
        clear_from=np.full(size, -NEVER),
        death_day=never.copy(),
        admissions=np.zeros((size, PRIOR_ADMISSION_MONTHS), dtype=int),
        emergencies=np.zeros((size, PRIOR_EMERGENCY_MONTHS), dtype=int),
    )
