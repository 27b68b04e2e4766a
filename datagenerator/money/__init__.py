"""Coverage and claims that the simulated care gives rise to."""
