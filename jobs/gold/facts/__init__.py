"""Facts: what happened, at the grain it was recorded."""
