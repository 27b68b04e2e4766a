"""A record never spans lines, so data row n is line n + 1 whatever stands in the others."""

import tracemalloc

import pytest

from jobs.bronze import lines
from jobs.bronze.lines import MAX_LINE_BYTES, data_lines


def numbered(path):
    return [
        (block.first + offset, text) for block in data_lines(path) for offset, text in enumerate(block.texts)
    ]


@pytest.fixture
def file(tmp_path):
    def of(content: bytes):
        path = tmp_path / "file.csv"
        path.write_bytes(content)
        return path

    return of


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\n1,2\n3,4\n", [(1, b"1,2"), (2, b"3,4")]),
        (b"a,b\r\n1,2\r\n3,4\r\n", [(1, b"1,2"), (2, b"3,4")]),
        (b"a,b\n1,2\n3,4", [(1, b"1,2"), (2, b"3,4")]),
        (b"a,b\n1,2\r", [(1, b"1,2")]),
        (b"a,b\n1,2\n\n\n3,4\n", [(1, b"1,2"), (2, b""), (3, b""), (4, b"3,4")]),
        (b"a,b\n1,2\n\n \n\t\n", [(1, b"1,2")]),
        (b"a,b\n1,2\n   ", [(1, b"1,2")]),
        (b'a,b\n"1,2\n3,4\n', [(1, b'"1,2'), (2, b"3,4")]),
        (b"a,b\n", []),
        (b"a,b", []),
        (b"", []),
    ],
    ids=[
        "plain",
        "CRLF",
        "no newline at the end",
        "a carriage return at the end",
        "blank lines between",
        "blank lines at the end",
        "blanks at the end",
        "open quote",
        "header only",
        "header without newline",
        "empty",
    ],
)
def test_lines_keep_their_numbers(file, content, expected):
    assert numbered(file(content)) == expected


@pytest.mark.parametrize(("content", "unfinished"), [(b"a\n1\n2\n", False), (b"a\n1\n2", True)])
def test_a_last_line_without_newline_is_unfinished(file, content, unfinished):
    assert [block.is_unfinished for block in data_lines(file(content))][-1] is unfinished


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 64])
def test_the_size_of_the_blocks_makes_no_difference(file, monkeypatch, size):
    path = file(b"a,b\n1,2\n\n\n33,44\r\n\n5,6\n\n \n")
    whole = numbered(path)
    monkeypatch.setattr(lines, "BLOCK_BYTES", size)
    assert numbered(path) == whole == [(1, b"1,2"), (2, b""), (3, b""), (4, b"33,44"), (5, b""), (6, b"5,6")]


def test_of_a_line_of_100_mb_only_its_beginning_is_kept(tmp_path):
    path = tmp_path / "file.csv"
    with path.open("wb") as out:
        out.write(b"a,b\n1,2\n3,")
        for _ in range(100):
            out.write(b"x" * 1_000_000)
        out.write(b"\n5,6\n")
    tracemalloc.start()
    found = numbered(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(number, len(text) > MAX_LINE_BYTES) for number, text in found] == [
        (1, False),
        (2, True),
        (3, False),
    ]
    assert peak < 80_000_000, "the line was held in memory whole"
