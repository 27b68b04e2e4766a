"""The command `generate`, from its arguments to the folders it leaves."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from datagenerator.arguments import Arguments
from datagenerator.cli import generate
from datagenerator.extract.build import Making
from datagenerator.extract.install import Refused, generate_into

COUNTS = {"patients": 40, "providers": 12, "facilities": 5, "encounters": 160, "claims": 300, "workers": 1}
TINY = [word for name, count in COUNTS.items() for word in (f"--{name}", str(count))]


def run(output: Path, *more: str):
    app = typer.Typer()
    app.command()(generate)
    return CliRunner().invoke(app, [*TINY, "--output", str(output), *more])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A parent folder with the initial extract and two deliveries, made in one go."""
    parent = tmp_path_factory.mktemp("made")
    result = run(parent / "landing_zone", "--deliveries", "2")
    assert result.exit_code == 0, result.output
    return parent


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--patients", "0"], "--patients"),
        (["--encounters", "-5"], "--encounters"),
        (["--fraud-rate", "1.5"], "--fraud-rate"),
        (["--defect-rate", "-0.1"], "--defect-rate"),
        (["--deliveries", "-1"], "--deliveries"),
        (["--start", "2024-06-01", "--end", "2024-05-01"], "--end"),
        (["--start", "yesterday"], "--start"),
        (["--start", "2024-05-05", "--end", "2024-05-06"], "--start"),
        (["--claims", "100000"], "--claims"),
        (["--encounters", "100000"], "--encounters"),
        (["--next"], "--next"),
        (["--no-such-flag"], "--no-such-flag"),
    ],
)
def test_wrong_arguments_are_named_and_leave_nothing(tmp_path, arguments, word):
    result = run(tmp_path / "x" / "landing_zone", *arguments)
    assert result.exit_code == 2
    assert word in result.output
    assert not any(tmp_path.iterdir())


def test_the_counts_asked_for_are_distinct_keys(made):
    def keys(name):
        lines = (made / "landing_zone" / name).read_bytes().decode().splitlines()[1:]
        return {line.split(",")[0] for line in lines if line.split(",")[0]}

    found = {name: len(keys(f"{name}.csv")) for name in ("patients", "providers", "facilities", "claims")}
    assert found == {"patients": 40, "providers": 12, "facilities": 5, "claims": 300}
    assert len(keys("encounters.csv")) == 160


def test_the_note_of_a_delivery_counts_its_rows(made):
    for note in (made / "landing_zone").rglob("_delivery.json"):
        said = json.loads(note.read_text())
        files = {p.name: p.read_bytes() for p in note.parent.glob("*.csv")}
        assert {name: text.rstrip(b"\n").count(b"\n") for name, text in files.items()} == said["rows"]
    first = json.loads((made / "landing_zone" / "_delivery.json").read_text())
    assert (first["delivery"], first["data_through"]) == (".", "2024-12-31 23:59:59")


def test_deliveries_lie_in_folders_named_by_the_day_after(made):
    folders = sorted(p.name for p in (made / "landing_zone").iterdir() if p.is_dir())
    assert folders == ["2025-02-01", "2025-03-01"]


def test_the_truth_knows_the_arguments_but_not_where_and_how(made):
    told = json.loads((made / "truth" / "generator.json").read_text())
    assert told["deliveries"] == 2
    assert (told["patients"], told["start"], told["seed"]) == (40, "2022-01-01", 42)
    assert "output" not in told
    assert "workers" not in told


def test_next_adds_a_delivery_and_leaves_the_others_alone(made, tmp_path):
    output = tmp_path / "landing_zone"
    assert run(output).exit_code == 0
    for number in (1, 2):
        before = contents(output)
        result = run(output, "--next", "--if-generated")
        assert result.exit_code == 0, result.output
        after = contents(output)
        assert {name: after[name] for name in before} == before
        assert len({name.split("/")[0] for name in after if "/" in name}) == number
    assert contents(tmp_path) == contents(made), "step by step or in one go"


