"""Files and tables as OpenLineage datasets: their names, and what is told of them."""

from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlparse

from openlineage.client.event_v2 import InputDataset, OutputDataset, set_producer
from openlineage.client.facet_v2 import (
    DatasetFacet,
    InputDatasetFacet,
    data_quality_assertions_dataset,
    dataset_version_dataset,
    documentation_dataset,
    output_statistics_output_dataset,
    schema_dataset,
)

from carelake.contract import Contract
from carelake.states import quarantine_reasons, read_state

PRODUCER = f"urn:carelake:{version('carelake')}"
"""Who tells, as OpenLineage wants it: a URI with a version."""
set_producer(PRODUCER)


class Datasets:
    """The tables of a lake and the files of its landing zone."""

    def __init__(self, lake: Path, landing_zone: Path) -> None:
        """Take the two folders."""
        self.lake = lake
        self.landing_zone = landing_zone

    def landed(self, files: list[str]) -> list[InputDataset]:
        """Return files of the landing zone, given by their names in it."""
        return [InputDataset(*place(self.landing_zone / file)) for file in files]

    def inputs(self, contract: Contract) -> list[InputDataset]:
        """Return what a table is made from."""
        return [InputDataset(*self._place(read.table)) for read in contract.reads]

    def judged(self, contract: Contract) -> list[InputDataset]:
        """Return what a table was made from; with a silver table's bronze, how many rows broke which rule."""
        found = self.inputs(contract)
        if contract.layer == "silver":
            found[0].inputFacets = {"dataQualityAssertions": self._assertions(contract)}
        return found

    def output(self, table: str, contract: Contract, rows: int) -> OutputDataset:
        """Return a table as it was written: its meaning, version, and rows inserted or updated.

        The columns are told of tables that have the contract's.
        """
        facets: dict[str, DatasetFacet] = {}
        if table == contract.table:
            facets["schema"] = schema_dataset.SchemaDatasetFacet(_fields(contract))
            facets["documentation"] = documentation_dataset.DocumentationDatasetFacet(contract.description)
        if state := read_state(self.lake / table):
            facets["version"] = dataset_version_dataset.DatasetVersionDatasetFacet(str(state.version))
        counted = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=rows)
        return OutputDataset(*self._place(table), facets=facets, outputFacets={"outputStatistics": counted})

    def _place(self, table: str) -> tuple[str, str]:
        is_code_set = table.startswith("reference/")
        return ("carelake", table) if is_code_set else place(self.lake / table)

    def _assertions(self, contract: Contract) -> InputDatasetFacet:
        broken = quarantine_reasons(self.lake / "quarantine" / contract.name)
        told = {rule.id: rule.description for rule in contract.rules if rule.severity == "error"}
        return data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
            [
                data_quality_assertions_dataset.Assertion(
                    assertion=rule,
                    success=not broken[rule],
                    severity="error",
                    description=told.get(rule),
                    expected="0",
                    actual=str(broken[rule]),
                )
                for rule in sorted(told.keys() | broken)
            ]
        )


def place(path: Path) -> tuple[str, str]:
    """Return namespace and name of a path, as OpenLineage names those of file systems and buckets."""
    where = urlparse(str(path))
    if where.scheme and where.netloc:
        return f"{where.scheme.replace('s3a', 's3')}://{where.netloc}", where.path.strip("/")
    return "file", path.as_posix()


def _fields(contract: Contract) -> list[schema_dataset.SchemaDatasetFacetFields]:
    return [
        schema_dataset.SchemaDatasetFacetFields(column.name, column.type, column.description, position)
        for position, column in enumerate(contract.columns, 1)
    ]
