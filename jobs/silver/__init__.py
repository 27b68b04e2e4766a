"""Silver: typed, conformed, one row per key, references checked."""
