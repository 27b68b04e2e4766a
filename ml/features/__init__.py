"""Point-in-time features: what was known of a patient and a stay when a prediction is asked for."""
