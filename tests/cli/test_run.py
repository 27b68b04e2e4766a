"""`carelake run` on bad input: nothing kills it, nothing vanishes, and every message says what to do."""

import json

import pytest

from carelake.lock import exclusive
from tests.builders import csv_text, deliver, delivered
from tests.lakes import rows, versions
from tests.tables import contract

NAMES = contract("silver/providers").names
LONG_LINE = 100_000_000


def provider(number: int | str, **changes):
    return delivered("providers", provider_id=f"D{number}", **changes)


def line(number: int | str, **changes) -> str:
    return csv_text([provider(number, **changes)]).splitlines()[1]


HEADER = ",".join(NAMES)
SET_ASIDE = {
    "2025-01-01": ("", ["the file is empty", "deliver it again"]),
    "2025-02-01": (
        f"{HEADER}\n{line(1)}\n".replace(",", "|"),
        ["separated by pipes, not by commas", "deliver it with commas"],
    ),
    "2025-03-01": (
        HEADER.replace("last_name,", "") + "\nD1\n",
        ["required column last_name is missing", "deliver it with that column"],
    ),
    "2025-04-01": (
        HEADER.replace("last_name", "surname") + f"\n{line(2)}\n",
        ["required column last_name is missing", "unknown columns: surname (renamed?)"],
    ),
    "2025-05-01": (f"{line(3, last_name='Secret')}\n{line(4)}\n", ["deliver it with a header"]),
    "2025-06-01": (f"{HEADER}\n".encode("utf-16"), ["the header can't be read", "deliver it as UTF-8 CSV"]),
}


def test_what_cannot_be_read_is_set_aside_and_reported_once_until_a_good_file_arrives(carelake):
    for folder, (content, _) in SET_ASIDE.items():
        carelake.put(folder, content)
    carelake.put("2025-07-01", f"{HEADER}\n{line(7)}\n")

    code, text = carelake.run("bronze", "providers")
    assert code == 1
    for folder, (_, words) in SET_ASIDE.items():
        (told,) = [one for one in text.splitlines() if f"failed: {folder}/providers.csv is set aside" in one]
        assert [word for word in words if word not in told] == []
    assert "Secret" not in text, "a message holds no patient's or provider's data"
    assert rows(carelake.root, "bronze/providers", "_source_file").total() == 1
    (told,) = carelake.ledger()
    assert (told["outcome"], len(told["failures"])) == ("failed", len(SET_ASIDE))

    before = versions(carelake.root)
    assert carelake.run("bronze", "providers")[0] == 0, "it failed in that run only"
    assert versions(carelake.root) == before

    for number, folder in enumerate(SET_ASIDE, 10):
        carelake.put(folder, f"{HEADER}\n{line(number)}\n")
    code, text = carelake.run("bronze", "providers")
    assert (code, "6 new files, 6 rows read" in text) == (0, True)
    assert rows(carelake.root, "bronze/providers", "_source_file").total() == 7


REPAIRED = {
    "2025-01-01": (b"\xef\xbb\xbf" + f"{HEADER}\n{line('BOM')}\n".encode(), "byte-order mark skipped"),
    "2025-02-01": (
        csv_text([dict(reversed(provider("MOVED").items()))]),
        "columns in another order, read by name",
    ),
    "2025-03-01": (csv_text([provider("ADDED") | {"shoe_size": "44"}]), "unknown column shoe_size kept"),
    "2025-04-01": (
        csv_text([{n: v for n, v in provider("SHORT").items() if n != "npi"}]),
        "column npi is missing, read as empty",
    ),
    "2025-05-01": (csv_text([provider("UPPER")]).replace(HEADER, HEADER.upper()), "column names trimmed"),
}
PLAIN = {
    "2025-06-01": f"{HEADER}\r\n{line('CRLF')}\r\n",
    "2025-07-01": f"{HEADER}\n",
    "2025-08-01": f"{HEADER}\n{line('LATIN', last_name='Núñez')}\n".encode("latin-1"),
    "2025-09-01": f"{HEADER}\n{line('OPEN', last_name='Q')}\n".replace(",Q,", ',"Q,') + line("NEXT"),
    "2025-10-01": f"{HEADER}\n{line('NUL', last_name='Q')}\n".replace("Q", "Q\x00"),
    "2025-11-01": f"{HEADER}\n{line('CUT')}\n{line('HALF')[:9]}",
    "2025-12-01": f"{HEADER}\nDLONG,{'x' * LONG_LINE}\n{line('AFTER')}\n",
}
QUARANTINED = {
    ("2025-09-01/providers.csv", 1, ("unclosed_quote",)),
    ("2025-10-01/providers.csv", 1, ("nul_byte",)),
    ("2025-11-01/providers.csv", 2, ("cut_off_line",)),
    ("2025-12-01/providers.csv", 1, ("line_too_long",)),
}


