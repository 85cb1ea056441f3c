"""The stored words: each closed list is an enum whose values are what stands in the record."""

from enum import StrEnum


class IncidentType(StrEnum):
    """What happened."""

    SMALL_ARMS_FIRE = "small_arms_fire"
    SNIPER_FIRE = "sniper_fire"
    MORTAR = "mortar"
    ARTILLERY = "artillery"
    MLRS = "mlrs"
    TANK_FIRE = "tank_fire"
    MISSILE = "missile"
    AIR_STRIKE = "air_strike"
    UAV_ATTACK = "uav_attack"
    UAV_OVERFLIGHT = "uav_overflight"
    AIRCRAFT_OVERFLIGHT = "aircraft_overflight"
    EXPLOSION_UNIDENTIFIED = "explosion_unidentified"
    MINE_OR_UXO = "mine_or_uxo"
    WEAPON_IN_VIOLATION_OF_LINE = "weapon_in_violation_of_line"
    CAP_EXCEEDED = "cap_exceeded"
    FORCE_MOVEMENT = "force_movement"
    POSITION_ADVANCE = "position_advance"
    FORTIFICATION = "fortification"
    TROOP_OR_WEAPON_BUILDUP = "troop_or_weapon_buildup"
    EXERCISE_LIVE_FIRE = "exercise_live_fire"
    INFRASTRUCTURE_ATTACK = "infrastructure_attack"
    ATTACK_ON_MONITOR = "attack_on_monitor"
    MONITOR_ACCESS_DENIED = "monitor_access_denied"
    SENSOR_INTERFERENCE = "sensor_interference"
    UNNOTIFIED_ACTIVITY = "unnotified_activity"
    PRISONER_OR_DETAINEE = "prisoner_or_detainee"
    HUMANITARIAN_ACCESS_OBSTRUCTION = "humanitarian_access_obstruction"
    CIVILIAN_HARM = "civilian_harm"
    CYBER = "cyber"
    HOSTILE_PROPAGANDA = "hostile_propaganda"
    MARITIME = "maritime"
    OTHER = "other"


