"""Tasks, assets and chains of which the DAGs are made: each task is one command of the command line."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.sdk import Asset, BaseHook, chain
from airflow.sdk.exceptions import AirflowNotFoundException

from carelake.contract import Contract
from carelake.registry import Registry
from carelake.settings import PROJECT
from carelake.tables import LAKE

CONF = PROJECT / "conf/airflow"
CONNECTION = "spark_default"
POOL = "lake"
DEFAULTS: dict[str, object] = {
    "retries": 3,
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": 2,
    "max_retry_delay": timedelta(hours=1),
    "execution_timeout": timedelta(hours=6),
}
"""A command that was cut short goes on where it was, so trying again is always right."""
SCORES = Asset("scores", uri="lake://scores")
MODELS = Asset("models", uri="lake://models")


def layer_asset(layer: str) -> Asset:
    """Return the asset that tells of a layer brought up to date."""
    return Asset(layer, uri=f"lake://{layer}")


def command(task_id: str, words: Sequence[str], **options: object) -> SparkSubmitOperator:
    """Return the task that submits one command, such as `["run", "silver"]`, to the Spark of the connection.

    All tasks share the pool `lake`: on local disk a lake has one writer. `options` are the operator's.
    """
    return SparkSubmitOperator(
        task_id=task_id,
        application=str(PROJECT / "jobs/submit.py"),
        application_args=list(words),
        name=f"carelake {task_id}",
        conn_id=CONNECTION,
        pool=POOL,
        pre_execute=_prepare,
        **options,
    )


def bring_up_lake(
    *, generate: bool = False, load: Sequence[str] = (), build: Sequence[str] = ()
) -> list[SparkSubmitOperator]:
    """Return the chain from landing zone to verified lake, a task per layer of the registry.

    `generate` has the generator, where it is the source, deliver first. `load` and `build` are options of
    `carelake run` for bronze and for the layers after it. Gold waits for the quality gate.
    """
    tables = Registry.of(*LAKE)
    tasks = [command("generate", ["generate", "--next", "--if-generated"])] if generate else []
    for layer in tables.layers:
        if layer == "gold":
            # What is quarantined stays so until somebody delivers anew: trying again would not mend it.
            tasks.append(command("quality_gate", ["gate"], retries=0))
        words = ["run", layer, *(load if layer == "bronze" else build)]
        tasks.append(command(layer, words, outlets=[layer_asset(layer)], doc_md=_tables(tables.layer(layer))))
    tasks.append(command("verify", ["verify"], retries=0))
    chain(*tasks)
    return tasks


def _tables(contracts: Sequence[Contract]) -> str:
    return "\n".join(f"- `{contract.table}`: {contract.description}" for contract in contracts)


def _prepare(context: object) -> None:
    """Have spark-submit be that of this Python, and the connection defined.

    The operator would submit to YARN where nobody defined its connection, and say so in its log alone.
    """
    del context
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    os.environ["PYSPARK_PYTHON"] = sys.executable
    try:
        BaseHook.get_connection(CONNECTION)
    except AirflowNotFoundException:
        known = json.loads((CONF / "connections.json").read_text(encoding="utf-8"))
        os.environ[f"AIRFLOW_CONN_{CONNECTION.upper()}"] = json.dumps(known[CONNECTION])
