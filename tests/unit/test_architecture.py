"""What the layout promises and no linter can see; the import directions themselves are import-linter's."""

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = ["carelake", "datagenerator", "jobs", "ml", "scripts", "benchmarks", "tests"]
LONGEST_FILE = 400
LONGEST_FUNCTION = 45
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:home|Users|root|work)/[A-Za-z.]")
REGISTRY_HOST = re.compile(r"https?://[^\s\"]*(?:pypi\.org|pythonhosted|maven\.(?:org|apache)|deb\.debian)")
WRITES_DELTA = re.compile(
    r"\.write\.|\.writeTo\(|write_deltalake\(|DeltaTable\.forPath|\.vacuum\(|\.optimize\b|create_checkpoint\("
)
READS_THE_TRUTH = ("carelake/verify/", "carelake/settings.py", "carelake/cli")


def python_files() -> list[Path]:
    return [file for room in ROOMS for file in sorted((PROJECT / room).rglob("*.py"))]


def tracked_texts() -> dict[str, str]:
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    files = {name: PROJECT / name for name in listing.stdout.split("\0") if name and name != "uv.lock"}
    return {name: file.read_text(encoding="utf-8") for name, file in files.items() if file.is_file()}


def functions(file: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def names_the_truth(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "truth"
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(re.search(r"(^|/)truth(/|$)", node.value))
    )


def test_no_file_outgrows_its_room() -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in python_files()}
    assert {str(f): n for f, n in lengths.items() if n > LONGEST_FILE} == {}, "divide the file"


def test_a_function_fits_on_a_screen() -> None:
    long = [
        f"{file.relative_to(PROJECT)}:{f.lineno} {f.name}, {f.end_lineno - f.lineno + 1} lines"
        for file in python_files()
        for f in functions(file)
        if f.end_lineno is not None and f.end_lineno - f.lineno >= LONGEST_FUNCTION
    ]
    assert long == [], "divide the function"


@pytest.mark.parametrize("pattern", [MACHINE_PATH, REGISTRY_HOST], ids=["machine path", "registry host"])
def test_no_tracked_file_knows_the_machine_it_was_written_on(pattern: re.Pattern[str]) -> None:
    here = Path(__file__).relative_to(PROJECT).as_posix()
    found = [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in tracked_texts().items()
        if name != here
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("text", ["cd /home/ann/x", "'/Users/ann'", "(/home/ann/data)"])
def test_machine_paths_are_recognised(text: str) -> None:
    assert MACHINE_PATH.search(text)


def test_only_verify_and_the_tests_read_the_truth() -> None:
    found = [
        f"{name}:{node.lineno}"
        for file in python_files()
        if not (name := file.relative_to(PROJECT).as_posix()).startswith(("datagenerator/", "tests/"))
        if not name.startswith(READS_THE_TRUTH)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if names_the_truth(node)
    ]
    assert found == [], "the truth is sealed: nothing that builds or scores the lake may know where it is"


def test_tables_are_written_by_one_module_and_its_hand_for_few_rows() -> None:
    found = {
        file.relative_to(PROJECT).as_posix()
        for room in ("carelake", "datagenerator", "jobs", "ml")
        for file in (PROJECT / room).rglob("*.py")
        if WRITES_DELTA.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"carelake/delta.py", "carelake/few.py", "carelake/ledger.py", "carelake/maintenance.py"}


def test_no_command_leaves_threads_of_a_reader_behind() -> None:
    found = [
        f"{file.relative_to(PROJECT)}:{node.lineno}"
        for room in ("carelake", "jobs", "ml")
        for file in sorted((PROJECT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"to_pyarrow_table", "to_pyarrow_dataset"}
    ]
    assert found == [], "they may abort the command as it ends: carelake.states.read_rows, or Polars"


def test_every_package_of_ours_is_in_the_wheel_and_under_import_linter() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    # Benchmarks measure the product from outside, as tests do.
    packages = {file.parent.name for file in PROJECT.glob("*/__init__.py")} - {"benchmarks"}
    assert set(settings["hatch"]["build"]["targets"]["wheel"]["packages"]) == packages
    assert set(settings["importlinter"]["root_packages"]) == packages


def test_no_folder_of_ours_shadows_airflow() -> None:
    assert list(PROJECT.glob("airflow/**/__init__.py")) == []
    assert not (PROJECT / "tests/airflow").exists(), "call it tests/dags"


def test_airflow_comes_from_its_distribution() -> None:
    try:
        importlib.metadata.version("apache-airflow")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the airflow group is not installed: uv sync --group airflow")
    spec = importlib.util.find_spec("airflow")
    assert spec is not None
    assert spec.origin is not None
    assert "site-packages" in spec.origin
