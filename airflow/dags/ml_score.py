"""What changed in gold, scored by the champions as soon as gold is there."""

from datetime import timedelta

from airflow.sdk import dag

from carelake.orchestration.tasks import DEFAULTS, SCORES, command, layer_asset

DOCS = """
Started by the asset `gold`. Scores rows whose features or champion changed into `gold/score_*`. Without
a champion it fails and says which: run `ml_train` once.
"""


@dag(
    schedule=[layer_asset("gold")],
    default_args=DEFAULTS | {"owner": "data-science"},
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=12),
    tags=["models"],
    doc_md=DOCS,
)
def ml_score() -> None:
    """Score with the champions."""
    command("score", ["score", "all"], outlets=[SCORES])


ml_score()