def test_what_can_be_read_is_loaded_repaired_noted_or_quarantined(carelake):
    for folder, (content, _) in REPAIRED.items():
        carelake.put(folder, content)
    for folder, content in PLAIN.items():
        carelake.put(folder, content)
    carelake.put("2026-01-01", PLAIN["2025-06-01"])
    carelake.put(
        ".", json.dumps({"data_through": "2024-12-31 23:59:59", "rows": {"claims.csv": 1}}), "_delivery.json"
    )

    code, text = carelake.run("bronze", "providers", "deliveries")
    assert code == 0
    for folder, (_, note) in REPAIRED.items():
        assert f"note: {folder}/providers.csv: {note}" in text
    assert "2026-01-01/providers.csv: same content as 2025-06-01/providers.csv, skipped" in text

    code, _ = carelake.run("silver", "providers")
    assert code == 0, "quarantined rows alone are no failure"
    kept = {"BOM", "MOVED", "ADDED", "SHORT", "UPPER", "CRLF", "LATIN", "NEXT", "CUT", "AFTER"}
    assert {key for (key,) in rows(carelake.root, "silver/providers", "provider_id")} == {
        f"D{k}" for k in kept
    }
    assert (
        set(rows(carelake.root, "quarantine/providers", "_source_file", "_source_row", "_reasons"))
        == QUARANTINED
    )
    latin = rows(carelake.root, "silver/providers", "provider_id", "last_name", "_warnings")
    assert ("DLATIN", "Núñez", ("encoding_repaired",)) in latin
    raw = {len(text) for (text,) in rows(carelake.root, "quarantine/providers", "_raw")}
    assert max(raw) < 1 << 20, "of a line of 100 MB not all is carried along"


def test_a_file_replaced_in_place_is_a_new_delivery_and_the_old_content_stays_known(carelake):
    old = f"{HEADER}\n{line(1, npi='1111111111')}\n"
    new = f"{HEADER}\n{line(1, npi='2222222222', updated_at='2021-01-01 00:00:00')}\n"
    expected = [("1111111111", 0), ("2222222222", 0), ("2222222222", 0)]
    for content, (npi, code) in zip([old, new, old], expected, strict=True):
        carelake.put(".", content)
        assert carelake.run("bronze", "providers")[0] == code
        assert carelake.run("silver", "providers")[0] == code
        assert list(rows(carelake.root, "silver/providers", "npi")) == [(npi,)]
    assert rows(carelake.root, "bronze/providers", "npi").total() == 2


