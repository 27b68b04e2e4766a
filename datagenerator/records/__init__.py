"""Records derived from finished care: what was measured, and how patients were treated."""
