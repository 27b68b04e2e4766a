"""The landing files: columns in file order, their types and keys. A test holds them against the contracts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Columns of one landing file (name to type, in file order) and those that make up its key.

    Types are string, date, timestamp, int, boolean, double and money (integer cents in memory, dollars with
    two decimals in the file).
    """

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]

    @property
    def file(self) -> str:
        """Name of the file in a delivery."""
        return f"{self.name}.csv"


def _layout(name: str, keys: int, columns: str) -> Layout:
    """Read a layout from `column:type` words; the first `keys` columns are the key, string is the default."""
    pairs = [word.partition(":") for word in columns.split()]
    types = {column: kind or "string" for column, _, kind in pairs}
    return Layout(name, types, tuple(types)[:keys])


LAYOUTS = {
    layout.name: layout
    for layout in (
        _layout(
            "patients",
            3,
            "patient_id effective_date:date recorded_at:timestamp first_name last_name birth_date:date"
            " death_date:date sex race ethnicity marital_status street city state zip phone payer_id"
            " pcp_provider_id updated_at:timestamp",
        ),
        _layout(
            "providers",
            1,
            "provider_id npi first_name last_name specialty facility_id state active_from:date"
            " active_to:date updated_at:timestamp",
        ),
        _layout(
            "facilities",
            1,
            "facility_id name facility_type ownership city state zip beds_total:int beds_medical:int"
            " beds_surgical:int beds_icu:int beds_maternity:int beds_psychiatric:int peer_group:int"
            " is_teaching:boolean is_rural:boolean updated_at:timestamp",
        ),
        _layout(
            "encounters",
            1,
            "encounter_id patient_id facility_id provider_id encounter_type admitted_at:timestamp"
            " discharged_at:timestamp admit_type admit_source discharge_disposition bill_frequency unit"
            " arrived_at:timestamp triaged_at:timestamp provider_seen_at:timestamp decided_at:timestamp"
            " departed_at:timestamp triage_level:int is_left_without_being_seen:boolean"
            " admitting_diagnosis_code drg payer_id updated_at:timestamp",
        ),
        _layout(
            "diagnoses",
            1,
            "diagnosis_id encounter_id patient_id sequence:int diagnosis_code present_on_admission"
            " updated_at:timestamp",
        ),
        _layout(
            "procedures",
            1,
            "procedure_id encounter_id patient_id sequence:int procedure_code code_system provider_id"
            " performed_at:timestamp quantity:int updated_at:timestamp",
        ),
        _layout(
            "claims",
            1,
            "claim_id original_claim_id claim_version patient_id encounter_id payer_id provider_id"
            " referring_provider_id facility_id claim_form place_of_service service_from:date service_to:date"
            " diagnosis_code procedure_code modifier units:int billed_amount:money allowed_amount:money"
            " paid_amount:money patient_amount:money claim_status denial_code submitted_at:timestamp"
            " adjudicated_at:timestamp updated_at:timestamp",
        ),
        _layout(
            "claim_reviews",
            1,
            "review_id claim_id patient_id selected_by selected_on:date reviewer_id reviewer_role"
            " reviewed_on:date finding scheme_found recovered_amount:money updated_at:timestamp",
        ),
        _layout(
            "enrollment",
            1,
            "enrollment_id patient_id payer_id plan_type member_id coverage_start:date coverage_end:date"
            " is_dual_eligible:boolean updated_at:timestamp",
        ),
        _layout(
            "registry",
            1,
            "registry_id patient_id condition diagnosis_code registered_on:date severity:int status"
            " updated_at:timestamp",
        ),
        _layout(
            "cms_measures",
            3,
            "facility_id measure_id period_start:date period_end:date numerator:int denominator:int"
            " score:double updated_at:timestamp",
        ),
        _layout(
            "hai_data",
            3,
            "facility_id unit month:date patient_days:int central_line_days:int urinary_catheter_days:int"
            " surgical_procedures:int clabsi_events:int cauti_events:int mrsa_events:int cdi_events:int"
            " ssi_events:int clabsi_predicted:double cauti_predicted:double mrsa_predicted:double"
            " cdi_predicted:double ssi_predicted:double updated_at:timestamp",
        ),
        # Further files stand at the end: a file's random numbers go by its place.
        _layout(
            "medications",
            1,
            "medication_id patient_id encounter_id provider_id payer_id source drug_code code_system"
            " ordered_at:timestamp started_on:date ended_on:date quantity:int days_supply:int"
            " fill_number:int base_cost:money total_cost:money payer_paid_amount:money"
            " patient_paid_amount:money updated_at:timestamp",
        ),
        _layout(
            "surveys",
            1,
            "survey_id patient_id encounter_id survey_type sent_on:date returned_on:date mode"
            " nurse_communication:int doctor_communication:int responsiveness:int"
            " medicine_communication:int discharge_information:int care_transition:int cleanliness:int"
            " quietness:int overall_rating:int would_recommend:int nps_score:int updated_at:timestamp",
        ),
        _layout(
            "adverse_events",
            1,
            "adverse_event_id patient_id encounter_id facility_id unit event_type severity"
            " occurred_at:timestamp reported_at:timestamp is_preventable:boolean status"
            " updated_at:timestamp",
        ),
        _layout(
            "beds",
            3,
            "facility_id unit bed_date:date licensed_beds:int staffed_beds:int occupied_beds:int"
            " updated_at:timestamp",
        ),
        _layout(
            "staffing",
            4,
            "facility_id unit shift_date:date role hours_worked:double overtime_hours:double"
            " agency_hours:double head_count:int leavers:int payroll_amount:money updated_at:timestamp",
        ),
        _layout(
            "observations",
            1,
            "observation_id encounter_id patient_id observation_code code_system category value:double unit"
            " observed_at:timestamp abnormal_flag updated_at:timestamp",
        ),
        _layout(
            "treatments",
            1,
            "treatment_id patient_id encounter_id condition diagnosis_code protocol_code started_on:date"
            " planned_end_on:date ended_on:date status outcome stop_reason updated_at:timestamp",
        ),
    )
}

# Files whose rows belong to one patient, parents before their children.
PATIENT_FILES = (
    "patients",
    "encounters",
    "diagnoses",
    "procedures",
    "claims",
    "claim_reviews",
    "enrollment",
    "registry",
    "medications",
    "surveys",
    "adverse_events",
    "observations",
    "treatments",
)
# Files about organisations: made whole, not by blocks of patients.
ORGANISATION_FILES = ("facilities", "providers", "hai_data", "cms_measures", "beds", "staffing")
