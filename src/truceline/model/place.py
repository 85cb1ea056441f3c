"""Place is a distribution: an ellipse, a mixture of candidates, an area, or a bearing with a range.

Every stated error is the 95 % one: a radius, or a semi-axis, that holds the true point with
probability 0.95. One standard deviation of a circular error is `error_m / SIGMAS_95`.
"""

from dataclasses import dataclass

from truceline.model.errors import InputError

SIGMAS_95 = 2.447746830680816  # sqrt of the 0.95 quantile of chi-squared, 2 degrees of freedom
COMPONENTS = 8  # a posterior place keeps at most this many Gaussian components (design 3)


def _check_point(lat: float, lon: float) -> None:
    if not -90 <= lat <= 90:
        msg = f"latitude {lat} is outside [-90, 90]; are lat and lon swapped?"
        raise InputError(msg)
    if not -180 <= lon <= 180:
        msg = f"longitude {lon} is outside [-180, 180]; are lat and lon swapped?"
        raise InputError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ellipse:
    """A point on the ground with an error ellipse.

    Parameters
    ----------
    lat, lon
        WGS 84 degrees.
    error_major_m, error_minor_m
        95 % semi-axes in metres.
    error_azimuth_deg
        Direction of the major axis, degrees clockwise from north.

    Examples
    --------
    >>> Ellipse(lat=148.0, lon=37.8, error_major_m=250, error_minor_m=250)
    Traceback (most recent call last):
    truceline.model.errors.InputError: latitude 148.0 is outside [-90, 90]; are lat and lon swapped?
    """

    lat: float
    lon: float
    error_major_m: float
    error_minor_m: float
    error_azimuth_deg: float = 0.0

    def __post_init__(self) -> None:
        _check_point(self.lat, self.lon)
        if not 0 < self.error_minor_m <= self.error_major_m:
            msg = (
                f"error axes {self.error_major_m} x {self.error_minor_m} m must be positive, "
                "the major one first"
            )
            raise InputError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One candidate of a gazetteer mixture, with its weight; weights of a mixture sum to one."""

    weight: float
    ellipse: Ellipse
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Several candidate places, as when a town's name is borne by four."""

    candidates: tuple[Candidate, ...]

    def __post_init__(self) -> None:
        total = sum(candidate.weight for candidate in self.candidates)
        if not self.candidates or abs(total - 1.0) > 1e-6:
            msg = f"weights of {len(self.candidates)} candidates sum to {total}, not to 1"
            raise InputError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Somewhere in a named area, such as an oblast; `area_id` names its geometry."""

    area_id: str
    mixture: Mixture


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """Somewhere along a bearing from an observer, between two ranges.

    Parameters
    ----------
    observer_lat, observer_lon
        Where the observer stood, WGS 84 degrees.
    bearing_deg, bearing_error_deg
        Direction clockwise from true north, and one standard deviation of it.
    range_low_m, range_high_m
        Metres from the observer.
    """

    observer_lat: float
    observer_lon: float
    bearing_deg: float
    bearing_error_deg: float
    range_low_m: float
    range_high_m: float

    def __post_init__(self) -> None:
        _check_point(self.observer_lat, self.observer_lon)
        if not 0 <= self.range_low_m < self.range_high_m:
            msg = f"range {self.range_low_m} to {self.range_high_m} m is not a range"
            raise InputError(msg)


Place = Ellipse | Mixture | Area | Bearing
