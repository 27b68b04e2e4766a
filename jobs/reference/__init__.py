"""Reference tables: dated code sets from installed libraries and from `conf/reference`."""

from jobs.reference.sources import load, names, version

__all__ = ["load", "names", "version"]
