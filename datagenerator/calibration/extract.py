"""The initial extract of a generation as typed tables, repeats and what can't be read left out."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import polars as pl

from datagenerator.arguments import Arguments
from datagenerator.extract.layout import LAYOUTS, Layout
from datagenerator.periods import period

PARSED: dict[str, type[pl.DataType]] = {
    "int": pl.Int64,
    "money": pl.Float64,
    "double": pl.Float64,
}
FLAGS = ("is_planned", "readmitted_30d", "readmitted_60d", "readmitted_90d")
NUMBERS = ("p_readmitted_30d", "expected_los_days", "expected_cost_12m")


@dataclass(frozen=True)
class Extract:
    """A generation to be measured; each table is read when it is first asked for."""

    arguments: Arguments

    @property
    def through(self) -> datetime:
        """Last instant the initial extract is complete to."""
        return period(self.arguments, 0).data_through

    def table(self, name: str) -> pl.DataFrame:
        """Return a landing file of the initial extract, one row a key, the latest written."""
        layout = LAYOUTS[name]
        rows = pl.scan_csv(
            self.arguments.output / layout.file, infer_schema=False, truncate_ragged_lines=True
        )
        typed = rows.select(_parsed(column, kind) for column, kind in layout.columns.items())
        return _latest(typed, layout).collect()

    @cached_property
    def patients(self) -> pl.DataFrame:
        """The latest version of each patient."""
        versions = self.table("patients").sort("effective_date", "recorded_at")
        return versions.unique("patient_id", keep="last", maintain_order=True)

    @cached_property
    def encounters(self) -> pl.DataFrame:
        """All encounters."""
        return self.table("encounters").filter(pl.col("admitted_at").is_not_null())

    @cached_property
    def diagnoses(self) -> pl.DataFrame:
        """All diagnoses."""
        return self.table("diagnoses")

    @cached_property
    def claims(self) -> pl.DataFrame:
        """All claims, amounts in dollars."""
        return self.table("claims")

    @cached_property
    def hai_data(self) -> pl.DataFrame:
        """Infections and exposure as reported, wrong copies included."""
        return self.table("hai_data")

    @cached_property
    def stays(self) -> pl.DataFrame:
        """Acute stays: inpatient rows of a patient at a facility that touch or overlap are one."""
        return merged_stays(self.encounters, self.diagnoses)

    def truth(self, name: str) -> pl.DataFrame:
        """Return a table of the truth."""
        rows = pl.read_csv(self.arguments.truth / f"{name}.csv", infer_schema=False)
        flags = [pl.col(c).replace_strict({"true": True, "false": False}, default=None) for c in FLAGS]
        numbers = [pl.col(c).cast(pl.Float64, strict=False) for c in NUMBERS]
        return rows.with_columns(
            expression for expression in [*flags, *numbers] if expression.meta.output_name() in rows.columns
        )


def _parsed(column: str, kind: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    if kind == "date":
        return text.str.to_date("%Y-%m-%d", strict=False).alias(column)
    if kind == "timestamp":
        return text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False).alias(column)
    return text.cast(PARSED.get(kind, pl.String), strict=False).alias(column)


def _latest(rows: pl.LazyFrame, layout: Layout) -> pl.LazyFrame:
    whole = rows.drop_nulls(list(layout.key)).sort("updated_at", nulls_last=False)
    return whole.unique(list(layout.key), keep="last", maintain_order=True)


def merged_stays(encounters: pl.DataFrame, diagnoses: pl.DataFrame) -> pl.DataFrame:
    """Return the finished acute stays with the principal code of their first row and the outcome of the last.

    LOS counts midnights, a same-day stay 1.
    """
    rows = encounters.filter(pl.col("encounter_type") == "inpatient", pl.col("discharged_at").is_not_null())
    place = ["patient_id", "facility_id"]
    rows = rows.sort(*place, "admitted_at", "discharged_at")
    upto = pl.col("discharged_at").cum_max().shift(1).over(place)
    rows = rows.with_columns(begins=(pl.col("admitted_at") > upto).fill_null(value=True))
    rows = rows.with_columns(stay=pl.col("begins").cast(pl.Int64).cum_sum())
    principal = diagnoses.filter(pl.col("sequence") == 1).select("encounter_id", "diagnosis_code")
    rows = rows.join(principal, on="encounter_id", how="left")
    stays = rows.group_by("stay", maintain_order=True).agg(
        pl.first("encounter_id", "patient_id", "facility_id", "admitted_at", "diagnosis_code"),
        pl.col("discharged_at").max(),
        pl.col("discharge_disposition").sort_by("discharged_at").last(),
    )
    nights = (pl.col("discharged_at").dt.date() - pl.col("admitted_at").dt.date()).dt.total_days()
    return stays.with_columns(los_days=nights.clip(lower_bound=1))
