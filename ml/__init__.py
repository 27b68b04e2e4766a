"""Models over gold: features, training, evaluation, gates, scoring and monitoring."""
