import numpy as np
import pandas as pd
import pytest

from ml.estimators.segments import COUNT, Segmented, Segments

TRAITS = {
    "conditions": ("healthy", "ill"),
    "emergencies": ("no emergencies", "emergencies"),
    "stays": ("no stays", "stays"),
}


def patients():
    """Five kinds, a hundred each: healthy, chronic, frequent in emergencies, in hospital, both."""
    random = np.random.default_rng(2)
    kinds = [(0, 0, 0, 100), (6, 0, 0, 3000), (1, 8, 0, 6000), (3, 1, 4, 40_000), (8, 9, 6, 90_000)]
    rows = [
        {"conditions": conditions, "emergencies": emergencies, "stays": stays, "paid": paid}
        for conditions, emergencies, stays, paid in kinds
        for _ in range(100)
    ]
    frame = pd.DataFrame(rows).astype(float)
    return frame * random.uniform(0.9, 1.1, frame.shape)


@pytest.fixture(scope="module")
def segments():
    return Segments(TRAITS, "paid").fit(patients())


def test_patients_of_a_kind_are_of_a_segment_numbered_by_cost(segments):
    found = segments.predict(patients())
    assert [len(set(found[start : start + 100])) for start in range(0, 500, 100)] == [1] * COUNT
    assert [name[0] for name in found[::100]] == ["1", "2", "3", "4", "5"]


def test_segments_are_named_by_what_marks_them(segments):
    assert segments.names_ == [
        "1: healthy and no emergencies",
        "2: no emergencies and ill",
        "3: emergencies and no stays",
        "4: stays",
        "5: stays and emergencies",
    ]


def test_the_profile_has_a_row_per_segment_with_its_means(segments):
    profile = segments.profile(patients())
    assert profile["rows"].tolist() == [100] * COUNT
    assert profile["paid"].is_monotonic_increasing
    assert list(profile) == ["segment", "rows", "paid", "conditions", "emergencies", "stays"]


def test_what_is_not_known_counts_as_nothing(segments):
    unknown = pd.DataFrame([{"conditions": np.nan, "emergencies": np.nan, "stays": np.nan, "paid": np.nan}])
    assert segments.predict(unknown).tolist() == ["1: healthy and no emergencies"]


def test_a_segmented_classifier_tells_both(segments):
    class Half:
        classes_ = np.array([0, 1])

        def predict_proba(self, rows):
            return np.full((len(rows), 2), 0.5)

    both = Segmented(Half(), segments)
    assert both.predict_proba(patients().head(3)).tolist() == [[0.5, 0.5]] * 3
    assert both.segment(patients().head(3)).tolist() == ["1: healthy and no emergencies"] * 3
