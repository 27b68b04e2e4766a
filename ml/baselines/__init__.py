"""What a model has to beat: published scores of points, on plain columns."""
