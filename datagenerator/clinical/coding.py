"""Diagnoses and procedures coded on encounter rows."""

from functools import lru_cache

import numpy as np
import pandas as pd

from datagenerator.blocks import stream
from datagenerator.catalogue import Choices, table
from datagenerator.clinical.clock import DAY, HOUR, as_times
from datagenerator.clinical.draws import by_month
from datagenerator.clinical.hospitals import staff
from datagenerator.clinical.state import World

PATIENT_STREAM, DIAGNOSIS_STREAM, PROCEDURE_STREAM = 11, 12, 13
EMERGENCY_GROUPS = {
    "respiratory": 0.2,
    "pain": 0.3,
    "injury": 0.2,
    "infection": 0.1,
    "mental": 0.07,
    "general": 0.13,
}
OUTPATIENT_GROUPS = {"check_up": 0.4, "minor_illness": 0.4, "aftercare": 0.2}
# Share of a patient's chronic conditions that get coded, by kind of encounter (order of `encounters.TYPES`).
CODED_SHARE = np.array([0.85, 0.45, 0.55, 0.30, 0.25])


@lru_cache
def _choices(use: str, names: tuple[str, ...]) -> Choices:
    codes = table("diagnosis_codes")
    return Choices(codes[codes["use"] == use], list(names))


def chronic_codes(world: World) -> np.ndarray:
    """Return patients x conditions: the code that each patient's condition is always coded with."""
    people, names = world.people, tuple(table("chronic")["condition"])
    rng = stream(world.arguments.seed, world.block.index, PATIENT_STREAM, people.first_period)
    choices = _choices("chronic", names)
    uniform = rng.random((people.size, len(names)))
    group = np.broadcast_to(np.arange(len(names)), uniform.shape)
    codes = (
        choices.rows["code"].to_numpy()[choices.draw(group.ravel(), uniform.ravel())].reshape(uniform.shape)
    )
    cancer = names.index("cancer")
    breast, prostate = codes[:, cancer] == "C50919", codes[:, cancer] == "C61"
    codes[:, cancer] = np.where(people.female & prostate, "C50919", codes[:, cancer])
    codes[:, cancer] = np.where(~people.female & breast, "C61", codes[:, cancer])
    return codes


