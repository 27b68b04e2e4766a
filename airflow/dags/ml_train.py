"""The models, fitted and judged anew every week."""

from datetime import timedelta

from airflow.sdk import TriggerRule, chain, dag

from carelake.orchestration.tasks import DEFAULTS, MODELS, SCORES, command

DOCS = """
Fits all models on gold, lets the gates decide which become champions, and scores with them.

`monitor` comes first and compares what came since the last training with what the champions learned
from. It is red when something moved past its bound; training goes on all the same, since that is the
remedy.
"""


@dag(
    schedule="@weekly",
    default_args=DEFAULTS | {"owner": "data-science"},
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=12),
    tags=["models"],
    doc_md=DOCS,
)
def ml_train() -> None:
    """Train all models."""
    chain(
        command("monitor", ["monitor", "all"], retries=0),
        command("train", ["train", "all"], outlets=[MODELS], trigger_rule=TriggerRule.ALL_DONE),
        command("score", ["score", "all"], outlets=[SCORES]),
    )


ml_train()
