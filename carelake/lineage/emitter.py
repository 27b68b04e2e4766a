"""A run as OpenLineage events: one job run for the command, below it one for each table it works on."""

from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.metadata import version
from uuid import NAMESPACE_OID, uuid5

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import (
    JobFacet,
    RunFacet,
    error_message_run,
    job_type_job,
    parent_run,
    processing_engine_run,
)

from carelake.builder import Built, targets_of
from carelake.contract import Contract
from carelake.errors import kind_of
from carelake.events import Event, FilesLoaded, RunEnded, RunStarted, TableBuilt, TableFailed, TableStarted
from carelake.lineage.datasets import PRODUCER, Datasets


class Emitter:
    """Emits what a run tells; the ids of its events follow from the run's, so that they can be looked up."""

    def __init__(
        self,
        run_id: str,
        command: str,
        datasets: Datasets,
        namespace: str,
        emit: Callable[[RunEvent], object],
    ) -> None:
        """Take the run, how its tables are described, the jobs' namespace, and the client's `emit`."""
        self.run_id = run_id
        self.command = command.partition(" ")[0]
        self.datasets = datasets
        self.namespace = namespace
        self.emit = emit

    def __call__(self, at: datetime, event: Event) -> None:
        """Emit what OpenLineage has words for, as of when it happened."""
        match event:
            case RunStarted():
                self._of_run(at, RunState.START)
            case FilesLoaded(contract, files, rows):
                self._loaded(at, contract, files, rows)
            case TableStarted(contract):
                for target in targets_of(contract):
                    self._of_table(at, RunState.START, target.table, self.datasets.inputs(contract))
            case TableBuilt(contract, built):
                for one in built:
                    self._built(at, contract, one)
            case TableFailed(contract, problem):
                for target in targets_of(contract):
                    self._of_table(at, RunState.FAIL, target.table, failure=kind_of(problem))
            case RunEnded(outcome):
                self._of_run(at, RunState.COMPLETE if outcome == "done" else RunState.FAIL)

    def _loaded(self, at: datetime, contract: Contract, files: list[str], rows: int) -> None:
        table, inputs = f"bronze/{contract.name}", self.datasets.landed(files)
        self._of_table(at, RunState.START, table, inputs)
        self._of_table(at, RunState.COMPLETE, table, inputs, [self.datasets.output(table, contract, rows)])

    def _built(self, at: datetime, contract: Contract, built: Built) -> None:
        rows = built.written.inserted + built.written.updated if built.written else 0
        inputs, output = self.datasets.judged(contract), self.datasets.output(built.table, contract, rows)
        self._of_table(at, RunState.COMPLETE, built.table, inputs, [output])

    def _of_run(self, at: datetime, state: RunState) -> None:
        engine = processing_engine_run.ProcessingEngineRunFacet(
            version=version("pyspark"), name="spark", openlineageAdapterVersion=version("carelake")
        )
        run = Run(self._uuid(), {"processing_engine": engine})
        self.emit(_event(at, state, run, self._job(self.command, "COMMAND")))

    def _of_table(
        self,
        at: datetime,
        state: RunState,
        table: str,
        inputs: Sequence[InputDataset] = (),
        outputs: Sequence[OutputDataset] = (),
        failure: str | None = None,
    ) -> None:
        above = parent_run.ParentRunFacet(
            run=parent_run.Run(self._uuid()), job=parent_run.Job(self.namespace, self.command)
        )
        facets: dict[str, RunFacet] = {"parent": above}
        if failure:
            facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(failure, "PYTHON")
        job = self._job(table.replace("/", "."), "TABLE")
        self.emit(_event(at, state, Run(self._uuid(table), facets), job, inputs, outputs))

    def _job(self, name: str, kind: str) -> Job:
        facets: dict[str, JobFacet] = {"jobType": job_type_job.JobTypeJobFacet("BATCH", "CARELAKE", kind)}
        return Job(self.namespace, name, facets)

    def _uuid(self, table: str = "") -> str:
        return str(uuid5(NAMESPACE_OID, f"{self.run_id}/{table}"))


def _event(
    at: datetime,
    state: RunState,
    run: Run,
    job: Job,
    inputs: Sequence[InputDataset] = (),
    outputs: Sequence[OutputDataset] = (),
) -> RunEvent:
    return RunEvent(
        eventTime=at.isoformat(),
        producer=PRODUCER,
        eventType=state,
        run=run,
        job=job,
        inputs=list(inputs),
        outputs=list(outputs),
    )