class Direction(StrEnum):
    """Which way fire went, as the observer stood."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    IMPACT = "impact"
    TRANSIT = "transit"
    UNDETERMINED = "undetermined"


class Means(StrEnum):
    """How it was detected."""

    HEARD = "heard"
    SEEN = "seen"
    CAMERA = "camera"
    UAV = "uav"
    SATELLITE = "satellite"
    THERMAL = "thermal"
    ACOUSTIC = "acoustic"
    SEISMIC = "seismic"
    RADAR = "radar"
    CRATER = "crater"
    INTERVIEW = "interview"
    PARTY_REPORT = "party_report"
    MEDIA = "media"
    DOCUMENT = "document"


class Stance(StrEnum):
    """What the speaker does with the claim about the author."""

    ASSERTS = "asserts"
    DENIES = "denies"
    ADMITS = "admits"
    NONE = "none"


class Verdict(StrEnum):
    """What a finding may propose."""

    VIOLATION = "violation"
    COMPLIANT = "compliant"
    PERMITTED_RESPONSE = "permitted_response"
    EXEMPT = "exempt"
    AMBIGUOUS_CLAUSE = "ambiguous_clause"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"
    INCONSISTENT_WITH_DECLARATION = "inconsistent_with_declaration"


class Responsibility(StrEnum):
    """What an attribution may propose as its outcome."""

    ATTRIBUTED = "attributed"
    PROBABLE = "probable"
    CONTESTED = "contested"
    JOINT_OR_MULTIPLE = "joint_or_multiple"
    UNDETERMINED = "undetermined"
    NOT_ATTRIBUTABLE = "not_attributable"
    NON_PARTY_ACTOR = "non_party_actor"
    UNKNOWN = "unknown"


class Hypothesis(StrEnum):
    """Authors of an act that are not parties; a party is written `party:ID`."""

    JOINT = "joint"
    NON_PARTY = "non_party"
    ACCIDENT = "accident"
    STAGED = "staged"
    UNKNOWN = "unknown"


class VerificationStatus(StrEnum):
    """How far the facts of a case have been checked."""

    REPORTED = "reported"
    UNDER_VERIFICATION = "under_verification"
    CORROBORATED = "corroborated"
    VERIFIED = "verified"
    UNVERIFIABLE = "unverifiable"
    NOT_CORROBORATED = "not_corroborated"
    REFUTED = "refuted"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class StandardMet(StrEnum):
    """Standards of proof, rising; people apply them, software never does."""

    NONE = "none"
    REASONABLE_SUSPICION = "reasonable_suspicion"
    REASONABLE_GROUNDS = "reasonable_grounds"
    BALANCE_OF_PROBABILITIES = "balance_of_probabilities"
    CLEAR_AND_CONVINCING = "clear_and_convincing"


class Intent(StrEnum):
    """Whether it was meant."""

    DELIBERATE = "deliberate"
    NEGLIGENT = "negligent"
    ACCIDENTAL = "accidental"
    UNCLEAR = "unclear"


class Severity(StrEnum):
    """How grave, rising."""

    TECHNICAL = "technical"
    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"
    THRESHOLD = "threshold"


class AccessStatus(StrEnum):
    """What became of an attempt to observe."""

    GRANTED = "granted"
    DELAYED = "delayed"
    CONDITIONED = "conditioned"
    DENIED = "denied"
    OBSTRUCTED = "obstructed"
    UNSAFE = "unsafe"
    NOT_ATTEMPTED = "not_attempted"


class RemedyType(StrEnum):
    """Measures and limb lists; the last three of coercion are limb lists only, never proposed."""

    CLARIFY = "clarify"
    HOTLINE_CONTACT = "hotline_contact"
    NOTICE = "notice"
    PROTEST = "protest"
    JOINT_INSPECTION = "joint_inspection"
    CORRECTIVE_ACTION = "corrective_action"
    PULL_BACK = "pull_back"
    LOCALISED_CEASEFIRE = "localised_ceasefire"
    DISCIPLINARY = "disciplinary"
    NOTIFICATION = "notification"
    REPAIR_OR_COMPENSATION = "repair_or_compensation"
    INDEPENDENT_INVESTIGATION = "independent_investigation"
    EXPERT_OPINION = "expert_opinion"
    MEDIATION = "mediation"
    CENSURE = "censure"
    ENHANCED_MONITORING = "enhanced_monitoring"
    BENEFIT_SUSPENSION = "benefit_suspension"
    SANCTIONS_SNAPBACK = "sanctions_snapback"
    ASSISTANCE_TRIGGER = "assistance_trigger"
    COLLECTIVE_RESPONSE_REFERRAL = "collective_response_referral"
    NO_ACTION = "no_action"
    OFF_RAMP = "off_ramp"


NEVER_PROPOSED = frozenset(
    {
        RemedyType.SANCTIONS_SNAPBACK,
        RemedyType.ASSISTANCE_TRIGGER,
        RemedyType.COLLECTIVE_RESPONSE_REFERRAL,
    }
)
"""Limb lists: their evidence is laid out for, against and missing; nobody's software asks for them."""


class Publication(StrEnum):
    """Who may read a release."""

    INTERNAL = "internal"
    PARTIES_ONLY = "parties_only"
    PUBLIC_REDACTED = "public_redacted"
    PUBLIC = "public"


class SourceKind(StrEnum):
    """What sort of source speaks."""

    PATROL = "patrol"
    CAMERA = "camera"
    UAV = "uav"
    SATELLITE = "satellite"
    ACOUSTIC = "acoustic"
    SEISMIC = "seismic"
    RADAR = "radar"
    MEDIA = "media"
    SOCIAL = "social"
    PARTY = "party"
    AGENCY = "agency"
    DATASET = "dataset"
    PERSON = "person"
    OTHER = "other"


class LineKind(StrEnum):
    """Three lines that never share a field; all are without prejudice."""

    CONTACT_LINE = "contact_line"
    AGREEMENT_LINE = "agreement_line"
    CLAIMED_BORDER = "claimed_border"


class LineageRelation(StrEnum):
    """What became of an incident when the line was computed again."""

    KEPT = "kept"
    MERGED = "merged"
    SPLIT = "split"
    GONE = "gone"
    NEW = "new"
