"""The command line over a lake of its own, in the process of the tests."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from deltalake import DeltaTable

from carelake.cli import main
from carelake.delta import Lake


class Carelake:
    """The command line over a lake of its own."""

    def __init__(self, root: Path, capture):
        self.root = root
        self.zone = root / "landing_zone"
        self.capture = capture

    def __call__(self, *arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out = self.capture.readouterr()
        assert "Traceback" not in out.out + out.err
        return int(ended.value.code or 0), out.out + out.err

    def run(self, layer: str, *tables: str) -> tuple[int, str]:
        return self("run", layer, *(word for table in tables for word in ("--tables", table)))

    def put(self, folder: str, content: bytes | str, name: str = "providers.csv") -> None:
        path = self.zone / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def ledger(self) -> list[dict]:
        found = DeltaTable(str(self.root / "lake/_runs")).to_pyarrow_table().to_pylist()
        return sorted(found, key=lambda run: run["started_at"])


@pytest.fixture
def outside_spark(tmp_path, monkeypatch, capsys):
    """Commands that need no session."""
    monkeypatch.setenv("CARELAKE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "500")
    return Carelake(tmp_path, capsys)


@pytest.fixture
def carelake(spark, outside_spark, monkeypatch):
    """Commands on the session of the tests."""
    monkeypatch.setattr(
        "carelake.cli.run.open_lake",
        lambda settings, **_: nullcontext(Lake(settings.lake, lambda: spark)),
    )
    return outside_spark
