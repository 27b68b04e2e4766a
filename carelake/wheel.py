"""Getting the project's code to the executors of a cluster."""

from pathlib import Path

from pyspark import SparkContext
from pyspark.sql import SparkSession

from carelake.errors import CarelakeError
from carelake.settings import PROJECT

# A wheel of pure Python is a zip that Python imports from; Spark only knows the other endings.
SparkContext.PACKAGE_EXTENSIONS = (*SparkContext.PACKAGE_EXTENSIONS, ".whl")
ROOMS = ("carelake", "jobs", "ml")
"""What executors run."""


def share_code(session: SparkSession) -> None:
    """Have a cluster's executors import the project from the wheel in `dist/`.

    Nothing is done where spark-submit was given `--py-files`, or where there is no wheel: then the executors
    find the project in their own environment. CarelakeError where the wheel is older than the code.
    """
    context = session.sparkContext
    conf = context.getConf()
    if conf.get("spark.master", "").startswith("local") or conf.get("spark.submit.pyFiles"):
        return
    for wheel in (PROJECT / "dist").glob("carelake-*.whl"):
        _refuse_stale(wheel)
        context.addPyFile(str(wheel))


def _refuse_stale(wheel: Path) -> None:
    made = wheel.stat().st_mtime
    files = (file for room in ROOMS for file in (PROJECT / room).rglob("*.py"))
    newer = next((file for file in files if file.stat().st_mtime > made), None)
    if newer:
        raise CarelakeError(
            f"{newer.relative_to(PROJECT)} is newer than {wheel.relative_to(PROJECT)}, which executors would "
            "run: `make wheel` builds it anew"
        )
