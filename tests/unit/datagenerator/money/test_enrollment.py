import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.money import enrollment as module
from datagenerator.money.enrollment import _end, _Span, _Version, enrollment

DAY = pd.Timestamp


def patients(*rows):
    """Return versions of (patient, effective, recorded, payer, death, known in delivery)."""
    names = ["patient_id", "effective_date", "recorded_at", "payer_id", "death_date", "_known"]
    frame = pd.DataFrame(rows, columns=names)
    for name in ("effective_date", "recorded_at", "death_date"):
        frame[name] = pd.to_datetime(frame[name])
    return frame.assign(updated_at=frame["recorded_at"])


def spans(*rows):
    found = enrollment(patients(*rows), Arguments())
    return [
        (row.enrollment_id, row.payer_id, str(row.coverage_start)[:10], row.coverage_end, row[-1])
        for row in found.itertuples(index=False)
    ]


def test_a_span_is_open_until_its_end_is_known():
    found = spans(
        ("P00000001", "2022-01-01", "2022-01-02", "PAY006", None, 0),
        ("P00000001", "2025-01-10", "2025-01-12", "PAY007", None, 1),
    )
    assert [(number, payer, start, known) for number, payer, start, _, known in found] == [
        ("N0000000101", "PAY006", "2022-01-01", 0),
        ("N0000000101", "PAY006", "2022-01-01", 1),
        ("N0000000102", "PAY007", "2025-01-10", 1),
    ]
    assert [pd.isna(end) for *_, end, _ in found] == [True, False, True]


def test_a_move_without_a_new_payer_leaves_the_span_alone():
    row = ("P00000001", "2022-01-01", "2022-01-02", "PAY006", None, 0)
    moved = ("P00000001", "2023-01-01", "2023-01-02", "PAY006", None, 0)
    assert len(spans(row, moved)) == 1


def test_death_ends_the_span():
    found = spans(
        ("P00000001", "2022-01-01", "2022-01-02", "PAY001", None, 0),
        ("P00000001", "2024-05-05", "2024-05-09", "PAY001", "2024-05-05", 0),
    )
    assert [(number, end) for number, _, _, end, _ in found] == [("N0000000101", DAY("2024-05-05"))]


def test_spans_touch_part_or_overlap():
    span = _Span(1, "PAY006", DAY("2022-01-01"))
    change = _Version("P00000001", DAY("2023-01-01"), DAY("2023-01-05"), "PAY007", pd.NaT, 0, 0)
    assert _end(span, change) == DAY("2022-12-31")
    assert _end(span, change._replace(slack=30)) == DAY("2022-12-01")
    assert _end(span, change._replace(slack=-31)) == DAY("2023-01-31")
    assert _end(span, change._replace(slack=900)) == span.start, "never before it began"


def test_some_have_gaps_a_few_overlaps_most_neither():
    base = pd.Series([f"P{n:08d}" for n in range(4_000)])
    slack = module._slack(module.hashes(base), 1)
    assert 0.10 < (slack > 0).mean() < 0.14
    assert 0.04 < (slack < 0).mean() < 0.06
