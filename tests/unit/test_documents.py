"""What documents and examples say is there is there."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from carelake.cli.app import app
from carelake.settings import PROJECT, Settings
from tests import compose

DOCUMENTS = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").rglob("*.md"))]
CODE_BLOCK = re.compile(r"^```(?:bash|sh)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
KEPT_FOR_LATER = re.compile(r"DB_[A-Z]+")


def code_lines() -> list[str]:
    blocks = [block for file in DOCUMENTS for block in CODE_BLOCK.findall(file.read_text(encoding="utf-8"))]
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def commands() -> list[str]:
    """The `carelake` command lines that documents show, without what goes before `uv run carelake`."""
    return sorted(
        {line.partition("uv run carelake ")[2] for line in code_lines() if "uv run carelake " in line}
    )


def example_names() -> set[str]:
    return set(
        re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )


@pytest.mark.parametrize("line", commands())
def test_a_command_shown_is_one_that_carelake_understands(line: str) -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    name, *arguments = shlex.split(line, comments=True)
    group.commands[name].make_context(name, arguments)


def test_every_make_target_shown_exists() -> None:
    targets = set(
        re.findall(r"^([a-z0-9-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    shown = {
        target
        for line in code_lines()
        if line.startswith("make ")
        for target in shlex.split(line, comments=True)[1:]
    }
    assert shown <= targets
    assert {"demo", "test"} <= shown


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: str(file.relative_to(PROJECT)))
def test_links_lead_somewhere(file: Path) -> None:
    links = LINK.findall(file.read_text(encoding="utf-8"))
    assert [link for link in links if not (file.parent / link).exists()] == []


def test_the_example_names_every_setting_all_that_containers_ask_for_and_no_other() -> None:
    settings = {name.upper() for name in Settings.model_fields}
    asked = compose.VARIABLE.finditer(compose.FILE.read_text(encoding="utf-8"))
    containers = {found["name"] for found in asked}
    named = {name for name in example_names() if not KEPT_FOR_LATER.fullmatch(name)}
    assert named == settings | containers


def test_the_settings_file_sets_only_what_exists() -> None:
    settings = tomllib.loads((PROJECT / "conf/carelake.toml").read_text(encoding="utf-8"))
    assert set(settings) <= set(Settings.model_fields)


def test_every_decision_is_listed() -> None:
    folder = PROJECT / "docs/decisions"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert listed == {file.name for file in folder.glob("[0-9]*.md")}
