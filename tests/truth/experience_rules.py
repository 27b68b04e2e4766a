"""The independent judge's rules about emergency times, surveys and adverse events, an empty value passing."""

from datetime import timedelta

from tests.truth.comparing import day

SCALES = {"discharge_information": (0, 1), "overall_rating": (0, 10), "nps_score": (0, 10)}
FOUR_STEPS = (
    *("nurse_communication", "doctor_communication", "responsiveness", "medicine_communication"),
    *("care_transition", "cleanliness", "quietness", "would_recommend"),
)
STEPS = ("arrived_at", "triaged_at", "provider_seen_at", "decided_at", "departed_at")


def in_order(*values: object) -> bool:
    known = [value for value in values if value is not None]
    return known == sorted(known)


def emergency(v: dict) -> dict[str, bool]:
    limit = v["arrived_at"] and v["arrived_at"] + timedelta(hours=24)
    return {
        "emergency_times_out_of_order": in_order(*(v[name] for name in STEPS)),
        "emergency_wait_implausible": not limit
        or all(in_order(v[name], limit) for name in ("triaged_at", "provider_seen_at")),
        "triage_level_implausible": v["triage_level"] in (None, 1, 2, 3, 4, 5),
    }


def surveys(v: dict) -> dict[str, bool]:
    answers = {name: v[name] for name in [*SCALES, *FOUR_STEPS] if v[name] is not None}
    limits = {name: SCALES.get(name, (1, 4)) for name in answers}
    written = day(v["updated_at"])
    return {
        "returned_before_sent": in_order(v["sent_on"], v["returned_on"]),
        "survey_in_future": all(in_order(v[name], written) for name in ("sent_on", "returned_on")),
        "answer_out_of_scale": all(low <= answers[name] <= high for name, (low, high) in limits.items()),
        "answered_before_return": v["returned_on"] is not None or not answers,
    }


def adverse_events(v: dict) -> dict[str, bool]:
    is_reviewed = v["status"] in ("reviewed", "closed")
    return {
        "reported_before_occurred": in_order(v["occurred_at"], v["reported_at"]),
        "reported_in_future": in_order(v["reported_at"], v["updated_at"]),
        "injury_without_harm": (v["event_type"], v["severity"]) != ("fall_with_injury", "none"),
        "review_without_finding": not is_reviewed or v["is_preventable"] is not None,
    }


RULES = {"surveys": surveys, "adverse_events": adverse_events}
