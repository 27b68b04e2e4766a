"""What a user may ask of the generator."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Arguments:
    """One request for a synthetic health system; the same values give the same bytes.

    Counts are the distinct keys of the initial extract, rates are shares between 0 and 1, `world` names the
    file of figures it is drawn by. `output` and `workers` say where and how, never what.
    """

    patients: int = 10_000
    providers: int = 500
    facilities: int = 50
    encounters: int = 50_000
    claims: int = 100_000
    seed: int = 42
    readmission_rate: float = 0.15
    high_cost_share: float = 0.20
    fraud_rate: float = 0.02
    defect_rate: float = 0.005
    start: date = date(2022, 1, 1)
    end: date = date(2024, 12, 31)
    world: str = "default"
    output: Path = Path("data/landing_zone")
    workers: int = 2

    @property
    def truth(self) -> Path:
        """Folder of the sealed truth: beside the landing zone, never inside it."""
        return self.output.parent / "truth"
