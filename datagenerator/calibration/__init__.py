"""How believable a generation is: marginals of its files, each with the band it must fall in and the source.

Read from what was written, landing files and truth, by other means than the simulation's own.
"""
