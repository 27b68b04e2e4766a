"""Days from which `dim_time` is made."""

from datetime import date, timedelta

import pyarrow as pa

FIRST, LAST = date(2000, 1, 1), date(2049, 12, 31)


def load() -> pa.Table:
    """Return the column `date`: every day from the first through the last."""
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    return pa.table({"date": pa.array(days, pa.date32())})


def version() -> str:
    """Return the range of days."""
    return f"{FIRST}..{LAST}"
