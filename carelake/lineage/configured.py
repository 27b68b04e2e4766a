"""Whether anybody wants lineage; asked before its client is imported, which takes half a second."""

from collections.abc import Mapping
from pathlib import Path

FILE = "openlineage.yml"
SETTINGS = ("OPENLINEAGE_URL", "OPENLINEAGE_CONFIG", "OPENLINEAGE__TRANSPORT__")


def is_configured(environ: Mapping[str, str]) -> bool:
    """Tell whether OpenLineage's client finds a transport where it looks: the environment and its file.

    Without one it would print every event on the console.
    """
    if environ.get("OPENLINEAGE_DISABLED", "").strip().lower() == "true":
        return False
    named = any(name.startswith(SETTINGS) and value for name, value in environ.items())
    return named or any((folder / FILE).is_file() for folder in (Path(), Path.home() / ".openlineage"))
