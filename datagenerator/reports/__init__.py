"""What facilities report about themselves, counted from what really happened."""
