"""How good a score is, and how sure that is: arrays in, estimates with intervals and tables out."""
