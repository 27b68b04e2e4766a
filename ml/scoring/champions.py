"""Champions as inputs of score tables: a new one makes its scores anew, as a code set makes its dimension."""

from pathlib import Path

import pyarrow as pa
from mlflow import MlflowClient

from carelake.errors import ContractError
from carelake.states import read_state
from ml.problems import problem_of
from ml.tracking.champions import Champion, required

PREFIX = "champion_"


class Champions:
    """Gives the champion of each problem as a table of one row, `reference/champion_<problem>`."""

    def __init__(self, client: MlflowClient, lake: Path) -> None:
        """Take the registry's client, and the lake whose versions are noted."""
        self.client = client
        self.lake = lake

    def version(self, name: str) -> str:
        """Return which version is champion; CarelakeError where there is none."""
        return self._champion(name).uri

    def load(self, name: str) -> pa.Table:
        """Return the champion: its name, version and place, its base rate, and the tables it reads now."""
        found = self._champion(name)
        of = problem_of(name.removeprefix(PREFIX))
        row = {
            "model_name": found.name,
            "model_version": found.version,
            "model_uri": found.uri,
            "base_rate": found.tags["base_rate"],
            "tables_read": self._version_of(of.table),
        }
        return pa.table({column: pa.array([value], pa.string()) for column, value in row.items()})

    def _champion(self, name: str) -> Champion:
        if not name.startswith(PREFIX):
            raise ContractError(
                f"reference/{name}: score tables read champions, as reference/champion_readmission"
            )
        return required(self.client, problem_of(name.removeprefix(PREFIX)).model_name)

    def _version_of(self, table: str) -> str:
        state = read_state(self.lake / table)
        return f"{table}@{state.version if state else 'none'}"
