"""Bronze: what was delivered, as text, with where it came from."""