def principal_codes(world: World, rows: pd.DataFrame, chronic: np.ndarray) -> np.ndarray:
    """Return the principal code of each row: that of the stay, else one fitting the kind of visit."""
    draws = _draws(world, rows)
    kind = rows["kind"].to_numpy()
    emergency = _from_groups("emergency", EMERGENCY_GROUPS, draws)
    observation = _from_groups("observation", {"observation": 1.0}, draws)
    routine = _from_groups("outpatient", OUTPATIENT_GROUPS, draws)
    patient = rows["patient"].to_numpy()
    has = world.people.onset[patient] <= (rows["admitted"].to_numpy() // DAY)[:, None]
    count = has.sum(axis=1)
    nth = (draws[:, 3] * np.maximum(count, 1)).astype(int)
    which = np.argmax(np.cumsum(has, axis=1) == nth[:, None] + 1, axis=1)
    followed = (count > 0) & (draws[:, 2] < 0.55 + 0.05 * np.minimum(count, 6))
    visit = np.where(followed, chronic[patient, which], routine)
    return np.select([kind == 0, kind == 1, kind == 2], [rows["principal"], emergency, observation], visit)


def _draws(world: World, rows: pd.DataFrame) -> np.ndarray:
    key = (world.arguments.seed, world.block.index, DIAGNOSIS_STREAM, world.people.first_period)
    return by_month(key, rows["month"].to_numpy(), 10 + len(table("chronic")))


def _from_groups(use: str, shares: dict[str, float], draws: np.ndarray) -> np.ndarray:
    upto = np.cumsum(list(shares.values()))
    group = np.minimum(np.searchsorted(upto, draws[:, 0], side="right"), len(shares) - 1)
    choices = _choices(use, tuple(shares))
    return choices.rows["code"].to_numpy()[choices.draw(group, draws[:, 1])]


def diagnoses(
    world: World, rows: pd.DataFrame, chronic: np.ndarray, images: pd.DataFrame, infected: pd.DataFrame
) -> pd.DataFrame:
    """Return the diagnoses landing rows with `_known`.

    What was present on admission comes with the first image of the encounter, what arose in hospital when it
    is closed.
    """
    draws = _draws(world, rows)
    coded = [_rank(np.arange(len(rows)), 0, rows["principal"].to_numpy(), "Y")]
    coded += _complications(rows, draws[:, 4:8])
    patient = rows["patient"].to_numpy()
    has = world.people.onset[patient] <= (rows["admitted"].to_numpy() // DAY)[:, None]
    share = CODED_SHARE[rows["kind"].to_numpy()][:, None]
    row, condition = np.nonzero(has & (draws[:, 10:] < share))
    coded.append(_rank(row, 3 + condition, chronic[patient[row], condition], "Y"))
    coded.append(_infection_codes(rows, infected))
    frame = pd.concat(coded, ignore_index=True).sort_values(["row", "rank"], kind="stable")
    frame = frame.drop_duplicates(["row", "diagnosis_code"], ignore_index=True)
    frame["sequence"] = frame.groupby("row").cumcount() + 1
    return _landing_diagnoses(frame, rows, images)


def _rank(row: np.ndarray, rank: int | np.ndarray, code: np.ndarray, poa: str) -> pd.DataFrame:
    return pd.DataFrame({"row": row, "rank": rank, "diagnosis_code": code, "present_on_admission": poa})


def _complications(rows: pd.DataFrame, draws: np.ndarray) -> list[pd.DataFrame]:
    """Secondary diagnoses behind the DRG's grade: a major one for the highest, else a minor one."""
    grade = rows["grade"].fillna(-1).to_numpy()
    logs = []
    for number, name in enumerate(("major", "minor")):
        share = np.where(grade == 2 - number, 0.9, np.where(grade == 2, 0.4, 0.0))
        row = np.flatnonzero(draws[:, 2 * number] < share)
        choices = _choices("complication", (name,))
        code = choices.draw(np.zeros(len(row), dtype=int), draws[row, 2 * number + 1])
        logs.append(_rank(row, 1 + number, choices.rows["code"].to_numpy()[code], "Y"))
    return logs


def _infection_codes(rows: pd.DataFrame, infected: pd.DataFrame) -> pd.DataFrame:
    position = pd.Series(np.arange(len(rows)), index=rows["digits"])
    codes = table("diagnosis_codes").query("use == 'infection'").set_index("name")["code"]
    row = position.loc[infected["digits"]].to_numpy()
    present = infected["present_on_admission"].to_numpy(bool)
    frame = _rank(row, np.where(present, 2, 99), codes.loc[infected["infection_type"]].to_numpy(), "Y")
    return frame.assign(present_on_admission=np.where(present, "Y", "N"))


def _landing_diagnoses(frame: pd.DataFrame, rows: pd.DataFrame, images: pd.DataFrame) -> pd.DataFrame:
    exempt = set(table("diagnosis_codes").query("poa_exempt == 1")["code"])
    inpatient = rows["kind"].to_numpy()[frame["row"]] == 0
    noted = inpatient & ~frame["diagnosis_code"].isin(exempt).to_numpy()
    arose = frame["present_on_admission"].to_numpy() == "N"
    frame["present_on_admission"] = frame["present_on_admission"].where(noted, None)
    digits = rows["digits"].to_numpy()[frame["row"]]
    frame["diagnosis_id"] = [
        f"D{row}{number:02d}" for row, number in zip(digits, frame["sequence"], strict=True)
    ]
    frame["encounter_id"] = "E" + pd.Series(digits, dtype=object)
    first = images.drop_duplicates("encounter_id", keep="first").set_index("encounter_id")
    last = (
        images[images["discharged_at"].notna()]
        .drop_duplicates("encounter_id", keep="last")
        .set_index("encounter_id")
    )
    for name in ("_known", "updated_at", "patient_id"):
        early, late = frame["encounter_id"].map(first[name]), frame["encounter_id"].map(last[name])
        frame[name] = np.where(arose, late, early)
    frame = frame[frame["_known"].notna()].reset_index(drop=True)
    names = (
        "diagnosis_id encounter_id patient_id sequence diagnosis_code present_on_admission updated_at _known"
    )
    return frame.astype({"_known": int})[names.split()]


def procedures(world: World, rows: pd.DataFrame, images: pd.DataFrame) -> pd.DataFrame:
    """Return the procedures landing rows with `_known`; those of a stay are on its first row."""
    use = table("procedure_use")
    key = (world.arguments.seed, world.block.index, PROCEDURE_STREAM, world.people.first_period)
    draws = by_month(key, rows["month"].to_numpy(), 8 + len(use))
    done = _performed(rows, use, draws)
    frame = pd.DataFrame({"row": done[0], "use": done[1]}).sort_values(["row", "use"], ignore_index=True)
    frame["sequence"] = frame.groupby("row").cumcount() + 1
    row = frame["row"].to_numpy()
    frame["procedure_code"] = use["code"].to_numpy()[frame["use"]]
    frame["code_system"] = use["code_system"].to_numpy()[frame["use"]]
    frame["quantity"] = _quantity(rows, frame, draws)
    begun, left = rows["admitted"].to_numpy()[row], rows["discharged"].to_numpy()[row]
    after = np.where(rows["kind"].to_numpy()[row] == 0, 2 + 26 * draws[row, 1], 0.1)
    performed = np.minimum(begun + (after * HOUR).astype(np.int64) // 60 * 60, left)
    team = staff(world.arguments)
    kind = np.where(rows["kind"].to_numpy()[row] == 0, "surgical", "primary")
    number = pd.Series(kind).map({name: place for place, name in enumerate(team.kinds)}).to_numpy()
    frame["provider_id"] = team.draw(rows["facility"].to_numpy()[row], number, draws[row, 2])
    return _landing_procedures(world, frame, rows, images, performed)


def _performed(rows: pd.DataFrame, use: pd.DataFrame, draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (row, line of the procedure table) pairs of what was done."""
    kind, reason, principal = (rows[name].to_numpy() for name in ("kind", "reason_name", "principal"))
    first = (
        (kind == 0)
        & (rows["admitted"] == rows["stay_admitted"]).to_numpy()
        & ~rows["is_repeat"].to_numpy(bool)
    )
    chance = use["probability"].to_numpy(float)
    hits = np.zeros((len(use), len(rows)), dtype=bool)
    for line, (purpose, name, diagnosis) in enumerate(
        zip(use["use"], use["name"], use["diagnosis"], strict=True)
    ):
        possible = np.isin(kind, [1, 2]) & (purpose == "extra")
        if purpose == "admission":
            possible = first & (reason == name) & ((principal == diagnosis) | (diagnosis == ""))
        hits[line] = possible & (draws[:, 8 + line] < chance[line])
    for purpose, number in {"emergency": 1, "observation": 2, "outpatient": 3, "telehealth": 4}.items():
        lines = np.flatnonzero(use["use"] == purpose)
        upto = np.cumsum(chance[lines])
        chosen = lines[
            np.minimum(np.searchsorted(upto, draws[:, 0] * upto[-1], side="right"), len(lines) - 1)
        ]
        hits[lines] |= (kind == number) & (chosen == lines[:, None])
    done, row = np.nonzero(hits)
    return row, done


def _quantity(rows: pd.DataFrame, frame: pd.DataFrame, draws: np.ndarray) -> np.ndarray:
    row = frame["row"].to_numpy()
    hours = (rows["discharged"].to_numpy() - rows["admitted"].to_numpy())[row] // HOUR
    doses = 1 + (draws[row, 3] * 3).astype(int)
    drug = frame["procedure_code"].str.startswith("J").to_numpy()
    return np.select([frame["procedure_code"] == "G0378", drug], [np.maximum(hours, 1), doses], 1)


def _landing_procedures(
    world: World, frame: pd.DataFrame, rows: pd.DataFrame, images: pd.DataFrame, performed: np.ndarray
) -> pd.DataFrame:
    row = frame["row"].to_numpy()
    digits = rows["digits"].to_numpy()[row]
    frame["procedure_id"] = [
        f"R{row}{number:02d}" for row, number in zip(digits, frame["sequence"], strict=True)
    ]
    frame["encounter_id"] = "E" + pd.Series(digits, dtype=object)
    frame["patient_id"] = [
        f"P{number:08d}" for number in world.people.number[rows["patient"].to_numpy()[row]]
    ]
    frame["performed_at"] = as_times(performed)
    known = world.clock.period_of(performed)
    written = images.set_index(["encounter_id", "_known"])["updated_at"]
    image = pd.MultiIndex.from_arrays([frame["encounter_id"], known])
    told = written.reindex(image).to_numpy().astype("datetime64[s]").astype(np.int64)
    updated = np.minimum(np.maximum(told, performed + HOUR), world.clock.end_of(known))
    frame = frame.assign(_known=known, updated_at=as_times(updated))[known < len(world.clock.ends)]
    names = (
        "procedure_id encounter_id patient_id sequence procedure_code code_system provider_id performed_at"
    )
    return frame[[*names.split(), "quantity", "updated_at", "_known"]].reset_index(drop=True)
