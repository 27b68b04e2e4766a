"""Sums and means of fractions that are the same to the last digit in whatever order the rows are added."""

from pyspark.sql import Column


def exact(value: Column) -> Column:
    """Return a fraction as a decimal of twelve places: sums of decimals, unlike doubles, know no order.

    A cluster adds in the order in which its executors answer, so that a double would differ from run to run.
    """
    return value.cast("decimal(24,12)")
