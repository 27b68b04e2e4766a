-- Eight tables of gold as plain DuckDB, from views of the landing zone's files (benchmarks/duckdb_facts.py makes them).
-- Only for clean files: nothing is repaired, judged or set aside.

create macro part(x) as coalesce(length(x::varchar) || ':' || x::varchar, '~');
create macro sk(x) as case when x is not null then sha256(part(x))[1:32] end;
create macro day_key(d) as (year(d) * 10000 + month(d) * 100 + day(d))::int;
create macro minutes(a, b) as (epoch(b) - epoch(a)) / 60;
create macro birthday(d) as month(d) * 100 + day(d);

create table dim_patient as
with last_of_day as (
    select * from patients
    window history as (partition by patient_id order by effective_date, recorded_at, updated_at)
    qualify effective_date is distinct from lead(effective_date) over history
),
imaged as (
    select *, row(first_name, last_name, birth_date, death_date, sex, race, ethnicity, marital_status, street,
        city, state, zip, phone, payer_id, pcp_provider_id)::varchar as image
    from last_of_day
),
changes as (
    select * from imaged
    qualify image is distinct from lag(image) over (partition by patient_id order by effective_date)
)
select
    sha256(part(patient_id) || part(effective_date))[1:32] as patient_sk, patient_id,
    effective_date as valid_from, lead(effective_date) over later as valid_to, valid_to is null as is_current,
    recorded_at, first_name, last_name, birth_date, death_date, sex, race, ethnicity, marital_status, street, city,
    state, zip, phone, payer_id, pcp_provider_id
from changes
window later as (partition by patient_id order by effective_date);

create view versions as
select patient_id, patient_sk, valid_from, valid_to, birth_date,
    case when valid_from > min(valid_from) over (partition by patient_id) then valid_from end as since
from dim_patient;

create table fact_encounters as
with coded as (
    select patient_id, encounter_id, count(*)::int as diagnosis_count,
        (min((diagnosis_id, diagnosis_code)) filter (sequence = 1))[2] as principal_diagnosis_code,
        count(*) filter (present_on_admission = 'N') as hospital_acquired_count
    from diagnoses group by all
),
performed as (
    select patient_id, encounter_id, count(*)::int as procedure_count,
        (min((procedure_id, procedure_code)) filter (sequence = 1))[2] as principal_procedure_code
    from procedures group by all
)
select
    e.encounter_id, e.patient_id,
    case when v.valid_from <= admitted_at::date then v.patient_sk end as patient_sk,
    facility_id, sk(facility_id) as facility_sk, provider_id, sk(provider_id) as provider_sk,
    payer_id, sk(payer_id) as payer_sk, encounter_type, admitted_at, discharged_at,
    day_key(admitted_at) as admit_date_key, day_key(discharged_at) as discharge_date_key,
    case when encounter_type = 'inpatient' and discharged_at is not null
        then greatest(date_diff('day', admitted_at::date, discharged_at::date), 1) end as los_days,
    (epoch(discharged_at) - epoch(admitted_at)) / 3600 as los_hours, discharged_at is null as is_open,
    encounter_type = 'inpatient' and arrived_at is not null as is_admitted_from_emergency, triage_level,
    minutes(arrived_at, triaged_at) as door_to_triage_minutes,
    minutes(arrived_at, provider_seen_at) as door_to_provider_minutes,
    minutes(decided_at, departed_at) as decision_to_departure_minutes,
    minutes(arrived_at, departed_at) as emergency_length_minutes,
    is_left_without_being_seen, admit_type, admit_source, discharge_disposition,
    case when discharged_at is not null then discharge_disposition end = '20' as is_death,
    case when discharged_at is not null then discharge_disposition end = '07'
        and not coalesce(is_left_without_being_seen, false) as is_against_medical_advice,
    bill_frequency, unit, drg,
    admitting_diagnosis_code, sk(admitting_diagnosis_code) as admitting_diagnosis_sk,
    principal_diagnosis_code, sk(principal_diagnosis_code) as principal_diagnosis_sk,
    coalesce(diagnosis_count, 0) as diagnosis_count, coalesce(hospital_acquired_count, 0) as hospital_acquired_count,
    principal_procedure_code, sk(principal_procedure_code) as principal_procedure_sk,
    coalesce(procedure_count, 0) as procedure_count,
    year(admitted_at) - year(birth_date) - (birthday(admitted_at) < birthday(birth_date))::int as age_at_admission
from encounters e
left join coded using (patient_id, encounter_id)
left join performed using (patient_id, encounter_id)
left join versions v on v.patient_id = e.patient_id and coalesce(v.since, admitted_at::date) <= admitted_at::date
    and (v.valid_to is null or admitted_at::date < v.valid_to);

