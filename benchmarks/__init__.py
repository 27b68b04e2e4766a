"""What Carelake's work costs, each figure a ratio to other work measured in the same run."""
