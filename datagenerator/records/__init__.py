"""Records that follow from the simulated care and leave it as it is."""
"""Records that follow from the finished event log: they add files and change none."""
"""Records derived from finished care: what was measured, and how patients were treated."""
