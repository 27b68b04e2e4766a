"""`carelake train` and `carelake score` where they can't: what is wrong, and what to do."""

from types import SimpleNamespace

import pytest

from carelake.cli import main
from carelake.cli.train import write_cards


@pytest.fixture
def carelake(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CARELAKE_DATA_DIR", str(tmp_path))

    def call(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out = capsys.readouterr()
        said = out.out + out.err
        assert "Traceback" not in said
        return int(ended.value.code or 0), " ".join(said.split())

    return call


@pytest.mark.parametrize("command", ["train", "score"])
def test_a_model_that_there_is_not_is_wrong_usage(carelake, command):
    code, said = carelake(command, "mortality")
    assert code == 2
    assert "there is no model mortality; the models are: readmission, high_cost," in said


def test_training_without_a_lake_names_the_command_to_run(carelake):
    code, said = carelake("train", "readmission")
    assert code == 1
    assert "gold/features_readmission is not built yet: run `carelake run`" in said


def test_scoring_without_a_champion_names_the_command_to_run(carelake):
    code, said = carelake("score", "length_of_stay")
    assert code == 1
    assert "carelake-length-of-stay has no champion yet: run `carelake train length_of_stay`" in said


def test_cards_are_files_named_by_the_problem(tmp_path):
    write_cards([SimpleNamespace(problem="high_cost", card="# carelake-high-cost\n")], tmp_path / "cards")
    assert (tmp_path / "cards/high_cost.md").read_text() == "# carelake-high-cost\n"
