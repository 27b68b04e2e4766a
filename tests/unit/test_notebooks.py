"""What notebooks promise: they tell, they define nothing, and nothing of a run is kept in them."""

import ast
from pathlib import Path

import nbformat
import pytest

from carelake.settings import PROJECT

NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 20
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def cells(file: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == kind]


def test_there_are_notebooks() -> None:
    assert [file.name[:2] for file in NOTEBOOKS] == ["01", "02", "03", "04"]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
class TestNotebook:
    def test_is_valid_and_names_its_cells(self, file: Path) -> None:
        notebook = nbformat.read(file, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) >= (4, 5), "cells have ids from 4.5 on"

    def test_begins_with_its_question_and_how_to_run_it(self, file: Path) -> None:
        first = nbformat.read(file, as_version=4).cells[0]
        title, *rest = first.source.splitlines()
        assert first.cell_type == "markdown"
        assert title.startswith("# ")
        assert title.endswith("?")
        assert "make notebooks" in "\n".join(rest)

    def test_keeps_nothing_of_a_run(self, file: Path) -> None:
        code = cells(file, "code")
        assert [cell.outputs for cell in code if cell.outputs] == []
        assert {cell.execution_count for cell in code} == {None}
        assert [cell.metadata for cell in code if cell.metadata] == []

    def test_has_short_cells_that_define_nothing(self, file: Path) -> None:
        for cell in cells(file, "code"):
            assert 0 < len(cell.source.splitlines()) <= LONGEST_CELL, cell.source
            found = [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, DEFINITIONS)]
            assert found == [], f"a function belongs into a package, with a test:\n{cell.source}"

    def test_never_reads_the_truth(self, file: Path) -> None:
        assert [cell.source for cell in cells(file, "code") if "truth" in cell.source] == []
