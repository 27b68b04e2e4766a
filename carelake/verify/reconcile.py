"""Landing files against the lake: every row read is in one place, and every cent with it."""

from collections.abc import Iterable, Iterator

import polars as pl

from carelake.contract import Contract
from carelake.verify.check import Check, compared, listed
from carelake.verify.delivered import MALFORMED, value
from carelake.verify.fates import QUARANTINE, SILVER, has_one_fate, is_superseded, latest_batches
from carelake.verify.landing import LandingFile, amounts, cents
from carelake.verify.outcomes import located
from carelake.verify.progress import Progress
from carelake.verify.tables import BATCH, DELIVERED, FILE, LakeTables

UPDATED = "updated_at"
WON = "_won_at"


def checks(
    contract: Contract,
    tables: LakeTables,
    delivered: pl.DataFrame,
    progress: Progress,
    landed: Iterable[LandingFile],
) -> Iterator[Check]:
    """Reconcile the files of a silver table; `delivered` are its fates, `landed` its files.

    Superseded rows are not what is left over: each must have a winner in silver that explains it.
    """
    comparable = [file for file in landed if progress.is_comparable(file)]
    unexplained = without_winner(contract, tables, delivered.filter(is_superseded()))
    yield _winners(contract, delivered, unexplained)
    yield _rows(contract, tables, delivered, unexplained, comparable)
    money = [column.name for column in contract.columns if column.type.startswith("decimal")]
    if money:
        yield from _money(contract, tables, delivered, money, comparable)


def from_nowhere(name: str, tables: LakeTables) -> Check:
    """Check that there are no rows of a table of which nothing was delivered."""
    rows = sum(tables.read(f"{layer}/{name}", FILE).height for layer in (SILVER, QUARANTINE))
    detail = f"nothing was delivered, silver and quarantine hold {rows} rows" if rows else ""
    return compared(f"rows/{name}", 0, 0, rows, detail=detail)


def without_winner(contract: Contract, tables: LakeTables, superseded: pl.DataFrame) -> pl.DataFrame:
    """Return the superseded rows for which silver has no row of the same key, written then or later.

    Without a readable `updated_at` of its own any version in silver is the later one.
    """
    texts = tables.scan(f"bronze/{contract.name}").select(*DELIVERED, *contract.keys, UPDATED)
    rows = texts.join(superseded.lazy().select(DELIVERED), on=DELIVERED, how="semi").collect()
    keyed = rows.select(*DELIVERED, *(value(contract.column(name)) for name in [*contract.keys, UPDATED]))
    times = [name for name in contract.keys if contract.column(name).type == "timestamp"]
    winners = tables.scan(f"silver/{contract.name}").select(
        *(_zoneless(name) if name in times else name for name in contract.keys), _zoneless(UPDATED).alias(WON)
    )
    explained = winners.join(keyed.lazy(), on=contract.keys, how="inner").filter(
        pl.col(UPDATED).is_null() | (pl.col(WON) >= pl.col(UPDATED))
    )
    return keyed.join(explained.select(DELIVERED).collect(), on=DELIVERED, how="anti").select(DELIVERED)


def _zoneless(name: str) -> pl.Expr:
    return pl.col(name).dt.convert_time_zone("UTC").dt.replace_time_zone(None).dt.cast_time_unit("us")


def _winners(contract: Contract, delivered: pl.DataFrame, unexplained: pl.DataFrame) -> Check:
    expected = delivered.filter(is_superseded()).height
    keys = ", ".join(contract.keys)
    detail = f"in bronze alone, and no later row with the same {keys} in silver: {located(unexplained)}"
    missing = unexplained.height
    return compared(f"winners/{contract.name}", expected, missing, 0, detail=detail if missing else "")


def _rows(
    contract: Contract,
    tables: LakeTables,
    delivered: pl.DataFrame,
    unexplained: pl.DataFrame,
    comparable: list[LandingFile],
) -> Check:
    """Compare per file: lines that lie there and rows in the register against rows accounted for."""
    register = tables.register(contract.name)
    lines = {file.name: file.rows for file in comparable if "earlier" not in register[file.name]}
    nothing = {"bronze": 0, "accounted": 0, "strays": 0}
    held = {row[FILE]: row for row in _held(delivered, unexplained).iter_rows(named=True)}
    missing = extra = expected = 0
    faults = []
    for file in sorted({*register, *held}):
        read, rows = register.get(file, {}).get("rows", 0), held.get(file, nothing)
        lying, bronze, accounted, strays = lines.get(file, read), *(rows[name] for name in nothing)
        expected += lying
        if strays or {read, lying, bronze} != {accounted}:
            missing += max(lying - accounted, 0)
            extra += max(bronze - lying, read - lying, 0) + strays
            told = f"{lying} lines, {read} rows registered, {bronze} in bronze, {accounted} accounted for"
            faults.append(f"{file}: {told}" + (f", {strays} that bronze doesn't have" if strays else ""))
    return compared(f"rows/{contract.name}", expected, missing, extra, detail=listed(faults))