def test_past_the_quality_gate_gold_is_left_as_it_is(carelake):
    tables = ("silver/providers", "gold/dim_provider")
    carelake.put(".", csv_text([provider(n) for n in range(4)]))
    assert carelake.run("all", *tables)[0] == 0
    gold = versions(carelake.root)["gold/dim_provider"]
    assert carelake("gate") == (0, "quality gate: passed\n")

    bad = [provider(n, active_from="never") for n in range(10, 20)]
    carelake.put("2025-02-01", csv_text([*bad, provider(4)]))
    code, text = carelake.run("all", *tables)
    assert code == 1
    for words in (
        "10 of 11 rows of providers in delivery 2025-02-01",
        "active_from_unparseable 10",
        "deliver corrected",
    ):
        assert words in text
        assert words in carelake("gate")[1]
    assert carelake("gate")[0] == 1
    assert versions(carelake.root)["gold/dim_provider"] == gold
    assert rows(carelake.root, "silver/providers", "provider_id").total() == 5, "silver goes on"

    carelake.put(
        "2025-03-01", csv_text([provider(n, updated_at="2021-01-01 00:00:00") for n in range(10, 20)])
    )
    assert carelake.run("all", *tables)[0] == 0
    assert rows(carelake.root, "gold/dim_provider", "provider_id").total() == 15
    assert rows(carelake.root, "quarantine/providers", "_reasons").total() == 0


def test_gold_alone_over_bronze_alone_is_no_accident(carelake):
    deliver(carelake.zone, "providers", [provider(1)])
    assert carelake.run("bronze", "providers")[0] == 0
    assert carelake.run("gold", "dim_provider")[0] == 0


def test_a_run_may_be_limited_to_deliveries_of_some_days(carelake):
    for number, folder in enumerate((".", "2025-02-01", "2025-03-01")):
        deliver(carelake.zone, "providers", [provider(number)], folder)
    assert carelake("run", "bronze", "--since", "2025-03-01", "--until", "")[0] == 0
    assert rows(carelake.root, "bronze/providers", "provider_id") == {("D2",): 1}
    assert carelake.run("bronze", "providers")[0] == 0
    assert rows(carelake.root, "bronze/providers", "provider_id").total() == 3
    code, text = carelake("run", "bronze", "--since", "March")
    assert (code, "--since: March is no day such as 2025-02-01" in text) == (2, True)
    code, text = carelake("run", "bronze", "--since", "2025-03-01", "--until", "2025-02-01")
    assert (code, "--since 2025-03-01 is after --until 2025-02-01" in text) == (2, True)


def test_a_second_run_is_refused(carelake):
    deliver(carelake.zone, "providers", [provider(1)])
    with exclusive(carelake.root / "lake"):
        code, text = carelake.run("bronze", "providers")
    assert code == 1
    assert f"another run or check is working on {carelake.root / 'lake'}; wait for it to end" in text
    assert versions(carelake.root) == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "platinum"], "there is no layer platinum; choose bronze, silver, gold or all"),
        (["run", "all", "--tables", "nothing"], "there is no table nothing; the tables are: gold/"),
        (["run", "--fast"], "--fast"),
    ],
)
def test_wrong_usage_is_told_and_writes_nothing(carelake, arguments, words):
    code, text = carelake(*arguments)
    assert (code, words in text) == (2, True)
    assert not (carelake.root / "lake").exists()


def test_a_table_that_cannot_be_loaded_is_named(carelake):
    deliver(carelake.zone, "providers", [provider(1)])
    log = carelake.root / "lake/bronze/providers/_delta_log"
    log.mkdir(parents=True)
    (log / "00000000000000000000.json").write_text("not a commit")
    code, text = carelake.run("bronze", "providers")
    assert code == 1
    assert "failed: bronze/providers could not be loaded" in text
    assert carelake.ledger()[-1]["outcome"] == "failed"


def test_an_empty_landing_zone_is_nothing_new(carelake):
    carelake.zone.mkdir()
    code, text = carelake.run("bronze")
    assert (code, "0 new files, 0 rows read" in text) == (0, True)


def test_without_a_landing_zone_there_is_nothing_to_run(carelake):
    code, told = carelake.run("bronze")
    assert code == 2
    assert f"there is no landing zone {carelake.zone}" in told
    assert not (carelake.root / "lake").exists()


def test_a_data_directory_that_cannot_be_is_named(carelake, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CARELAKE_DATA_DIR", str(tmp_path / "file"))
    code, told = carelake.run("silver")
    assert code == 1
    assert f"{tmp_path}/file/lake" in told
    assert "is CARELAKE_DATA_DIR what you meant?" in told
