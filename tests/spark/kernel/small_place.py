"""A lake of small tables that a test delivers rows to and builds."""

from carelake.bronze import bronze_columns, ddl
from carelake.builder import Builder
from carelake.registry import Registry
from carelake.states import Note
from tests.fragile import FragileLake
from tests.spark.kernel.small_tables import CONTRACTS, Wards

OLD, NEW, NEWER = "2024-01-01 00:00:00", "2024-02-01 00:00:00", "2024-03-01 00:00:00"


class Place:
    """A lake that a test delivers rows to and builds."""

    def __init__(self, spark, root):
        self.spark = spark
        self.lake = FragileLake(root, lambda: spark)
        self.registry = Registry(CONTRACTS)
        self.wards = Wards()
        self.deliveries = 0

    def deliver(self, **tables):
        self.deliveries += 1
        for name, rows in tables.items():
            of = CONTRACTS[f"silver/{name}"]
            audit = {"_source_file": f"{self.deliveries}.csv", "_batch_id": f"b{self.deliveries}"}
            placed = [
                dict(zip(of.names, row, strict=True)) | audit | {"_source_row": n}
                for n, row in enumerate(rows, 1)
            ]
            columns = bronze_columns(of)
            frame = self.spark.createDataFrame(
                [tuple(row.get(c) for c in columns) for row in placed], ddl(columns)
            )
            self.lake.append(f"bronze/{name}", frame, Note("load", of.fingerprint))

    def build(self, *, full=False):
        """Build all tables; return per table its status, or the rows that an update changed."""
        builder = Builder(self.lake, self.registry, self.wards, "run", full=full)
        built = [
            one for table in self.registry.order for one in builder.build(self.registry.contracts[table])
        ]
        return {one.table: one.written.changed if one.status == "updated" else one.status for one in built}

    def rows(self, table, *columns):
        return sorted(tuple(row) for row in self.lake.read(table).select(*columns).collect())


DELIVERIES = [
    {
        "people": [("P1", "1950-01-01", OLD), ("P2", "", OLD), ("P4", "x", OLD)],
        "visits": [
            ("V1", "P1", "icu", "9", OLD),
            ("V2", "P2", "icu", "-1", OLD),
            ("V4", "P4", "icu", "9", OLD),
            ("V5", "", "icu", "9", OLD),
            ("", "P1", "icu", "9", OLD),
        ],
    },
    # V3 comes before its person; V5, until now nobody's, turns out to be of P2.
    {"visits": [("V3", "P3", "icu", "9", OLD), ("V5", "P2", "icu", "3", NEW)]},
    # P4 is corrected and P3 appears: their visits are released. V1 moves from P1 to P2.
    {
        "people": [("P4", "", NEW), ("P3", "", OLD)],
        "visits": [("V1", "P2", "icu", "8", NEW), ("V2", "P2", "icu", "1", NEW)],
    },
    # Old news, a repeated row and a bad update change nothing that stands.
    {
        "visits": [
            ("V2", "P2", "icu", "7", OLD),
            ("V1", "P2", "icu", "8", NEW),
            ("V1", "P1", "icu", "-1", NEWER),
        ]
    },
]
