"""Parse the folder of DAGs as Airflow does, and print what is in it as one line of JSON."""

import json
import sys

from airflow.dag_processing.dagbag import DagBag

HEAVY = ("pyspark", "delta", "deltalake", "pandas", "numpy", "pyarrow", "sklearn", "mlflow")


def seconds(delta):
    return delta and delta.total_seconds()


def task(one):
    return {
        "type": type(one).__name__,
        "words": one.application_args,
        "connection": one._conn_id,
        "pool": one.pool,
        "retries": one.retries,
        "backoff": one.retry_exponential_backoff,
        "timeout": seconds(one.execution_timeout),
        "before": sorted(one.downstream_task_ids),
        "outlets": [asset.uri for asset in one.outlets],
        "doc": one.doc_md,
    }


def dag(one):
    wanted = getattr(one.timetable, "asset_condition", None)
    return {
        "owner": one.owner,
        "tags": sorted(one.tags),
        "doc": one.doc_md,
        "side_by_side": one.max_active_runs,
        "timeout": seconds(one.dagrun_timeout),
        "waits_for": [asset.uri for asset in wanted.objects] if wanted else [],
        "tasks": {t.task_id: task(t) for t in one.topological_sort()},
    }


bag = DagBag()
found = {
    "errors": bag.import_errors,
    "heavy": [name for name in HEAVY if name in sys.modules],
    "dags": {dag_id: dag(one) for dag_id, one in bag.dags.items()},
}
print(json.dumps(found))
