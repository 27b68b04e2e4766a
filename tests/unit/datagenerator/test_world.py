import pandas as pd
import pytest

from datagenerator.world import WorldError, check, figures, overridden


def written(folder, text):
    path = folder / "ours.toml"
    path.write_text(text)
    return str(path)


def test_a_world_says_only_what_differs(tmp_path):
    ours = written(tmp_path, "[people]\nage_mean = 40\n")
    assert figures(ours, "people")["age_mean"] == 40
    assert figures(ours, "people")["age_sd"] == figures("default", "people")["age_sd"]
    assert figures(ours, "encounters") == figures("default", "encounters")


def test_a_table_of_names_replaces_some_of_the_usual_figures(tmp_path):
    names, usual = pd.Series(["asthma", "diabetes"]), pd.Series([0.1, 0.3])
    ours = written(tmp_path, "[ceiling]\ndiabetes = 0.5\n")
    assert overridden("default", "ceiling", names, usual).tolist() == [0.1, 0.3]
    assert overridden(ours, "ceiling", names, usual).tolist() == [0.1, 0.5]
    stranger = written(tmp_path / "..", "[ceiling]\ngout = 0.5\n")
    with pytest.raises(WorldError, match="has no gout; it has: asthma, diabetes"):
        overridden(stranger, "ceiling", names, usual)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[poeple]\nage_mean = 40\n", "no world has a table \\[poeple\\]"),
        ("[people]\nage_men = 40\n", "has no age_men; it has: age_limits, age_mean"),
        ("[people]\nage_mean = 'old'\n", "age_mean = 'old' is not of the kind of 55.0"),
        ("[people]\nage_limits = [1.0]\n", "age_limits = \\[1.0\\] is not of the kind"),
        ("[people\n", "is no TOML"),
    ],
)
def test_what_no_world_has_is_refused(tmp_path, text, message):
    with pytest.raises(WorldError, match=message):
        check(written(tmp_path, text))


def test_a_world_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(WorldError, match="those of conf/population are: default"):
        check("atlantis")
