"""What Carelake does to an Airflow that it is installed beside."""

START_JOBS = """
from airflow.jobs.job import Job
from airflow.models.pool import Pool

found = [Pool.get_pool("lake")]
Job()
found.append(Pool.get_pool("lake"))
Pool.create_or_update_pool("lake", 4, "an object store takes several writers", False)
Job()
found.append(Pool.get_pool("lake"))
print([pool and pool.slots for pool in found])
"""


def test_a_starting_scheduler_makes_the_pool_and_leaves_one_that_is_there(airflow):
    done = airflow.python("-c", START_JOBS)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[None, 1, 4]"
