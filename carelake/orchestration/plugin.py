"""Airflow's plugin of Carelake: whichever Airflow runs the DAGs has the pool they share."""

import json
import sys

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

from carelake.orchestration.tasks import CONF, POOL


@hookimpl  # type: ignore[untyped-decorator]  # Airflow leaves it bare
def on_starting(component: object) -> None:
    """Make the pool where it is missing, since tasks of an unknown pool are never scheduled.

    Called in every starting process; those with a job, such as the scheduler, may use the database.
    """
    from airflow.jobs.job import Job
    from airflow.models.pool import Pool

    if isinstance(component, Job) and Pool.get_pool(POOL) is None:
        known = json.loads((CONF / "pools.json").read_text(encoding="utf-8"))[POOL]
        Pool.create_or_update_pool(POOL, known["slots"], known["description"], known["include_deferred"])


class CarelakePlugin(AirflowPlugin):  # type: ignore[misc]  # without the airflow group its base is unknown
    """Registers the listener above."""

    name = "carelake"
    listeners = [sys.modules[__name__]]  # noqa: RUF012  # a plugin declares them so
