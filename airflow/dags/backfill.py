"""The deliveries of a range of days, loaded and built; started by hand."""

from datetime import timedelta

from airflow.sdk import Param, dag

from carelake.orchestration.tasks import DEFAULTS, bring_up_lake

DOCS = """
Loads the deliveries from `since` up to `until` (folders of the landing zone are named by their day) and
builds what they touch. Without `since` it begins with the initial extract, without `until` it ends with
the last delivery. Whatever the order of backfills, the lake ends as if everything had been loaded at
once. `full` computes all tables whole, as after a change of a transformation.
"""
DAY = {"type": ["null", "string"], "format": "date"}


@dag(
    schedule=None,
    default_args=DEFAULTS | {"owner": "data-engineering"},
    max_active_runs=1,
    dagrun_timeout=timedelta(days=2),
    tags=["lake"],
    doc_md=DOCS,
    params={
        "since": Param(None, title="First day", **DAY),
        "until": Param(None, title="Last day", **DAY),
        "full": Param(False, type="boolean", title="Compute all tables whole"),
    },
)
def backfill() -> None:
    """Bring the lake up by a range of days."""
    bring_up_lake(
        load=["--since", "{{ params.since or '' }}", "--until", "{{ params.until or '' }}"],
        build=["{{ '--full' if params.full else '--no-full' }}"],
    )


backfill()
