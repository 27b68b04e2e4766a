"""A run is heard of from its start to its end, whatever that is; the ledger keeps what was foreseen."""

import json
from datetime import UTC, datetime

import pytest

from carelake import log
from carelake.cli.recorded import recorded
from carelake.errors import CarelakeError
from carelake.ledger import recent
from carelake.settings import Settings


@pytest.mark.parametrize(
    ("problem", "kept"),
    [(CarelakeError("a file is missing"), [["a file is missing"]]), (KeyboardInterrupt(), [])],
    ids=["foreseen", "interrupted"],
)
def test_a_run_that_fails_has_an_end(tmp_path, capsys, problem, kept):
    log.configure("INFO", "json")
    try:
        with recorded(Settings(carelake_data_dir=tmp_path), "run all", datetime.now(UTC)) as run:
            raise problem
    except KeyboardInterrupt:
        assert isinstance(problem, KeyboardInterrupt)
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line.get("outcome")) for line in told] == [
        ("run_started", None),
        ("run_ended", "failed"),
    ]
    assert {line["run_id"] for line in told} == {run.run_id}
    assert [line["failures"] for line in recent(tmp_path / "lake", 9)] == kept
