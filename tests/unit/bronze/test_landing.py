"""Each content is consumed once, under whatever name it comes; what was set aside was not consumed."""

import json
from datetime import date

import pytest

from jobs.bronze.landing import Days, arrivals, files_of, miscounted, strangers
from tests.builders import csv_text, deliver, delivered
from tests.tables import contract

PROVIDERS = contract("silver/providers")
DELIVERIES = contract("silver/deliveries")
GOOD, OTHER, BAD = [delivered("providers")], [delivered("providers", npi="1234567890")], ""


class Zone:
    """A landing zone and the register of what was consumed from it."""

    def __init__(self, path):
        self.path = path
        self.register = {}

    def put(self, rows, folder="."):
        file = deliver(self.path, "providers", rows or GOOD, folder)
        if not rows:
            file.write_text(rows)

    def arrive(self):
        found = arrivals(self.path, PROVIDERS, self.register)
        self.register |= {file.name: file.entry(self.register.get(file.name), "run") for file in found}
        return [(file.name, "bad" if file.header.fault else file.same_as or "loaded") for file in found]


@pytest.fixture
def zone(tmp_path):
    return Zone(tmp_path)


def test_the_initial_extract_comes_first_then_deliveries_by_date(zone):
    for folder in ("2025-03-01", ".", "2025-02-01"):
        zone.put(GOOD, folder)
    found = [path.relative_to(zone.path).as_posix() for path in files_of(zone.path, "providers.csv")]
    assert found == ["providers.csv", "2025-02-01/providers.csv", "2025-03-01/providers.csv"]


def test_no_landing_zone_holds_no_files(tmp_path):
    assert arrivals(tmp_path / "nowhere", PROVIDERS, {}) == []


def test_what_was_consumed_doesn_t_arrive_again(zone):
    zone.put(GOOD)
    assert zone.arrive() == [("providers.csv", "loaded")]
    assert zone.arrive() == []


def test_known_content_under_another_name_is_skipped(zone):
    zone.put(GOOD)
    zone.arrive()
    zone.put(GOOD, "2025-02-01")
    assert zone.arrive() == [("2025-02-01/providers.csv", "providers.csv")]
    assert zone.register["2025-02-01/providers.csv"]["rows"] == 0
    assert zone.arrive() == []


def test_the_same_content_twice_in_one_run_is_loaded_once(zone):
    zone.put(GOOD)
    zone.put(GOOD, "2025-02-01")
    assert zone.arrive() == [("providers.csv", "loaded"), ("2025-02-01/providers.csv", "providers.csv")]


def test_new_content_under_a_known_name_is_a_new_delivery(zone):
    zone.put(GOOD)
    zone.arrive()
    zone.put([*OTHER, *GOOD])
    assert zone.arrive() == [("providers.csv", "loaded")]
    assert zone.register["providers.csv"]["rows"] == 3


def test_a_file_put_back_to_what_it_was_is_known(zone):
    for rows in (GOOD, OTHER):
        zone.put(rows)
        zone.arrive()
    zone.put(GOOD)
    assert zone.arrive() == [("providers.csv", "providers.csv")]
    assert zone.arrive() == []
    assert zone.register["providers.csv"]["rows"] == 2


def test_a_file_set_aside_is_reported_in_one_run_only(zone):
    zone.put(BAD)
    assert zone.arrive() == [("providers.csv", "bad")]
    assert zone.arrive() == []
    assert zone.register["providers.csv"]["rows"] == 0


def test_a_good_file_in_place_of_a_bad_one_is_loaded(zone):
    zone.put(BAD)
    zone.arrive()
    zone.put(GOOD)
    assert zone.arrive() == [("providers.csv", "loaded")]
    assert "fault" not in zone.register["providers.csv"]


def test_another_file_as_bad_as_the_last_is_set_aside_as_well(zone):
    zone.put(BAD)
    zone.put(BAD, "2025-02-01")
    assert zone.arrive() == [("providers.csv", "bad"), ("2025-02-01/providers.csv", "bad")]
    zone.put(BAD, "2025-03-01")
    assert zone.arrive() == [("2025-03-01/providers.csv", "bad")]


def test_a_bad_file_that_comes_back_is_set_aside_again(zone):
    for rows in (BAD, GOOD):
        zone.put(rows)
        zone.arrive()
    zone.put(BAD)
    assert zone.arrive() == [("providers.csv", "bad")]


@pytest.mark.parametrize(
    ("tail", "rows"), [("", 1), ("\n", 1), ("\n\n\n", 1), ("\n" * 9000, 1), ("\n\nx", 3), ("  ", 1)]
)
def test_rows_are_counted_without_the_blank_lines_at_the_end(zone, tail, rows):
    path = deliver(zone.path, "providers", GOOD)
    path.write_text(csv_text(GOOD).rstrip("\n") + tail)
    assert [file.rows for file in arrivals(zone.path, PROVIDERS, {})] == [rows]


def test_a_difference_to_the_rows_announced_is_noted(zone):
    zone.put(GOOD, "2025-02-01")
    note = {"data_through": "2025-01-31 23:59:59", "rows": {"providers.csv": 3, "claims.csv": 7}}
    (zone.path / "2025-02-01/_delivery.json").write_text(json.dumps(note))
    found = arrivals(zone.path, PROVIDERS, {}) + arrivals(zone.path, DELIVERIES, {})
    (text,) = miscounted(found)
    assert "2025-02-01/providers.csv" in text
    assert "1 rows read" in text
    assert "3 announced" in text


@pytest.mark.parametrize("content", ["{", "[1]", '"x"', ""])
def test_a_delivery_s_note_that_cannot_be_read_is_set_aside(zone, content):
    (zone.path / "_delivery.json").write_text(content)
    (found,) = arrivals(zone.path, DELIVERIES, {})
    assert not found.is_loadable
    assert "deliver it again" in (found.header.fault or "")
    assert miscounted([found]) == []


def test_files_of_no_table_are_noted(tmp_path):
    for name in ("patients.csv", "patient.csv", "2025-02-01/visits.csv", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("id\n")
    assert strangers(tmp_path, ["patients"]) == [
        "2025-02-01/visits.csv: no table has this name, the file is left alone",
        "patient.csv: no table has this name, the file is left alone",
    ]


JANUARY, MARCH = date(2025, 1, 31), date(2025, 3, 1)


@pytest.mark.parametrize(
    ("days", "held"),
    [
        (Days(), [".", "2025-01-31", "2025-02-01", "2025-03-01", "extra"]),
        (Days(since=JANUARY), ["2025-01-31", "2025-02-01", "2025-03-01"]),
        (Days(until=JANUARY), [".", "2025-01-31"]),
        (Days(JANUARY, date(2025, 2, 28)), ["2025-01-31", "2025-02-01"]),
        (Days(MARCH, JANUARY), []),
    ],
)
def test_a_range_of_days_holds_the_deliveries_named_by_them(days, held):
    folders = [".", "2025-01-31", "2025-02-01", "2025-03-01", "extra"]
    assert [folder for folder in folders if days.hold(f"{folder}/claims.csv")] == held


def test_deliveries_outside_the_days_are_left_for_later(zone):
    zone.put(GOOD)
    zone.put(OTHER, "2025-02-01")
    files = arrivals(zone.path, PROVIDERS, {}, Days(until=JANUARY))
    assert [file.name for file in files] == ["providers.csv"]
    zone.register = {file.name: file.entry(None, "run") for file in files}
    assert zone.arrive() == [("2025-02-01/providers.csv", "loaded")]
