"""From rows to a judged model: fit the candidates, choose, calibrate, evaluate."""
