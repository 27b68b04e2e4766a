"""Records that follow from the finished event log: they add files and change none."""
