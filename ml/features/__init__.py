"""Features: what was known of whom or what is scored, at the time of the prediction."""
