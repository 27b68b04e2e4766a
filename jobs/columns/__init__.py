"""Reusable expressions: columns in, a column out."""
