"""The whole verification: what it says of a lake, and when it holds its tongue."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer import Typer
from typer.testing import CliRunner

from carelake.cli.verify import verify as command
from carelake.errors import CarelakeError
from carelake.states import Note
from carelake.verify import report
from carelake.verify.check import Check, compared, listed
from carelake.verify.scores import JUDGES
from carelake.verify.tables import LakeTables
from carelake.verify.truth import read_truth
from carelake.verify.verification import LATER, Verification, verify
from tests.truth.verify.small_lake import REGISTRY, SCORED, deliver, read, write

UNSCORED = {f"scores/{name}" for name in JUDGES}
SEALED = {"quarantine", "kept", "superseded", "warnings", "unresolved"}


def verified(data: Path) -> Verification:
    return verify(data / "lake", data / "landing_zone", data / "truth", REGISTRY, SCORED)


def groups(found: Verification, status: str) -> set[str]:
    return {check.group for check in found.checks if check.status == status}


def described(data: Path, deliveries: int, end: str = "2024-12-31") -> None:
    (data / "truth/generator.json").write_text(json.dumps({"end": end, "deliveries": deliveries}))


def registered(data: Path) -> dict:
    return LakeTables(data / "lake").register("facilities")


def register(data: Path, files: dict) -> None:
    write(data, "bronze/facilities", read(data, "bronze/facilities"), Note("run1", "c", files=files))


def test_a_sound_lake_is_ok_and_says_what_it_did_not_check(data):
    found = verified(data)
    off = [f"{check.name}: {check.detail}" for check in found.checks if check.status == "failed"]
    assert (found.status, off) == ("ok", [])
    assert {check.name for check in found.checks if check.status == "not_checked"} == {*LATER, *UNSCORED}


def test_what_was_planted_or_read_was_counted(data):
    found = {check.name: check for check in verified(data).checks}
    assert found["quarantine/claims"].expected == 1
    assert found["rows/patients"].expected == 4
    assert found["money/claims.billed_amount"].expected == 200025
    assert found["dim_patient/history"].expected == 3


def test_while_the_lake_is_behind_the_truth_is_not_asked(data):
    described(data, deliveries=2)
    write(data, "gold/dim_patient", read(data, "gold/dim_patient")[:2])
    found = verified(data)
    assert found.behind == ("2025-02-01", "2025-03-01")
    assert groups(found, "not_checked") >= SEALED
    deliveries = next(check for check in found.checks if check.name == "deliveries")
    assert (deliveries.status, deliveries.expected, deliveries.found) == ("behind", 3, 1)
    assert "2 deliveries behind" in deliveries.detail
    history = next(check for check in found.checks if check.name == "dim_patient/history")
    assert (history.status, history.detail) == ("not_checked", "2 deliveries behind the truth")


def test_a_file_that_waits_is_behind_not_wrong(data):
    folder = data / "landing_zone/2025-02-01"
    folder.mkdir()
    shutil.copy(data / "landing_zone/claims.csv", folder)
    described(data, deliveries=1)
    found = verified(data)
    assert (found.status, found.behind) == ("behind", ("2025-02-01",))
    files = found.checks[0]
    assert (files.status, files.missing) == ("behind", 1)
    assert "2025-02-01/claims.csv: run `carelake run`" in files.detail


def test_a_file_replaced_and_not_loaded_again_waits(data):
    path = data / "landing_zone/facilities.csv"
    path.write_bytes(path.read_bytes() + b"F2,x\n")
    found = verified(data)
    assert (found.status, found.behind) == ("behind", (".",))


def test_a_file_set_aside_is_told(data):
    write(data, "bronze/registry", [])
    deliver(data, "2025-02-01/registry.csv", b"", 0, fault="the file is empty")
    found = verified(data)
    assert (found.status, found.checks[0].status) == ("failed", "failed")
    assert found.checks[0].detail == "2025-02-01/registry.csv was set aside: the file is empty"


def test_a_file_delivered_again_under_another_name_changes_nothing(data):
    first, text = registered(data), (data / "landing_zone/facilities.csv").read_bytes()
    deliver(data, "2025-02-15/facilities.csv", text, 0, same_as="facilities.csv")
    register(data, first | registered(data))
    found = verified(data)
    assert found.status == "ok"
    assert (found.checks[0].expected, found.checks[0].found) == (6, 6)


def test_rows_that_the_truth_cannot_know_are_not_held_against_it(data):
    rows = read(data, "bronze/facilities")
    write(data, "bronze/facilities", [*rows, rows[0] | {"_source_file": "2026-01-01/facilities.csv"}])
    first = registered(data)
    text = (data / "landing_zone/facilities.csv").read_bytes()
    deliver(data, "2026-01-01/facilities.csv", text, 1)
    register(data, first | registered(data))
    found = verified(data)
    assert groups(found, "failed") == set()
    assert SEALED | {"deliveries"} <= groups(found, "not_checked")


def test_without_a_truth_the_lake_is_held_against_itself(data):
    shutil.rmtree(data / "truth")
    assert verified(data).status == "ok"
    assert groups(verified(data), "not_checked") >= SEALED
    write(data, "silver/claims", read(data, "silver/claims")[1:])
    assert {"winners", "rows", "money", "grain"} <= groups(verified(data), "failed")


def test_a_table_that_should_be_there_is_told(data):
    shutil.rmtree(data / "lake/gold/dim_patient")
    found = verified(data)
    tables = next(check for check in found.checks if check.name == "tables")
    assert (found.status, tables.missing) == ("failed", 1)
    assert "gold/dim_patient" in tables.detail


def test_a_table_older_than_what_it_is_made_from_is_told(data):
    current = LakeTables(data / "lake").state("bronze/claims").stamp
    for stamp, stale in ((current, 0), ("c:7", 1)):
        note = Note("run1", "c", inputs={"bronze/claims": stamp})
        write(data, "silver/claims", read(data, "silver/claims"), note)
        tables = next(check for check in verified(data).checks if check.name == "tables")
        assert tables.missing == stale
    assert tables.detail == "older than what they are made from: silver/claims: run `carelake run`"


def test_without_a_lake_there_is_nothing_to_verify(tmp_path):
    with pytest.raises(CarelakeError, match="carelake run"):
        verify(tmp_path / "lake", tmp_path / "landing_zone", tmp_path / "truth", REGISTRY, SCORED)


def test_a_truth_that_cannot_be_read_is_an_error_not_a_pass(data):
    (data / "truth/generator.json").write_text("{}")
    with pytest.raises(CarelakeError, match=r"generator\.json"):
        verified(data)
    described(data, deliveries=0)
    (data / "truth/defects.csv").unlink()
    with pytest.raises(CarelakeError, match=r"defects\.csv"):
        verified(data)


@pytest.mark.parametrize(
    ("end", "folders"),
    [
        ("2024-12-31", (".", "2025-02-01", "2025-03-01")),
        ("2024-11-15", (".", "2025-01-01", "2025-02-01")),
        ("2024-10-31", (".", "2024-12-01", "2025-01-01")),
    ],
)
def test_deliveries_arrive_the_day_after_the_month_they_cover(data, end, folders):
    described(data, 2, end)
    truth = read_truth(data / "truth")
    assert truth is not None
    assert truth.deliveries == folders


def run(data: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str):
    monkeypatch.setenv("CARELAKE_DATA_DIR", str(data))
    app = Typer()
    app.command("verify")(command)
    return CliRunner().invoke(app, list(arguments))


def test_the_command_prints_json_and_exits_by_what_it_found(data, monkeypatch):
    sound = run(data, monkeypatch, "--json")
    said = json.loads(sound.stdout)
    assert (sound.exit_code, said["status"]) == (0, "ok")
    assert said["deliveries"] == {"described": 1, "loaded": 1, "behind": 0}
    assert {"name", "status", "expected", "found", "missing", "false_alarms"} <= said["checks"][0].keys()
    described(data, deliveries=1)
    assert run(data, monkeypatch, "--json").exit_code == 0
    described(data, deliveries=0)
    write(data, "quarantine/claims", [])
    bad = run(data, monkeypatch, "--json")
    failed = [check for check in json.loads(bad.stdout)["checks"] if check["status"] == "failed"]
    assert bad.exit_code == 1
    assert "quarantine/claims" in {check["name"] for check in failed}


def test_the_command_prints_a_table(data, monkeypatch):
    assert "verify: ok" in run(data, monkeypatch).stdout


def printed(*checks: Check) -> str:
    console = Console(file=StringIO(), width=200)
    report.show(Verification(checks, 1, (), 1.5), console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_alike_checks_are_printed_as_one_and_failures_alone():
    sound = [compared(f"rows/{name}", 1000, 0, 0) for name in ("a", "b")]
    text = printed(*sound, compared("rows/c", 10, 3, 1, detail="c.csv [bold]"), Check("stays", "not_checked"))
    lines = [line.split() for line in text.splitlines()]
    assert ["rows", "(2)", "ok", "2,000", "2,000", "0", "0", "rows"] in lines
    assert ["rows/c", "failed", "10", "7", "3", "1", "rows", "c.csv", "[bold]"] in lines
    assert "verify: failed; 2 ok, 1 failed, 1 not checked; 1.5 s" in text


def test_what_single_checks_say_survives_the_folding():
    text = printed(
        *(compared(f"references/{name}", 1, 0, 0, detail=f"{name} flagged") for name in ("a", "b"))
    )
    assert "a: a flagged, b: b flagged" in text


def test_long_lists_are_cut():
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
