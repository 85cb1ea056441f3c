"""Every number that fusion assumes, in one place, each with its source or the word `assumed`.

Nothing here depends on a party: a kind of source is trusted alike whoever runs it. Learning these
numbers from the record is a separate step that hands over another `FusionParameters`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from truceline.model.errors import SettingsError
from truceline.model.vocabulary import SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class KindParameters:
    """How one kind of source places, times and invents things.

    Parameters
    ----------
    timing_s
        One standard deviation of a stated clock time, seconds.
    error_m
        95 % radius taken where a place is stated without an error, metres.
    false_share
        Share of this kind's reports that stand for no incident at all.
    repeat_nats
        Added when one source would have reported one incident twice: a sensor hardly does.
    is_text
        Whether the kind speaks in sentences that others copy.
    """

    timing_s: float
    error_m: float
    false_share: float
    repeat_nats: float
    is_text: bool


def _kinds() -> Mapping[SourceKind, KindParameters]:
    def kind(
        timing_s: float, error_m: float, false_share: float, repeat_nats: float, *, text: bool
    ) -> KindParameters:
        return KindParameters(
            timing_s=timing_s,
            error_m=error_m,
            false_share=false_share,
            repeat_nats=repeat_nats,
            is_text=text,
        )

    return MappingProxyType(
        {
            # assumed: a patrol notes the time to some minutes and the place to the next village
            SourceKind.PATROL: kind(300.0, 3000.0, 0.05, -2.5, text=False),
            SourceKind.CAMERA: kind(30.0, 2000.0, 0.05, -3.0, text=False),  # assumed
            SourceKind.UAV: kind(120.0, 500.0, 0.05, -2.5, text=False),  # assumed
            # VIIRS 375 m pixel, commission below 1.2 % as fires (Schroeder et al. 2014); that a
            # fire is no incident of the truce is much commoner: assumed. A pass comes after the
            # deed, within hours (revisit at most 12 h, same source): half of it.
            SourceKind.SATELLITE: kind(10_800.0, 1000.0, 0.25, -2.0, text=False),
            SourceKind.ACOUSTIC: kind(15.0, 5000.0, 0.15, -4.0, text=False),  # assumed
            # Dando et al. 2023 locate to kilometres with picks of tenths of a second; association
            # errors and the unknown depth of noise make it seconds: assumed.
            SourceKind.SEISMIC: kind(10.0, 5000.0, 0.15, -4.0, text=False),
            SourceKind.RADAR: kind(10.0, 1500.0, 0.10, -3.0, text=False),  # assumed
            # assumed: news follows by hours and names the settlement
            SourceKind.MEDIA: kind(10_800.0, 9000.0, 0.12, -1.0, text=True),
            SourceKind.SOCIAL: kind(7200.0, 9000.0, 0.20, -1.0, text=True),  # assumed
            SourceKind.PARTY: kind(7200.0, 9000.0, 0.20, -1.0, text=True),  # assumed, any party
            SourceKind.AGENCY: kind(10_800.0, 9000.0, 0.10, -1.0, text=True),  # assumed
            SourceKind.DATASET: kind(10_800.0, 9000.0, 0.05, -2.0, text=True),  # assumed
            SourceKind.PERSON: kind(3600.0, 5000.0, 0.15, -1.0, text=True),  # assumed
            SourceKind.OTHER: kind(3600.0, 9000.0, 0.20, -1.0, text=True),  # assumed
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionParameters:
    """What `fuse` runs at. All lengths metres, times seconds, evidence nats.

    Parameters
    ----------
    kinds
        One entry for each stored source kind.
    place_freedom, time_freedom
        Degrees of freedom of Student's t: small means that gross errors are common.
    error_scale
        Stated errors times this: people and instruments state them too small.
    observations_per_incident
        Turns a local density of reports into one of incidents.
    intensity_cell_m, intensity_cell_s
        The local intensity counts reports in a box of three such cells a side.
    intensity_floor
        Incidents added to each box, so that an empty one is not certainty.
    alone_miss
        How much rarer an incident is that only one report saw.
    soft_time_s
        A report whose time is looser (one standard deviation) attaches softly.
    loose_place_m
        A report whose place is looser (one standard deviation) is compared by words only.
    gate_sigmas
        Pairs further apart than this, in place or time, are not compared.
    edge_nats
        Pairs below this are forgotten; those above zero connect a component.
    component_cap
        Strongest pairs first, a pair that would make a larger component is cut.
    reuse, word_temper, word_floor_nats, word_cap_nats, copy_cap_nats
        Words: chance that a second report of one happening reuses a word; words are not
        independent, so their evidence is tempered, and bounded on both sides.
    common_words
        Documents of unknown vocabulary assumed beside those at hand, and
    common_share
        the share of them that hold a word nobody has counted yet.
    copy_similarity
        Shared words over all words from which two texts are one text copied.
    word_block
        Words in more texts than this do not propose pairs.
    date_lag
        Share of date-only reports whose date is a day late (that of publication).
    found_below
        A soft report founds its own incident unless one incident is more likely than this.
    keep_row
        Soft memberships below this are left to the remainder.
    join_cap_nats
        Most that one more independent report adds to an incident's being real.
    p_bounds
        P(real) stays within these: no model knows its own blind spots.
    gross_share, gross_scale
        Share of stated places that are wrong by `gross_scale` times their error.
    prune_mass
        Components of a place lighter than this are pruned and their mass stated.
    silent_p_detect
        Taken where an exposure that speaks of silence states no chance of detection.
    """

    kinds: Mapping[SourceKind, KindParameters] = field(default_factory=_kinds)
    place_freedom: float = 5.0  # assumed; Student-t residuals, cf. robust location with nu ~ 4
    time_freedom: float = 4.0  # assumed
    error_scale: float = 1.0  # assumed: as stated
    observations_per_incident: float = 2.0  # assumed
    intensity_cell_m: float = 12_000.0  # assumed
    intensity_cell_s: float = 86_400.0  # assumed
    intensity_floor: float = 0.3  # assumed
    alone_miss: float = 0.5  # assumed
    soft_time_s: float = 21_600.0  # assumed: a quarter of a day
    loose_place_m: float = 20_000.0  # assumed: an oblast is looser, a district is not
    gate_sigmas: float = 3.5  # assumed: far beyond, Student's tails are below the edge
    edge_nats: float = -3.0  # assumed: one in twenty
    component_cap: int = 48  # assumed
    reuse: float = 0.35  # assumed
    word_temper: float = 0.5  # assumed
    word_floor_nats: float = -1.5  # assumed: two languages share no words
    word_cap_nats: float = 6.0  # assumed
    copy_cap_nats: float = 9.0  # assumed
    common_words: float = 50.0  # assumed
    common_share: float = 0.02  # assumed
    copy_similarity: float = 0.8  # assumed
    word_block: int = 64  # assumed
    date_lag: float = 0.1  # assumed
    found_below: float = 0.5  # more likely than not
    keep_row: float = 0.05  # assumed
    join_cap_nats: float = 4.0  # assumed
    p_bounds: tuple[float, float] = (0.005, 0.995)  # assumed
    gross_share: float = 0.05  # assumed
    gross_scale: float = 6.0  # assumed
    prune_mass: float = 0.002  # assumed
    silent_p_detect: float = 0.3  # assumed

    def __post_init__(self) -> None:
        missing = [kind.value for kind in SourceKind if kind not in self.kinds]
        if missing:
            msg = f"fusion parameters lack source kinds {missing}; give one entry for each kind"
            raise SettingsError(msg)
        for kind, values in self.kinds.items():
            if not 0 < values.false_share < 1 or values.timing_s <= 0 or values.error_m <= 0:
                msg = (
                    f"fusion parameters of {kind.value}: false_share must lie between 0 and 1, "
                    "timing_s and error_m above 0"
                )
                raise SettingsError(msg)


DEFAULTS = FusionParameters()
"""What stands when a mission sets nothing."""
