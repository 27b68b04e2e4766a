"""Columns are found by name; a file that can't be read says why and what to do."""

import pytest

from jobs.bronze.headers import read_header
from tests.tables import contract

PROVIDERS = contract("silver/providers")
NAMES = PROVIDERS.names


@pytest.fixture
def header(tmp_path):
    def of(first_line: bytes | str, rest: bytes = b"1,2\n"):
        path = tmp_path / "providers.csv"
        path.write_bytes(
            (first_line if isinstance(first_line, bytes) else first_line.encode()) + b"\n" + rest
        )
        return read_header(path, PROVIDERS)

    return of


def test_the_contract_s_columns_need_no_note(header):
    found = header(",".join(NAMES))
    assert (found.names, found.fault, found.notes) == (NAMES, None, [])


@pytest.mark.parametrize(
    ("first_line", "note"),
    [
        (b"\xef\xbb\xbf" + ",".join(NAMES).encode(), "byte-order mark skipped"),
        (",".join(reversed(NAMES)), "columns in another order, read by name"),
        (",".join(NAMES).upper(), "column names trimmed and lowered"),
        (" , ".join(NAMES), "column names trimmed and lowered"),
        (",".join([*NAMES, "shoe_size"]), "unknown column shoe_size kept in _rescued"),
        (",".join(name for name in NAMES if name != "npi"), "column npi is missing, read as empty"),
    ],
    ids=["BOM", "moved", "capitals", "blanks", "added", "optional one missing"],
)
def test_what_can_be_repaired_is_noted(header, first_line, note):
    found = header(first_line)
    assert found.fault is None
    assert found.notes == [note]


def test_quoted_names_and_windows_line_ends_are_plain(header):
    found = header(",".join(f'"{name}"' for name in NAMES) + "\r")
    assert (found.names, found.notes) == (NAMES, [])


@pytest.mark.parametrize(
    ("first_line", "words"),
    [
        ("|".join(NAMES), ["separated by pipes", "deliver it with commas"]),
        (";".join(NAMES), ["separated by semicolons", "deliver it with commas"]),
        ("\t".join(NAMES), ["separated by tabs", "deliver it with commas"]),
        (",".join(NAMES[1:]), ["required column provider_id is missing", "deliver it with that column"]),
        (
            ",".join(["prov_id", *NAMES[1:]]),
            ["provider_id is missing", "unknown columns: prov_id (renamed?)"],
        ),
        (",".join([*NAMES, "npi"]), ["column npi is there twice", "rename or remove one"]),
        (",".join(NAMES).encode("utf-16"), ["the header can't be read", "deliver it as UTF-8 CSV"]),
        (",".join([*NAMES[:-1], '"updated_at']), ["the header can't be read", "deliver it as UTF-8 CSV"]),
        ("", ["its first line", "deliver it with a header"]),
    ],
    ids=["pipes", "semicolons", "tabs", "missing", "renamed", "twice", "UTF-16", "open quote", "blank line"],
)
def test_what_cannot_be_read_is_a_fault_that_says_what_to_do(header, first_line, words):
    fault = header(first_line).fault
    assert fault is not None
    assert [word for word in words if word not in fault] == []


def test_a_file_without_header_doesn_t_tell_whose_data_it_holds(header):
    fault = header("D1,1234567890,Ann,Smith,cardiology,360001,OH,2020-01-01,,2020-01-01 00:00:00").fault
    assert fault is not None
    assert "deliver it with a header" in fault
    assert "smith" not in fault.lower()


@pytest.mark.parametrize("content", [b"", b"\n \n", b" "])
def test_an_empty_file_is_a_fault(tmp_path, content):
    path = tmp_path / "providers.csv"
    path.write_bytes(content)
    assert "the file is empty" in (read_header(path, PROVIDERS).fault or "")


def test_a_header_alone_is_none(tmp_path):
    path = tmp_path / "providers.csv"
    path.write_bytes(",".join(NAMES).encode())
    assert read_header(path, PROVIDERS).fault is None
