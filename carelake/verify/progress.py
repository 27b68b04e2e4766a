"""How far the lake has come: which files of the landing zone, and which deliveries of the truth, it holds."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from carelake.verify.check import Check, Status, compared, listed, not_checked, sentences
from carelake.verify.landing import LandingFile
from carelake.verify.truth import Truth


@dataclass(frozen=True)
class Progress:
    """The landing zone's files and the registers of files consumed, over all tables."""

    landed: tuple[LandingFile, ...]
    registers: dict[str, dict[str, Any]]
    truth: Truth | None

    @cached_property
    def set_aside(self) -> list[str]:
        """Files that could not be read and still lie there as they did."""
        return [file.name for file in self.landed if "fault" in self._entry(file)]

    @cached_property
    def waiting(self) -> list[str]:
        """Files whose content has not been consumed yet."""
        return [file.name for file in self.landed if not self._entry(file)]

    @cached_property
    def behind(self) -> list[str]:
        """Deliveries that the truth describes and the lake has not loaded in full."""
        incomplete = {Path(name).parent.as_posix() for name in [*self.waiting, *self.set_aside]}
        begun = {Path(name).parent.as_posix() for name in self.registers}
        described = self.truth.deliveries if self.truth else ()
        return [folder for folder in described if folder in incomplete or folder not in begun]

    @cached_property
    def undescribed(self) -> list[str]:
        """Deliveries with rows in the lake that the truth knows nothing of."""
        described = self.truth.deliveries if self.truth else ()
        loaded = {Path(name).parent.as_posix() for name, entry in self.registers.items() if entry["rows"]}
        return sorted(loaded.difference(described))

    @property
    def unknown_truth(self) -> str:
        """Why the lake can't be held against the truth; empty when it can."""
        if self.truth is None:
            return "there is no truth beside the landing zone"
        if self.behind:
            return f"{len(self.behind)} deliveries behind the truth"
        if self.undescribed:
            return f"the truth knows nothing of {listed(self.undescribed)}, which the lake has loaded"
        return ""

    def is_comparable(self, file: LandingFile) -> bool:
        """Tell whether a file lies there as it was loaded."""
        entry = self._entry(file)
        return bool(entry) and "fault" not in entry and "same_as" not in entry

    def checks(self) -> list[Check]:
        """Return what there is to say of files and deliveries."""
        return [self._files(), *([self._deliveries()] if self.truth else [])]

    def _entry(self, file: LandingFile) -> dict[str, Any]:
        entry: dict[str, Any] = self.registers.get(file.name, {})
        return entry if entry.get("sha256") == file.sha256 else {}

    def _files(self) -> Check:
        faults = [f"{name} was set aside: {self.registers[name]['fault']}" for name in self.set_aside]
        waits = f"not loaded yet: {listed(self.waiting)}: run `carelake run`" if self.waiting else ""
        expected, missing = len(self.landed), len(self.waiting) + len(self.set_aside)
        status: Status = "failed" if self.set_aside else "behind" if self.waiting else "ok"
        detail = sentences(listed(faults), waits)
        return Check("files", status, expected, expected - missing, missing, 0, "files", detail)

    def _deliveries(self) -> Check:
        assert self.truth is not None
        expected, behind = len(self.truth.deliveries), len(self.behind)
        if not behind and self.undescribed:
            return not_checked("deliveries", self.unknown_truth)
        if not behind:
            return compared("deliveries", expected, 0, 0, unit="deliveries")
        detail = f"{behind} deliveries behind the truth: {listed(self.behind)}: run `carelake run`"
        return Check("deliveries", "behind", expected, expected - behind, behind, 0, "deliveries", detail)
