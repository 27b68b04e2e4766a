"""Quality as Columns: repair, typing, rules and the judgement of every row, all derived from contracts."""
