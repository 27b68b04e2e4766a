"""Comparisons in which an empty value passes."""

from datetime import datetime


def at_most(first: object, second: object) -> bool:
    return first is None or second is None or first <= second


def day(moment: object) -> object:
    return moment.date() if isinstance(moment, datetime) else None
