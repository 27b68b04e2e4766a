"""Each step of the features of claims: what stands beside a claim when it is submitted."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from math import log

import pytest

from ml.features.claim_contacts import with_contacts
from ml.features.claim_norms import norms, sums_before, with_earlier
from ml.features.claim_prices import with_own_level, with_prices
from ml.features.claim_providers import with_days, with_history, with_levels, with_rarity, with_referrals
from ml.features.claim_repeats import with_neighbours, with_repeats
from tests.tables import rows, table

FIRST = datetime(2024, 3, 10, 12)
DAY = timedelta(days=1)


def in_month(month, **other):
    return {"submitted_at": datetime(2024, month, 15)} | other


def test_sums_are_those_of_earlier_months(claims):
    found = claims(in_month(1, units=1), in_month(2, units=2), in_month(2, units=3), in_month(4, units=9))
    earlier = sums_before(found, ["provider_id"], _units=found.units)
    result = rows(with_earlier(found, earlier, ["provider_id"]), "claim_id", "_units")
    assert result == [("1", 0), ("2", 1), ("3", 1), ("4", 6)]


def test_a_norm_is_of_the_12_months_before_and_takes_20_claims(claims):
    january = [in_month(1, units=units) for units in range(1, 22)]
    found = norms(claims(*january, in_month(2, units=99)), ["claim_form"], "units", "_u")
    later = [date(2024, month, 1) for month in range(3, 13)] + [date(2025, 1, 1)]
    expected = {date(2024, 2, 1): 11.0} | dict.fromkeys(later, 11.5)
    assert dict(rows(found, "_month", "_u_median")) == expected
    assert rows(found.where("_month = '2024-02-01'"), "_u_spread") == [(pytest.approx(10 / 1.349),)]


def test_prices_are_compared_less_the_markup_of_the_facility(claims):
    paid = {"adjudicated_at": datetime(2024, 1, 20), "allowed_amount": Decimal(50)}
    cheap = [in_month(1, **paid) for _ in range(2)]
    usual = [in_month(2) for _ in range(21)]
    dear = [
        in_month(3, claim_id="x", billed_amount=Decimal(200)),
        in_month(3, claim_id="y", facility_id="F2"),
    ]
    found = with_prices(claims(*cheap, *usual, *dear))
    assert rows(found.where("claim_id IN ('1', '3', 'x', 'y')"), "claim_id", "price_deviation") == [
        ("1", None),
        ("3", None),
        ("x", pytest.approx(log(2), abs=0.01)),
        ("y", None),
    ]


def test_the_patients_own_level_is_that_of_earlier_claims(spark):
    levels = [("P1", 1, 0.5), ("P1", 2, 0.7), ("P1", 3, 9.0), ("P1", 4, 1.0), ("P2", 2, 4.0)]
    frame = spark.createDataFrame(levels, "patient_id string, _second int, price_deviation double")
    found = with_own_level(frame.selectExpr("*", "true AS _is_original"))
    assert rows(
        found.selectExpr("patient_id", "_second", "round(price_above_own, 2) AS above"), "_second", "above"
    ) == [
        (1, None),
        (2, None),
        (2, 0.2),
        (3, 8.5),
        (4, 0.3),
    ]


def test_neighbours_were_submitted_before(claims):
    found = with_neighbours(
        claims(
            {"submitted_at": FIRST},
            {"submitted_at": FIRST + timedelta(minutes=3)},
            {"submitted_at": FIRST + DAY, "provider_id": "B"},
            {"submitted_at": FIRST + DAY, "service_from": date(2024, 3, 5)},
            {"submitted_at": FIRST - DAY, "patient_id": "P2"},
        )
    )
    columns = ("visit_claims_before", "patient_day_claims_before", "pair_claims_before")
    assert rows(found, "claim_id", *columns, "minutes_since_pair_claim") == [
        ("1", 0, 0, 0, None),
        ("2", 1, 1, 1, 3.0),
        ("3", 0, 2, 0, None),
        ("4", 0, 0, 2, 1437.0),
        ("5", 0, 0, 0, None),
    ]


def test_a_repeat_is_the_same_service_at_nearly_the_same_price(claims):
    again = {"submitted_at": FIRST + 9 * DAY}
    found = with_repeats(
        claims(
            {},
            again | {"service_from": date(2024, 3, 6), "billed_amount": Decimal(105)},
            again | {"patient_id": "P2"},
            again | {"service_from": date(2024, 3, 7)},
            again | {"billed_amount": Decimal(120)},
            again | {"procedure_code": "G0439"},
            again | {"claim_version": "adjustment"},
            {"submitted_at": FIRST + 61 * DAY},
        )
    )
    columns = ("repeat_count", "is_repeat_redated", "is_repeat_by_other", "is_repeat_of_denied")
    assert rows(found.where("claim_id = '2'"), *columns) == [(1, True, False, False)]
    change = rows(found.where("claim_id = '2'"), "days_since_repeated", "repeat_price_change")
    assert change == [(9.0, pytest.approx(log(1.05)))]
    assert rows(found.where("claim_id IN ('1', '3', '5', '6', '7')"), "repeat_count") == [(0,)] * 5
    assert rows(found.where("claim_id = '8'"), "repeat_count") == [(1,)]


@pytest.mark.parametrize(("decided", "expected"), [(FIRST + DAY, True), (FIRST + 10 * DAY, False)])
def test_a_denial_counts_once_it_is_known(claims, decided, expected):
    found = with_repeats(
        claims({"claim_status": "denied", "adjudicated_at": decided}, {"submitted_at": FIRST + 9 * DAY})
    )
    assert rows(found.where("claim_id = '2'"), "repeat_count", "is_repeat_of_denied") == [(1, expected)]


@pytest.fixture(scope="module")
def contacts(spark, claims):
    """Claims of a patient with a visit on 4 March and, at F2, a stay from 6 March."""
    encounters = [
        {"encounter_id": "visit", "facility_id": "F1", "encounter_type": "outpatient",
         "admitted_at": datetime(2024, 3, 4, 9), "discharged_at": datetime(2024, 3, 4, 10)},
        {"encounter_id": "stay", "facility_id": "F2", "encounter_type": "inpatient",
         "admitted_at": datetime(2024, 3, 6, 9), "discharged_at": datetime(2024, 3, 9, 10)},
        {"encounter_id": "later", "facility_id": "F2", "encounter_type": "outpatient",
         "admitted_at": datetime(2024, 3, 20, 9), "discharged_at": datetime(2024, 3, 20, 10)},
    ]  # fmt: skip
    done = [{"encounter_id": "visit", "procedure_code": "G0463", "performed_at": datetime(2024, 3, 4, 9)}]

    def of(*differences):
        return with_contacts(
            claims(*differences),
            table(spark, "gold/fact_encounters", [{"patient_id": "P1"} | one for one in encounters]),
            table(spark, "gold/fact_procedures", [{"patient_id": "P1"} | one for one in done]),
        )

    return of


def test_claims_are_held_against_encounters_that_had_begun(contacts):
    found = contacts(
        {"encounter_id": "visit"},
        {"encounter_id": "visit", "service_from": date(2024, 2, 28)},
        {"service_from": date(2024, 3, 7)},
        {"encounter_id": "later", "service_from": date(2024, 3, 20)},
        {"patient_id": "P2"},
    )
    columns = ("has_encounter", "encounter_gap_days", "contact_gap_days", "is_during_stay_elsewhere")
    assert rows(found, "claim_id", *columns) == [
        ("1", True, 0, 0, False),
        ("2", True, 5, 5, False),
        ("3", False, None, 0, True),
        ("4", False, None, 11, False),
        ("5", False, None, None, False),
    ]


def test_the_level_billed_is_looked_up_in_the_record(contacts):
    found = contacts(
        {"encounter_id": "visit"},
        {"encounter_id": "visit", "procedure_code": "G0439"},
        {"encounter_id": "visit", "procedure_code": "A4550"},
        {"encounter_id": "stay"},
        {},
    )
    assert rows(found, "claim_id", "is_level_on_record") == [
        ("1", True),
        ("2", False),
        ("3", None),
        ("4", None),
        ("5", None),
    ]


def test_a_providers_day_fills_up(claims):
    found = with_days(
        claims(
            {"units": 4},
            {"submitted_at": FIRST + DAY, "patient_id": "P2"},
            {"submitted_at": FIRST + 2 * DAY, "patient_id": "P2", "units": 2},
            {"submitted_at": FIRST + 3 * DAY, "service_from": date(2024, 3, 5)},
        )
    )
    columns = ("provider_day_claims", "provider_day_patients", "provider_day_units")
    assert rows(found, "claim_id", *columns) == [
        ("1", 1, 1, 4),
        ("2", 2, 2, 5),
        ("3", 3, 2, 7),
        ("4", 1, 1, 1),
    ]


def test_a_providers_history_is_that_of_earlier_months(spark):
    columns = (
        "provider_id string, _month_number int, repeat_count int, is_repeat_of_denied boolean, "
        "contact_gap_days int, is_level_on_record boolean, visit_claims_before int, price_above_own double"
    )
    told = [
        ("A", 1, 1, False, 12, False, 2, 0.5),
        ("A", 1, 1, True, 11, None, 1, None),
        ("A", 2, 0, False, None, True, 0, 0.6),
        ("A", 4, 0, False, None, True, 0, 0.0),
    ]
    found = with_history(spark.createDataFrame(told, columns).selectExpr("*", "true AS _is_original"))
    shares = ("repeat", "far", "unrecorded_level", "crowded_visit")
    last = rows(found.where("_month_number = 4"), *(f"provider_{name}_share" for name in shares))
    assert last == [(pytest.approx(1 / 13),) * 4]
    assert rows(found, "provider_claims_before") == [(0,), (0,), (2,), (3,)]
    assert rows(found.where("_month_number = 4"), "provider_price_level") == [(pytest.approx(1.1 / 13),)]


def test_high_levels_against_the_specialty(claims):
    before = [in_month(1, provider_id="A", procedure_code="G0439")] * 5
    before += [in_month(1, provider_id="B")] * 15
    found = claims(
        *before, in_month(2, claim_id="a"), in_month(2, claim_id="n", provider_id="new"),
        specialties=[(one, "family medicine") for one in ("A", "B", "new")],
    )  # fmt: skip
    usual = 5 / 20
    assert rows(
        with_levels(found, found).where("claim_id IN ('a', 'n')"), "claim_id", "provider_high_level_excess"
    ) == [
        ("a", pytest.approx((5 + 10 * usual) / 15 - usual)),
        ("n", 0.0),
    ]


def test_how_closely_referrer_and_facility_are_tied(claims):
    sent = [in_month(1, referring_provider_id="R", facility_id="F1")] * 6
    sent += [in_month(1, referring_provider_id="R", facility_id="F2")] * 4
    sent += [in_month(1, referring_provider_id="S", facility_id="F1")] * 14
    told = claims(
        *sent,
        in_month(2, claim_id="tied", referring_provider_id="R"),
        in_month(2, claim_id="first", referring_provider_id="S", facility_id="F2"),
        in_month(2, claim_id="unreferred"),
    )
    found = with_referrals(told, told)
    ties = ("referrer_share_to_facility", "facility_share_from_referrer")
    assert rows(found.where("claim_id IN ('tied', 'first', 'unreferred')"), "claim_id", *ties) == [
        ("first", 0.0, 0.0),
        ("tied", 6 / 20, 6 / 30),
        ("unreferred", None, None),
    ]


def test_a_code_is_rare_where_few_claims_have_it(claims):
    before = [in_month(1)] * 9 + [in_month(1, procedure_code=None)]
    now = [in_month(2, claim_id="usual"), in_month(2, claim_id="new", procedure_code="G0439")]
    told = claims(*before, *now)
    found = with_rarity(told, told).where("claim_id IN ('usual', 'new')")
    assert rows(found, "claim_id", "code_rarity_at_facility") == [
        ("new", pytest.approx(log(20))),
        ("usual", pytest.approx(log(2))),
    ]
