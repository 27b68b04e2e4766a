"""Keeping tables fit whose updates mark rows instead of rewriting files; through Spark.

delta-rs reads the marks (deletion vectors), but its VACUUM takes the files that hold them for left-overs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlparse

from pyspark.sql import SparkSession

from carelake.delta import USER_METADATA, quoted
from carelake.states import Note

SETTINGS = {
    # The command has refused less than is safe; a table's own property would know nothing of that.
    "spark.databricks.delta.retentionDurationCheck.enabled": "false",
    # Whoever reads changes asks the log for how long they have been kept.
    "spark.databricks.delta.vacuum.logging.enabled": "true",
}


@dataclass(frozen=True)
class Marked:
    """One such table; its commits carry the note, if there is one."""

    path: Path
    note: Note | None
    start: Callable[[], SparkSession]

    def compact(self) -> None:
        """Make one file of the table's files, without the rows that are marked."""
        self._session().sql(f"OPTIMIZE {quoted(self.path)}").collect()

    def left_over(self, retention: timedelta) -> list[str]:
        """Return the files, seen from the table, that no version kept refers to."""
        found = self._session().sql(f"{self._vacuum(retention)} DRY RUN").collect()
        return [str(Path(unquote(urlparse(row["path"]).path)).relative_to(self.path)) for row in found]

    def vacuum(self, retention: timedelta) -> None:
        """Remove them."""
        self._session().sql(self._vacuum(retention)).collect()

    def checkpoint(self) -> None:
        """Leave the log as it is: Spark sums it up, and shortens it, by itself."""

    def _vacuum(self, retention: timedelta) -> str:
        return f"VACUUM {quoted(self.path)} RETAIN {retention / timedelta(hours=1):.0f} HOURS"

    def _session(self) -> SparkSession:
        session = self.start().newSession()
        told = {USER_METADATA: self.note.text()} if self.note else {}
        for key, value in {**SETTINGS, **told}.items():
            session.conf.set(key, value)
        return session