def test_asking_for_more_deliveries_adds_the_missing_ones(made, tmp_path):
    output = tmp_path / "landing_zone"
    assert run(output, "--deliveries", "1").exit_code == 0
    assert run(output, "--deliveries", "2").exit_code == 0
    assert contents(tmp_path) == contents(made)


def test_the_same_request_again_gives_the_same_bytes_and_drops_no_delivery(made):
    before = contents(made)
    assert run(made / "landing_zone").exit_code == 0
    assert contents(made) == before


def test_another_seed_gives_other_bytes(made, tmp_path):
    assert run(tmp_path / "landing_zone", "--seed", "7").exit_code == 0
    assert contents(tmp_path / "landing_zone")["claims.csv"] != contents(made / "landing_zone")["claims.csv"]


def test_another_generation_is_replaced_only_by_force(tmp_path):
    output = tmp_path / "landing_zone"
    assert run(output).exit_code == 0
    before = contents(tmp_path)
    refused = run(output, "--seed", "7")
    assert refused.exit_code == 2
    assert "--force" in refused.output
    assert contents(tmp_path) == before
    assert run(output, "--seed", "7", "--force").exit_code == 0
    assert json.loads((tmp_path / "truth" / "generator.json").read_text())["seed"] == 7


@pytest.mark.parametrize("stranger", ["landing_zone/notes.txt", "landing_zone/2025-02-01/x.csv", "truth/key"])
def test_files_of_others_are_never_replaced(tmp_path, stranger):
    (tmp_path / stranger).parent.mkdir(parents=True)
    (tmp_path / stranger).write_text("mine")
    result = run(tmp_path / "landing_zone", "--force")
    assert result.exit_code == 2
    assert contents(tmp_path) == {stranger: b"mine"}


def test_a_landing_zone_that_was_not_generated_is_left_alone_where_that_is_asked(tmp_path):
    (tmp_path / "landing_zone").mkdir()
    (tmp_path / "landing_zone" / "claims.csv").write_text("theirs")
    result = run(tmp_path / "landing_zone", "--next", "--if-generated")
    assert (result.exit_code, "left alone" in result.output) == (0, True)
    assert contents(tmp_path) == {"landing_zone/claims.csv": b"theirs"}


def test_next_with_other_arguments_than_the_output_s_is_refused(made):
    before = contents(made)
    result = run(made / "landing_zone", "--next", "--seed", "7")
    assert result.exit_code == 2
    assert "--seed" in result.output
    assert contents(made) == before


def test_a_generation_that_breaks_off_leaves_nothing_half(tmp_path):
    output = tmp_path / "landing_zone"
    arguments = Arguments(**COUNTS, output=output)

    def broken():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate_into(arguments, 0, 0, Making(advance=broken))
    assert not any(tmp_path.iterdir())


def test_what_a_killed_process_left_is_cleared_away(tmp_path):
    left = tmp_path / ".landing_zone.making" / "landing"
    left.mkdir(parents=True)
    (left / "claims.csv").write_text("half")
    assert run(tmp_path / "landing_zone").exit_code == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["landing_zone", "truth"]


def test_two_at_once_are_refused(tmp_path):
    output = tmp_path / "landing_zone"
    arguments = Arguments(**COUNTS, output=output)
    second = []

    def meanwhile():
        with pytest.raises(Refused, match="another process"):
            generate_into(arguments, 0, 0)
        second.append("refused")

    generate_into(arguments, 0, 0, Making(advance=meanwhile))
    assert second == ["refused"]
    assert (output / "claims.csv").exists()


def test_an_engine_that_is_not_there_is_refused(tmp_path):
    done = run(tmp_path / "landing_zone", *TINY, "--engine", "flink")
    assert done.exit_code == 2
    assert "there is no flink here" in done.output
    assert not (tmp_path / "landing_zone").exists()
