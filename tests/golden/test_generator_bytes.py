from tests.golden import generator


def test_the_same_seed_still_gives_the_same_bytes(tmp_path):
    message = "the bytes changed: if that is meant, run `python -m tests.golden.generator`"
    assert generator.digests(tmp_path).splitlines() == generator.EXPECTED.read_text().splitlines(), message
