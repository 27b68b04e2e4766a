"""The generator as a Spark job: the one place of the jobs that knows it."""
