"""Scores of champions as tables of the lake: made by the same builder, incremental by patient."""
