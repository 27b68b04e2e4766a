"""Records that follow from the simulated care and leave it as it is."""
