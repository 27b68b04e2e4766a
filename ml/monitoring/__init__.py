"""Whether what models meet is still what they learned from."""
