from dataclasses import replace

import pytest

from datagenerator.arguments import Arguments
from datagenerator.extract.install import generate_into

ARGUMENTS = Arguments(patients=60, encounters=240, claims=400, facilities=6, providers=12, seed=9)


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("workers", [2])
def test_the_bytes_do_not_depend_on_the_number_of_workers(monkeypatch, tmp_path, workers):
    monkeypatch.setattr("datagenerator.blocks.PATIENTS_PER_BLOCK", 20)
    for count in (1, workers):
        output = tmp_path / str(count) / "landing_zone"
        generate_into(replace(ARGUMENTS, output=output, workers=count), 1, 0)
    assert contents(tmp_path / "1") == contents(tmp_path / str(workers))
