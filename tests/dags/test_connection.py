"""Where a task is submitted; the operator itself would take YARN where nobody defined its connection."""

MASTER = """
from carelake.orchestration.tasks import _prepare
from airflow.providers.apache.spark.hooks.spark_submit import SparkSubmitHook

_prepare({})
print(SparkSubmitHook(conn_id="spark_default")._connection["master"])
"""


def master(airflow, **settings):
    done = airflow.python("-c", MASTER, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_without_a_connection_it_is_that_of_the_project(airflow):
    assert master(airflow) == "local[*]"


def test_a_connection_that_somebody_defined_counts(airflow):
    assert master(airflow, AIRFLOW_CONN_SPARK_DEFAULT="spark://head:7077") == "spark://head:7077"
