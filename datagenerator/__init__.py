"""The synthetic health system: it plays the outside world and knows what really happened."""
