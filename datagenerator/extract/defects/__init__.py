"""What is planted, by file: rows that must be quarantined, and rows that a receiver repairs or flags.

`ERRORS` break an error rule of the contract; `BLEMISHES` are odd formats, unknown codes, implausible values.
"""

from datagenerator.extract.defects import (
    care,
    claim_reviews,
    claims,
    experience,
    medications,
    organisations,
    people,
    records,
    wards,
)
from datagenerator.extract.recipes import Recipe

_FILES = (people, care, records, medications, claims, claim_reviews, experience, organisations, wards)
ERRORS: dict[str, tuple[Recipe, ...]] = {
    name: found for file in _FILES for name, found in file.ERRORS.items()
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    name: found for file in _FILES for name, found in file.BLEMISHES.items()
}
