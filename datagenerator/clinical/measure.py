"""Facts about codes that the readmission measure asks for, as the catalogue states them."""

from functools import lru_cache

from datagenerator.catalogue import table


@lru_cache
def _principal_facts() -> dict[str, tuple[str, str, bool, bool]]:
    codes = table("diagnosis_codes")
    names = ["code", "ccsr", "exclusion", "always_planned", "acute"]
    rows = codes[codes["use"] == "admission"][names].itertuples(index=False)
    return {code: (ccsr, exclusion, always == 1, acute == 1) for code, ccsr, exclusion, always, acute in rows}


@lru_cache
def _planned_procedures(kind: str) -> frozenset[str]:
    use = table("procedure_use")
    return frozenset(use.loc[use["planned"] == kind, "code"])


def condition(code: str) -> str:
    """Return the CCSR category of a principal diagnosis."""
    return _principal_facts()[code][0]


def excluded_as(code: str) -> str:
    """Return `psychiatric`, `rehabilitation`, `cancer_treatment`, or nothing."""
    return _principal_facts()[code][1]


def is_planned(code: str, procedures: set[str]) -> bool:
    """Tell whether a stay is planned care (CMS planned readmission algorithm).

    It is when procedure or diagnosis always are, or when a potentially planned procedure comes with a
    principal diagnosis that is not acute.
    """
    _, _, always, acute = _principal_facts()[code]
    if always or procedures & _planned_procedures("always"):
        return True
    return not acute and bool(procedures & _planned_procedures("potentially"))
