"""What is predicted: one module for each model, told in data."""