create table fact_claims as
with grouped as (
    select c.*, coalesce(original_claim_id, claim_id) as claim_group_id, d.category as denial_category
    from claims c left join denial_codes d using (denial_code)
)
select
    claim_id, claim_group_id, claim_version, row_number() over ordered as version_number,
    lead(claim_id) over ordered is null as is_latest, c.patient_id, v.patient_sk, encounter_id,
    payer_id, sk(payer_id) as payer_sk, provider_id, sk(provider_id) as provider_sk,
    referring_provider_id, sk(referring_provider_id) as referring_provider_sk,
    facility_id, sk(facility_id) as facility_sk, claim_form, place_of_service, service_from, service_to,
    day_key(service_from) as service_date_key, diagnosis_code, sk(diagnosis_code) as diagnosis_sk,
    procedure_code, sk(procedure_code) as procedure_sk, modifier, units, claim_status, denial_code, denial_category,
    billed_amount, allowed_amount, paid_amount, patient_amount,
    case when claim_version = 'original' then sum(billed_amount) over claim end as net_billed_amount,
    case when claim_version = 'original' then sum(allowed_amount) over claim end as net_allowed_amount,
    case when claim_version = 'original' then sum(paid_amount) over claim end as net_paid_amount,
    case when claim_version = 'original' then sum(patient_amount) over claim end as net_patient_amount,
    claim_status in ('paid', 'denied') as is_adjudicated,
    case when claim_status <> 'pending' then claim_status = 'denied' end as is_denied,
    case when claim_version = 'original' and claim_status <> 'pending'
        then claim_status = 'paid' and count(*) over claim = 1 end as is_clean,
    submitted_at, adjudicated_at,
    case when claim_status = 'paid' and claim_version <> 'reversal'
        then date_diff('day', service_to, adjudicated_at::date) end as days_to_pay
from grouped c
left join versions v on v.patient_id = c.patient_id and v.valid_from <= service_from
    and (v.valid_to is null or service_from < v.valid_to)
window claim as (partition by c.patient_id, claim_group_id),
    ordered as (partition by c.patient_id, claim_group_id
        order by claim_version = 'original' desc, submitted_at, claim_version <> 'reversal', claim_id);

create table fact_procedures as
select
    procedure_id, p.encounter_id, p.patient_id, v.patient_sk, procedure_code, sk(procedure_code) as procedure_sk,
    code_system, sequence, sequence = 1 as is_principal, p.provider_id, sk(p.provider_id) as provider_sk,
    e.facility_id, sk(e.facility_id) as facility_sk, e.encounter_type, performed_at,
    day_key(performed_at) as performed_date_key,
    date_diff('day', e.admitted_at::date, performed_at::date) as days_after_admission, quantity
from procedures p
left join encounters e on e.patient_id = p.patient_id and e.encounter_id = p.encounter_id
left join versions v on v.patient_id = p.patient_id and v.valid_from <= performed_at::date
    and (v.valid_to is null or performed_at::date < v.valid_to);

create table fact_medications as
with supplied as (
    select *, lag(ended_on) over (partition by patient_id, drug_code, source order by started_on, medication_id)
        as previous_ended_on
    from medications
)
select
    medication_id, m.patient_id, v.patient_sk, encounter_id, source, drug_code, sk(drug_code) as drug_sk,
    provider_id, sk(provider_id) as provider_sk, payer_id, sk(payer_id) as payer_sk,
    ordered_at, day_key(ordered_at) as order_date_key, started_on, day_key(started_on) as start_date_key,
    ended_on, day_key(ended_on) as end_date_key, quantity, days_supply, fill_number,
    coalesce(fill_number > 0, false) as is_refill, previous_ended_on,
    date_diff('day', previous_ended_on, started_on) - 1 as gap_days,
    base_cost, total_cost, payer_paid_amount, patient_paid_amount,
    round((total_cost / days_supply)::decimal(18, 6), 2) as cost_per_day
from supplied m
left join versions v on v.patient_id = m.patient_id and v.valid_from <= started_on
    and (v.valid_to is null or started_on < v.valid_to);

create table fact_treatments as
select
    treatment_id, t.patient_id, v.patient_sk, encounter_id, condition, diagnosis_code,
    sk(diagnosis_code) as diagnosis_sk, protocol_code, sk(protocol_code) as protocol_sk,
    row_number() over (partition by t.patient_id, condition order by started_on, treatment_id) as treatment_line,
    started_on, day_key(started_on) as start_date_key, planned_end_on, ended_on, day_key(ended_on) as end_date_key,
    date_diff('day', started_on, planned_end_on) as planned_days,
    date_diff('day', started_on, ended_on) as duration_days, status, outcome, stop_reason,
    ended_on is null as is_running, case when ended_on is not null then status = 'completed' end as is_completed,
    case when ended_on is not null and outcome in ('improved', 'stable', 'worsened', 'died')
        then outcome = 'improved' end as is_improved
from treatments t
left join versions v on v.patient_id = t.patient_id and v.valid_from <= started_on
    and (v.valid_to is null or started_on < v.valid_to);

create table fact_bed_days as
select
    facility_id, sk(facility_id) as facility_sk, unit, bed_date, day_key(bed_date) as bed_date_key,
    licensed_beds, staffed_beds, occupied_beds, occupied_beds / nullif(staffed_beds, 0) as occupancy,
    occupied_beds > staffed_beds as is_over_capacity
from beds;

create table fact_staffing as
select
    facility_id, sk(facility_id) as facility_sk, s.unit, shift_date, day_key(shift_date) as shift_date_key, role,
    'hospital' as setting, occupied_beds, hours_worked, overtime_hours, agency_hours, head_count, leavers,
    payroll_amount, hours_worked / nullif(occupied_beds, 0) as hours_per_patient_day,
    overtime_hours / nullif(hours_worked, 0) as overtime_share, agency_hours / nullif(hours_worked, 0) as agency_share,
    payroll_amount::double / nullif(round(hours_worked - agency_hours, 2), 0) as cost_per_hour
from staffing s
left join (select facility_id, unit, bed_date as shift_date, occupied_beds from beds) b
    using (facility_id, unit, shift_date);
