"""Where data lies: a folder of this machine, or a prefix in an object store."""

import logging
from pathlib import Path
from typing import cast

from carelake.errors import UsageError


def place(address: str | Path) -> Path:
    """Return a folder or file by its path, or by a URI such as `s3a://bucket/prefix`, as a path to work with.

    Of a URI it is a UPath, which does what this project asks of a Path. UsageError where there is none, or
    where the store is another than what `conf/spark/s3.conf` is for.
    """
    if "://" not in str(address):
        return Path(address).absolute()
    if not str(address).startswith("s3a://"):
        raise UsageError(f"{address}: of object stores those that speak S3 are known, as s3a://bucket/prefix")
    try:
        from upath import UPath
    except ImportError as missing:
        raise UsageError(f"{address}: object stores need `uv sync --inexact --group s3`") from missing
    # It would tell with every command where it found the keys.
    logging.getLogger("aiobotocore").setLevel(logging.WARNING)
    return cast("Path", UPath(address))


def is_local(path: Path) -> bool:
    """Tell whether a place is on a file system, where files can be locked."""
    return isinstance(path, Path)
