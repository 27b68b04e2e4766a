"""One block from first registration to landing frames."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block
from datagenerator.care import Care
from datagenerator.clinical import coding, emergency, encounters, infections, visits
from datagenerator.clinical.aftercare import aftercare
from datagenerator.clinical.clock import DAY, as_days, as_times, clock
from datagenerator.clinical.expectations import expectations
from datagenerator.clinical.history import Registered, register
from datagenerator.clinical.hospitals import hospitals
from datagenerator.clinical.latent import latent
from datagenerator.clinical.months import live
from datagenerator.clinical.nature import Rates
from datagenerator.clinical.population import population
from datagenerator.clinical.registry import registry
from datagenerator.clinical.state import State, World
from datagenerator.clinical.versions import Timeline, versions

# ICD-10-CM: treatment not carried out, the patient left before a provider came.
LEFT_UNSEEN = "Z5321"


def simulate(arguments: Arguments, block: Block, deliveries: int) -> Care:
    """Return the event log of a block up to delivery `deliveries` (0: the initial extract alone).

    What earlier deliveries hold is the same however many are asked for. Patients who join in a later period
    are a cohort of their own.
    """
    cohorts = [_cohort(arguments, block, deliveries, period) for period in range(deliveries + 1)]
    logs = [log for log in cohorts if log is not None]
    names = Care.__dataclass_fields__
    return Care(
        **{name: pd.concat([getattr(log, name) for log in logs], ignore_index=True) for name in names}
    )


def _cohort(arguments: Arguments, block: Block, deliveries: int, period: int) -> Care | None:
    time = clock(arguments, deliveries, period)
    people = population(arguments, block, time, period)
    if not people.size:
        return None
    registered = register(arguments, block, people, time)
    first_month = int(time.month_of(np.array([time.start * DAY]))[0]) if period else 0
    world = World(arguments, block, time, people, hospitals(arguments), registered.residence, first_month)
    state, rates = live(world)
    return _recorded(world, state, rates, registered)


def _recorded(world: World, state: State, rates: list[Rates], registered: Registered) -> Care:
    death = state.death_day
    stays = infections.devices(world, encounters.stay_log(world, state.stays))
    rows = _rows(world, state, rates, stays)
    payer = Timeline(registered.changes, "payer_id")
    primary = Timeline(registered.changes, "pcp_provider_id")
    chronic = coding.chronic_codes(world)
    rows["principal"] = coding.principal_codes(world, rows, chronic)
    rows.loc[emergency.left_unseen(rows), "principal"] = LEFT_UNSEEN
    rows["admitting_code"] = rows["admitting_code"].where(rows["kind"] == 0, rows["principal"])
    images = encounters.landing(world, rows, payer, primary)
    infected = infections.on_rows(world, infections.infections(world, stays), rows)
    diagnoses = emergency.treated(rows, coding.diagnoses(world, rows, chronic, images, infected), True)
    patients = versions(world.arguments, world.block, world.people, world.clock, registered, death)
    return Care(
        people=expectations(world, rates, death).join(latent(world, chronic, death)),
        patients=patients[patients["_known"] < len(world.clock.ends)].reset_index(drop=True),
        encounters=images,
        diagnoses=diagnoses,
        procedures=emergency.treated(rows, coding.procedures(world, rows, images), False),
        registry=registry(world, diagnoses, chronic, death),
        stays=_true_stays(world, stays, rows),
        infections=_infections(world, infected),
    )


def _rows(world: World, state: State, rates: list[Rates], stays: pd.DataFrame) -> pd.DataFrame:
    elsewhere = aftercare(world, stays, state.death_day)
    of_stays = encounters.add_codes(
        pd.concat([encounters.stay_rows(world, stays), elsewhere], ignore_index=True)
    )
    busy = pd.concat([stays, elsewhere], ignore_index=True)[["patient", "admitted", "discharged"]]
    others = encounters.visit_log(world, state.visits, busy, state.death_day)
    rows = pd.concat([of_stays, others], ignore_index=True)
    rows = visits.trim(world, rows.assign(period=world.clock.period_of(rows["admitted"].to_numpy())))
    rows = pd.concat([rows, visits.fill(world, rates, rows, busy, state.death_day)], ignore_index=True)
    rows["reason_name"] = rows["reason_name"].where(rows["kind"] == 0, None)
    rows["weight"] = rows["weight"].fillna(
        pd.Series(rows["kind"]).map({1: 0.12, 2: 0.35, 3: 0.035, 4: 0.015})
    )
    rows["severity"] = rows["severity"].fillna(pd.Series(world.people.frailty[rows["patient"]] * 0.3))
    rows["is_repeat"] = rows.duplicated(["stay_id", "admitted", "discharged"]) & rows["stay_id"].notna()
    return emergency.with_emergency(world, encounters.number_rows(world, rows))


def _true_stays(world: World, stays: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    of_stays = rows[rows["stay_id"].notna()].sort_values(["stay_id", "admitted", "digits"])
    joined = ("E" + of_stays["digits"]).groupby(of_stays["stay_id"]).agg(";".join)
    stays = stays[stays["stay_id"].isin(joined.index)].reset_index(drop=True)
    frame = pd.DataFrame({"stay_id": stays["stay_id"], "encounter_ids": stays["stay_id"].map(joined)})
    frame["patient_id"] = [f"P{number:08d}" for number in world.people.number[stays["patient"]]]
    frame["facility_id"] = world.hospitals.facility_id[stays["facility"]]
    frame["admitted_at"], frame["discharged_at"] = as_times(stays["admitted"]), as_times(stays["discharged"])
    kept = "unit kind los severity died transferred against_advice quiet p_readmitted expected_los"
    frame[kept.split()] = stays[kept.split()]
    frame = frame.rename(columns={"p_readmitted": "p_readmitted_30d", "expected_los": "expected_los_days"})
    frame["birth_date"] = as_days(world.people.birth[stays["patient"]])
    for name in ("is_surgical", "central_line_days", "catheter_days"):
        frame[name] = stays[name]
    return frame


def _infections(world: World, infected: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "infection_id": infected["infection_id"],
            "encounter_id": "E" + infected["digits"],
            "patient_id": [f"P{number:08d}" for number in world.people.number[infected["patient"]]],
            "facility_id": world.hospitals.facility_id[infected["facility"].to_numpy(int)],
            "unit": infected["unit"],
            "infection_type": infected["infection_type"],
            "onset_date": as_days((infected["onset"] // DAY).to_numpy()),
            "present_on_admission": infected["present_on_admission"],
            "_known": infected["period"],
        }
    )
