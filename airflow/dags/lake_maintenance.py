"""The files of the lake, kept few and no older than needed."""

from datetime import timedelta

from airflow.sdk import dag

from carelake.orchestration.tasks import DEFAULTS, command

DOCS = """
Compacts small files, removes files that no version within the retention needs, and cleans up checkpoints:
`carelake maintain`.
"""


@dag(
    schedule="@weekly",
    default_args=DEFAULTS | {"owner": "data-engineering"},
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=12),
    tags=["lake"],
    doc_md=DOCS,
)
def lake_maintenance() -> None:
    """Maintain the lake's tables."""
    command("maintain", ["maintain"])


lake_maintenance()
