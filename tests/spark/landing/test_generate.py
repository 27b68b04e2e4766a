from contextlib import contextmanager

from datagenerator.arguments import Arguments
from datagenerator.extract.build import Making
from datagenerator.extract.install import generate_into
from jobs.landing.generate import results


def written(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_blocks_made_on_spark_are_the_same_bytes(spark, tmp_path):
    @contextmanager
    def on_spark(tasks, workers):
        yield results(spark.sparkContext, tasks)

    for name, making in {"here": Making(), "spark": Making(on_spark)}.items():
        arguments = Arguments(
            # Three blocks, more than the session has cores.
            patients=4_100,
            encounters=4_100,
            claims=4_100,
            providers=20,
            facilities=6,
            output=tmp_path / name / "landing_zone",
            workers=1,
        )
        generate_into(arguments, 1, 0, making)
    assert written(tmp_path / "spark") == written(tmp_path / "here")