def _held(delivered: pl.DataFrame, unexplained: pl.DataFrame) -> pl.DataFrame:
    """Return per file the rows in bronze, those of them accounted for, and rows found elsewhere alone."""
    loose = unexplained.with_columns(loose=pl.lit(True))
    rows = delivered.join(loose, on=DELIVERED, how="left").group_by(FILE)
    return rows.agg(
        bronze=pl.col("bronze").sum(),
        accounted=(has_one_fate() & pl.col("loose").is_null()).sum(),
        strays=(pl.col("bronze") == 0).sum(),
    )


def _money(
    contract: Contract,
    tables: LakeTables,
    delivered: pl.DataFrame,
    columns: list[str],
    comparable: list[LandingFile],
) -> Iterator[Check]:
    """Compare sums per file of what the text says with what silver, quarantine and superseded rows say."""
    held = _held_cents(contract, tables, delivered, columns)
    texts = {file.name: amounts(file, columns) for file in comparable}
    nothing = dict.fromkeys(columns, 0)
    for column in columns:
        pairs = [(f, texts[f][column], held.get(f, nothing)[column]) for f in texts]
        faults = [
            f"{f}: {_dollars(text)} delivered, {_dollars(lake)} held"
            for f, text, lake in pairs
            if text != lake
        ]
        yield compared(
            f"money/{contract.name}.{column}",
            sum(text for _, text, _ in pairs),
            sum(max(text - lake, 0) for _, text, lake in pairs),
            sum(max(lake - text, 0) for _, text, lake in pairs),
            unit="cents",
            detail=listed(faults),
        )


def _held_cents(
    contract: Contract, tables: LakeTables, delivered: pl.DataFrame, columns: list[str]
) -> dict[str, dict[str, int]]:
    """Return per file what its present content comes to in silver, quarantine and superseded rows."""
    parts = [
        _in_silver(contract, tables, columns),
        _in_quarantine(contract, tables, columns),
        _in_superseded(contract, tables, delivered, columns),
    ]
    present = pl.concat(parts).join(latest_batches(tables, contract.name), on=[FILE, BATCH], how="semi")
    sums = present.group_by(FILE).agg(pl.col(columns).sum())
    return {row[FILE]: row for row in sums.iter_rows(named=True)}


def _in_silver(contract: Contract, tables: LakeTables, columns: list[str]) -> pl.DataFrame:
    rows = tables.scan(f"silver/{contract.name}").group_by(FILE, BATCH)
    return rows.agg(cents_of(name).sum() for name in columns).collect()


def cents_of(name: str) -> pl.Expr:
    """Return a decimal column as integer cents."""
    return (pl.col(name).cast(pl.Decimal(20, 2)) * 100).cast(pl.Int64)


def _in_quarantine(contract: Contract, tables: LakeTables, columns: list[str]) -> pl.DataFrame:
    malformed = pl.col("_reasons").list.set_intersection(list(MALFORMED)).list.len() > 0
    rows = tables.read(f"quarantine/{contract.name}", FILE, BATCH, "_raw", "_reasons").filter(~malformed)
    texts = rows.select(
        FILE, BATCH, *(pl.col("_raw").str.json_path_match(f"$.{name}").alias(name) for name in columns)
    )
    return texts.group_by(FILE, BATCH).agg(cents(pl.col(name)).sum().alias(name) for name in columns)


def _in_superseded(
    contract: Contract, tables: LakeTables, delivered: pl.DataFrame, columns: list[str]
) -> pl.DataFrame:
    superseded = delivered.filter(is_superseded()).select(DELIVERED).lazy()
    texts = tables.scan(f"bronze/{contract.name}").join(superseded, on=DELIVERED, how="semi")
    rows = texts.select(FILE, BATCH, *columns).collect()
    return rows.group_by(FILE, BATCH).agg(cents(pl.col(name)).sum().alias(name) for name in columns)


def _dollars(amount: int) -> str:
    return f"${amount / 100:,.2f}"
