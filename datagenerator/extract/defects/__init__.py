"""What is planted, by file: rows that must be quarantined, and rows that a receiver repairs or flags.

`ERRORS` break an error rule of the contract; `BLEMISHES` are odd formats, unknown codes, implausible values.
"""

from datagenerator.extract.defects import care, claims, medications, organisations, people
from datagenerator.extract.defects import care, claims, experience, organisations, people
from datagenerator.extract.defects import care, claims, organisations, people, wards
from datagenerator.extract.defects import care, claims, organisations, people, records
from datagenerator.extract.recipes import Recipe

_FILES = (people, care, claims, organisations, medications)
_FILES = (people, care, claims, organisations, experience)
_FILES = (people, care, claims, organisations, wards)
_FILES = (people, care, claims, organisations, records)
ERRORS: dict[str, tuple[Recipe, ...]] = {
    name: found for file in _FILES for name, found in file.ERRORS.items()
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    name: found for file in _FILES for name, found in file.BLEMISHES.items()
}
