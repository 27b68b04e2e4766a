"""Files about what followed care and claims, made after the simulation, from the finished event log."""
