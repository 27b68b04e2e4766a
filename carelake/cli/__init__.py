"""The command line: the composition root, the one place of the kernel that knows jobs and generator."""

from carelake.cli.app import main

__all__ = ["main"]
