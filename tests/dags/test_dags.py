"""The DAGs as Airflow parses them, with nothing set up but its database."""

import json

import pytest
import typer.main
from jinja2 import Template

from carelake.cli.app import app
from carelake.registry import Registry
from carelake.settings import PROJECT
from carelake.tables import LAKE

PARAMS = {"since": "2025-02-01", "until": None, "full": True}
DAGS = ["backfill", "lake_daily", "lake_maintenance", "ml_score", "ml_train"]


def all_tasks(parsed):
    return [
        (f"{dag_id}.{name}", task)
        for dag_id, dag in parsed["dags"].items()
        for name, task in dag["tasks"].items()
    ]


def test_every_dag_parses_without_spark_or_anything_else_that_is_heavy(parsed):
    assert parsed["errors"] == {}
    assert parsed["heavy"] == []
    assert sorted(parsed["dags"]) == DAGS


@pytest.mark.parametrize("dag_id", DAGS)
def test_a_dag_says_whose_it_is_and_what_to_do_when_it_is_red(parsed, dag_id):
    dag = parsed["dags"][dag_id]
    assert dag["owner"] in ("data-engineering", "data-science")
    assert dag["tags"]
    assert len(dag["doc"]) > 100
    assert dag["timeout"] > 0
    assert dag["side_by_side"] == 1


def test_every_task_is_submitted_to_the_connection_in_the_pool_of_one_slot(parsed):
    for name, task in all_tasks(parsed):
        assert task["type"] == "SparkSubmitOperator", name
        assert (task["connection"], task["pool"]) == ("spark_default", "lake"), name
        assert task["timeout"] > 0, name
    pools = json.loads((PROJECT / "conf/airflow/pools.json").read_text(encoding="utf-8"))
    assert pools["lake"]["slots"] == 1


def test_a_task_that_may_mend_itself_is_tried_again_with_growing_pauses(parsed):
    judges = {"quality_gate", "verify", "monitor"}
    for name, task in all_tasks(parsed):
        again = (task["retries"], task["backoff"])
        assert again == ((0, 2) if name.partition(".")[2] in judges else (3, 2)), name


def test_every_task_is_a_command_of_the_command_line(parsed):
    group = typer.main.get_command(app)
    for _, task in all_tasks(parsed):
        word, *options = (Template(text).render(params=PARAMS) for text in task["words"])
        # Raises, and names it, where the command has no such option.
        group.commands[word].make_context(word, options)


def test_the_lake_is_brought_up_layer_by_layer_with_the_gate_before_gold(parsed):
    lake = parsed["dags"]["lake_daily"]["tasks"]
    steps = ["generate", "bronze", "silver", "quality_gate", "gold", "verify"]
    assert list(lake) == steps
    assert [task["before"] for task in lake.values()] == [*([step] for step in steps[1:]), []]
    assert list(parsed["dags"]["backfill"]["tasks"]) == steps[1:]


def test_a_layer_s_task_names_the_tables_of_the_registry(parsed):
    registry = Registry.of(*LAKE)
    for layer in ("silver", "gold"):
        doc = parsed["dags"]["lake_daily"]["tasks"][layer]["doc"]
        assert all(f"`{contract.table}`" in doc for contract in registry.layer(layer))


def test_scores_follow_the_asset_that_gold_gives_out(parsed):
    gold = parsed["dags"]["lake_daily"]["tasks"]["gold"]["outlets"]
    assert parsed["dags"]["ml_score"]["waits_for"] == gold == ["lake://gold/"]
