"""One run of the lake: landing zone to bronze, silver, the quality gate, gold, and a line in the ledger."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from carelake.builder import Builder
from carelake.cli.recorded import recorded
from carelake.contract import Contract
from carelake.delta import Lake
from carelake.errors import UsageError, naming
from carelake.events import FilesLoaded, GateChecked
from carelake.gate import breaches
from carelake.ledger import Run
from carelake.registry import Registry
from carelake.scheduler import build_all
from carelake.settings import Settings
from carelake.tables import registry
from jobs.bronze.ingest import Loaded, load, register_of
from jobs.bronze.landing import EVER, Arrival, Days, arrivals, miscounted, strangers
from jobs.reference import sources

LAYERS = ("bronze", "silver", "gold")


class Pipeline:
    """What a run does to one lake, step by step."""

    def __init__(
        self,
        settings: Settings,
        lake: Lake,
        registry: Registry,
        run: Run,
        *,
        full: bool = False,
        days: Days = EVER,
    ) -> None:
        """Take the lake, the tables there are, and the run whose ledger line is being written.

        `full` computes tables whole; of the deliveries those of the `days` are loaded.
        """
        self.settings = settings
        self.lake = lake
        self.registry = registry
        self.run = run
        self.days = days
        self.arrived: list[Arrival] = []
        self.builder = Builder(lake, registry, sources, run.run_id, full=full)

    def ingest(self, chosen: set[str]) -> None:
        """Load what is new in the landing zone into bronze; files that can't be read are set aside."""
        tables = [contract for contract in self.registry.layer("silver") if contract.table in chosen]
        with ThreadPoolExecutor(self.settings.parallel_tables) as pool:
            for loaded in pool.map(self._load, tables):
                if loaded:
                    self._note(loaded)
        self.run.files = len(self.arrived)
        self.run.notes += miscounted(self.arrived)
        known = {contract.name for contract in self.registry.layer("silver")}
        self.run.notes += strangers(self.settings.landing_zone, known)

    def build(self, layer: str, chosen: set[str]) -> None:
        """Bring the chosen tables of a layer up to date."""
        contracts = [contract for contract in self.registry.layer(layer) if contract.table in chosen]
        side_by_side = self.settings.parallel_tables
        self.run.built += build_all(contracts, self.builder.build, side_by_side, self.run.tell)

    def check_gate(self) -> bool:
        """Tell whether gold may be built; note why not."""
        found = [str(breach) for breach in breaches(self.lake.root, self.registry)]
        self.run.tell(GateChecked(len(found)))
        self.run.failures += found
        return not found

    def _load(self, contract: Contract) -> Loaded | None:
        table, started = f"bronze/{contract.name}", time.monotonic()
        with naming(table, "loaded"):
            register = register_of(self.lake.state(table))
            files = arrivals(self.settings.landing_zone, contract, register, self.days)
            self.arrived += files
            if not files:
                return None
            loaded = load(self.lake, contract, files, register, self.run.run_id, self.run.started_at)
        names, seconds = [file.name for file in files if file.is_loadable], time.monotonic() - started
        self.run.tell(FilesLoaded(contract, names, loaded.rows, len(loaded.faults), seconds))
        return loaded

    def _note(self, loaded: Loaded) -> None:
        self.run.rows_read += loaded.rows
        self.run.notes += loaded.notes
        self.run.failures += [f"{file} is set aside: {fault}" for file, fault in loaded.faults.items()]


def run_lake(
    settings: Settings,
    lake: Lake,
    *,
    layers: Sequence[str],
    tables: Sequence[str],
    full: bool,
    clock: Callable[[], datetime],
    days: Days = EVER,
) -> Run:
    """Run the layers in order under the lake's lock and record it; `failures` say what went wrong.

    UsageError where there is no landing zone to load from.
    """
    known = registry()
    chosen = known.choose(tables) if tables else set(known.contracts)
    if "bronze" in layers and not settings.landing_zone.is_dir():
        raise UsageError(
            f"there is no landing zone {settings.landing_zone}: generate one, or set CARELAKE_DATA_DIR"
        )
    with recorded(settings, " ".join(["run", *layers]), clock()) as run:
        _run_layers(Pipeline(settings, lake, known, run, full=full, days=days), layers, chosen)
    return run


def _run_layers(pipeline: Pipeline, layers: Sequence[str], chosen: set[str]) -> None:
    if "bronze" in layers:
        pipeline.ingest(chosen)
    if "silver" in layers:
        pipeline.build("silver", chosen)
    if "gold" in layers and pipeline.check_gate():
        pipeline.build("gold", chosen)
