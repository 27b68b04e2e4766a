"""Digests of a tiny seeded generation, to notice any change of its bytes.

`python -m tests.golden.generator` writes them anew: only for a change that is meant to change the bytes.
"""

import hashlib
import tempfile
from pathlib import Path

from datagenerator.arguments import Arguments
from datagenerator.extract.install import generate_into

EXPECTED = Path(__file__).with_name("generator.sha256")


def digests(folder: Path) -> str:
    """Return one line a file of a generation with one delivery: SHA-256, two blanks, path."""
    arguments = Arguments(
        patients=50,
        providers=15,
        facilities=6,
        encounters=200,
        claims=400,
        defect_rate=0.05,
        seed=20,
        output=folder / "landing_zone",
        workers=1,
    )
    generate_into(arguments, 1, 0)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder)}\n" for p in files]
    return "".join(lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        EXPECTED.write_text(digests(Path(folder)), encoding="utf-8")
