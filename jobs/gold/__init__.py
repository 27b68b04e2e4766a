"""Gold: dimensions and facts made of silver tables and reference tables."""
