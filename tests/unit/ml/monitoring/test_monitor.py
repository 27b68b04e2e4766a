"""Monitoring of a champion trained on made-up stays: what came later is alike, or it is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from carelake.errors import CarelakeError
from carelake.settings import Settings
from ml.monitoring.monitor import monitor
from ml.problems.problem import Rows
from ml.tracking.store import connect
from tests.unit.ml.small_problem import FEATURES, LAST, small_problem, stays, train

NOW = datetime(2025, 1, 5, tzinfo=UTC)
BOUND = 0.25


class Tables:
    """Stands for the lake's tables, which the small problem does not read."""

    versions = {"gold/features_small": 7}  # noqa: RUF012 - as the real one's attribute

    def data_through(self):
        return LAST


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    settings = Settings(carelake_data_dir=tmp_path_factory.mktemp("monitored"))
    client = connect(settings)
    train(small_problem(), Tables(), client, settings, NOW)
    return client


def later(count=600, **changes):
    """Return the problem with stays after its training, changed in some columns."""

    def load(tables):
        frame = stays(count, seed=77)
        frame["predicted_at"] = frame["predicted_at"] + timedelta(days=800)
        frame = frame.assign(**{name: change(frame[name]) for name, change in changes.items()})
        return Rows(FEATURES.frame(frame), frame, frame["back"].to_numpy(), frame[["sex"]])

    return replace(small_problem(), load=load)


def past(found):
    return {one.subject for one in found if one.is_past_bound}


def test_more_of_the_same_lies_within_all_bounds(client):
    found = monitor(later(), Tables(), client, BOUND)
    assert {one.subject for one in found} == {"severity", "visits", "unit", "score", "outcome"}
    assert past(found) == set()
    assert {(one.model_name, one.model_version) for one in found} == {("carelake-readmission", "1")}
    since = datetime.combine(LAST, datetime.min.time(), UTC) + timedelta(days=1)
    assert {(one.since, type(one.since)) for one in found} == {(since, datetime)}


def test_a_feature_that_moved_is_told_with_the_score_it_moves(client):
    found = monitor(later(severity=lambda severity: severity + 1.5), Tables(), client, BOUND)
    assert {"severity", "score"} <= past(found)
    assert "visits" not in past(found)


def test_what_moves_with_the_calendar_is_not_compared(client, monkeypatch):
    monkeypatch.setattr("ml.monitoring.monitor.CALENDAR", ("severity",))
    assert {one.subject for one in monitor(later(), Tables(), client, BOUND)} == {
        *("visits", "unit", "score", "outcome")
    }


def test_a_new_category_is_a_change(client):
    assert past(monitor(later(unit=lambda unit: "tents"), Tables(), client, BOUND)) >= {"unit"}


def test_more_outcomes_than_expected_are_told(client):
    found = monitor(
        later(back=lambda back: (back.fillna(0) * 0 + 1).where(back.index % 5 > 0, 0.0)),
        Tables(),
        client,
        BOUND,
    )
    outcome = next(one for one in found if one.subject == "outcome")
    assert outcome.is_past_bound
    assert outcome.low > 1.25


def test_too_few_rows_tell_nothing(client):
    assert monitor(later(count=40), Tables(), client, BOUND) == []


def test_what_was_there_in_training_is_not_compared(client):
    assert monitor(small_problem(), Tables(), client, BOUND) == []


def test_without_a_champion_there_is_nothing_to_monitor(client):
    with pytest.raises(CarelakeError, match="carelake-high-cost has no champion yet"):
        monitor(replace(small_problem(), name="high_cost"), Tables(), client, BOUND)
