"""Dimensions: what facts are grouped and filtered by."""
