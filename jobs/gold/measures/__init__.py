"""Measures over facts: stays, readmissions."""
