"""Building tables in the order of what they read, independent ones side by side."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter

from carelake.builder import Built
from carelake.contract import Contract
from carelake.errors import naming
from carelake.events import Listener, TableBuilt, TableFailed, TableStarted

Build = Callable[[Contract], list[Built]]


def build_all(contracts: list[Contract], build: Build, side_by_side: int, tell: Listener) -> list[Built]:
    """Build each table after those it reads; the first failure stops what hasn't started and is raised.

    Results come in the order of the contracts; `tell` hears of each table as it starts and ends.
    CarelakeError names the table that failed.
    """
    by_table = {contract.table: contract for contract in contracts}
    sorter = TopologicalSorter(
        {table: [read.table for read in c.reads if read.table in by_table] for table, c in by_table.items()}
    )
    sorter.prepare()
    done: dict[str, list[Built]] = {}
    running: dict[Future[list[Built]], str] = {}
    with ThreadPoolExecutor(side_by_side) as pool:
        while sorter.is_active():
            for table in sorter.get_ready():
                running[pool.submit(_told, build, by_table[table], tell)] = table
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                table = running.pop(future)
                done[table] = _result(future, table, running)
                sorter.done(table)
    return [built for contract in contracts for built in done[contract.table]]


def _told(build: Build, contract: Contract, tell: Listener) -> list[Built]:
    tell(TableStarted(contract))
    try:
        built = build(contract)
    except Exception as problem:
        tell(TableFailed(contract, problem))
        raise
    tell(TableBuilt(contract, built))
    return built


def _result(future: Future[list[Built]], table: str, others: dict[Future[list[Built]], str]) -> list[Built]:
    if future.exception() is not None:
        for other in others:
            other.cancel()
    with naming(table, "built"):
        return future.result()
