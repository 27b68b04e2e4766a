"""The lake, brought up every day to what lies in the landing zone."""

from datetime import timedelta

from airflow.sdk import dag

from carelake.orchestration.tasks import DEFAULTS, bring_up_lake

DOCS = """
Loads what is new, builds what it touches, and holds the lake against the truth where there is one.
Where the generator made the landing zone, it delivers the next month first.

| red task | look at |
|---|---|
| `generate`, `bronze` | `CARELAKE_DATA_DIR` of the worker |
| `quality_gate` | the delivery it names: too many rows are quarantined, so gold is left as it was |
| `silver`, `gold` | the last lines of its log; a task that is cleared goes on where it was |
| `verify` | which check failed; `carelake verify` prints the same |

A file that was set aside makes the first try of `bronze` fail, with its name and the reason; the next
try goes on without it. After a red gate, deliver the file anew and run the DAG again.
"""


@dag(
    schedule="@daily",
    default_args=DEFAULTS | {"owner": "data-engineering"},
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=12),
    tags=["lake"],
    doc_md=DOCS,
)
def lake_daily() -> None:
    """Bring the lake up."""
    bring_up_lake(generate=True)


lake_daily()
