"""Lineage: what a run read and wrote, told by OpenLineage's client to whom it is configured for."""
