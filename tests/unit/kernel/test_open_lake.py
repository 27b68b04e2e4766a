"""A command's session is started once, and ended with the command whatever became of it."""

import pytest

from carelake.cli.run import open_lake
from carelake.errors import CarelakeError
from carelake.settings import Settings


def test_a_session_that_can_not_be_prepared_is_started_and_ended_once(monkeypatch):
    started, ended = [], []

    def refuse(session):
        raise CarelakeError("the wheel is older than the code")

    monkeypatch.setattr("carelake.cli.run.build_session", lambda *_, **__: started.append("one") or "one")
    monkeypatch.setattr("carelake.cli.run.share_code", refuse)
    monkeypatch.setattr("carelake.cli.run.end_session", ended.append)
    with open_lake(Settings()) as lake:
        for _ in range(2):
            with pytest.raises(CarelakeError, match="older than the code"):
                _ = lake.session
    assert started == ended == ["one"]
