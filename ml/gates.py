"""Whether a candidate becomes champion: rules on intervals, and reasons in plain sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from carelake.errors import CarelakeError
from ml.evaluation.evaluation import MAIN, Evaluation
from ml.evaluation.subgroups import Gap

Verdict = Literal["promote", "promote_provisional", "keep_incumbent"]
SLOPE = (0.8, 1.2)
"""Calibration slopes a challenger may have: its interval must reach into them."""
WIDEST_GAPS = {"auroc": 0.10, "observed_to_expected": 0.25}
"""How far apart the groups of an attribute may be; the project's choice, there is no agreed figure."""
NAMES = {
    "auroc": "AUROC",
    "auprc": "AUPRC",
    "mae": "mean absolute error",
    "observed_to_expected": "observed over expected",
}


@dataclass(frozen=True)
class Finding:
    """What one gate found, in a sentence with its numbers."""

    gate: Literal["baseline", "incumbent", "calibration", "subgroups"]
    is_met: bool
    sentence: str


@dataclass(frozen=True)
class Decision:
    """What becomes of a candidate, and everything that was found."""

    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def reasons(self) -> list[str]:
        """The sentences of all findings, those of unmet gates first."""
        return [one.sentence for one in sorted(self.findings, key=lambda one: one.is_met)]

    @property
    def unmet(self) -> list[str]:
        """The sentences of the gates that were not met: they come with the tag `provisional`."""
        return [one.sentence for one in self.findings if not one.is_met]


def decide(
    candidate: Evaluation, baselines: Mapping[str, Evaluation], incumbent: Evaluation | None = None
) -> Decision:
    """Return whether a candidate becomes champion; all evaluations must be of one sample.

    The first champion needs only to beat every baseline beyond chance; else it is champion all the same, but
    provisional. A challenger must not be worse than the incumbent beyond chance, must be calibrated, and its
    subgroups must lie close enough. One that doesn't beat the baselines beyond chance is provisional, and
    never takes the place of an incumbent that does.

    Raises:
        CarelakeError: there is no baseline, or evaluations are of different rows.
    """
    if not baselines:
        raise CarelakeError("a candidate is judged against baselines: give at least one")
    against_baselines = [_beats(candidate, name, other) for name, other in baselines.items()]
    sound = [*_calibration(candidate), *_subgroups(candidate)]
    beats = _all_met(against_baselines)
    if incumbent is None:
        return Decision("promote" if beats else "promote_provisional", (*against_baselines, *sound))
    sound.append(_not_worse(candidate, incumbent))
    incumbent_beats = _all_met([_beats(incumbent, name, other) for name, other in baselines.items()])
    findings = (*against_baselines, *sound)
    if not _all_met(sound) or (incumbent_beats and not beats):
        return Decision("keep_incumbent", findings)
    return Decision("promote" if beats else "promote_provisional", findings)


def _beats(candidate: Evaluation, name: str, baseline: Evaluation) -> Finding:
    gain = candidate.gain_over(baseline)
    is_met = gain.is_above(0)
    how = "better beyond chance" if is_met else "not better beyond chance"
    return Finding("baseline", is_met, f"{how} than {name}: gain of {gain} in {_measure(candidate)}")


def _not_worse(candidate: Evaluation, incumbent: Evaluation) -> Finding:
    gain = candidate.gain_over(incumbent)
    is_met = gain.is_known and not gain.is_below(0)
    how = "not worse than the incumbent beyond chance" if is_met else "worse than the incumbent beyond chance"
    if not gain.is_known:
        how = "cannot be compared with the incumbent"
    return Finding("incumbent", is_met, f"{how}: gain of {gain} in {_measure(candidate)}")


def _calibration(candidate: Evaluation) -> list[Finding]:
    if candidate.kind != "binary":
        return []
    slope = candidate.estimates.get("calibration_slope")
    low, high = SLOPE
    if slope is None or not slope.is_known:
        return [Finding("calibration", False, "the calibration slope is not known")]
    is_met = slope.meets(low, high)
    how = "reaches into" if is_met else "lies outside"
    return [Finding("calibration", is_met, f"calibration slope {slope} {how} {low} to {high}")]


def _subgroups(candidate: Evaluation) -> list[Finding]:
    return [_bounded(gap) for gap in candidate.gaps]


def _bounded(gap: Gap) -> Finding:
    widest = WIDEST_GAPS[gap.measure]
    is_met = not gap.distance.is_above(widest)
    how = "not wider than" if is_met else "wider than"
    return Finding(
        "subgroups",
        is_met,
        f"{NAMES[gap.measure]} by {gap.attribute}: {gap.highest} is {gap.distance} above {gap.lowest}, "
        f"{how} {widest:g} beyond chance",
    )


def _measure(candidate: Evaluation) -> str:
    return NAMES[MAIN[candidate.kind]]


def _all_met(findings: Iterable[Finding]) -> bool:
    return all(one.is_met for one in findings)
