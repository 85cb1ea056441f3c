"""Patrol reports by form, as KoboToolbox or ODK Central give them: a submission a round, with repeats.

A patrol files one report of each of its rounds, with what it heard since the one before. Some are sent
again with a figure put right; the first version stays in the file, as in that of a mission which fetches
its reports every day. Sealed rows tell of the version that stands.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from truceline.model.errors import InputError
from truceline.simulation.columns import DIRECTIONS, Floats, Sightings
from truceline.simulation.errors.telling import blank
from truceline.simulation.mission.instants import iso_one
from truceline.simulation.mission.rounds import MARGIN_S, Rounds, Walked
from truceline.simulation.naming import key_of, mixed, unit
from truceline.simulation.writing import cells
from truceline.simulation.writing.contract import (
    Names,
    Reporting,
    Setting,
    Write,
    WriteFile,
    Writer,
    Written,
)
from truceline.simulation.writing.observations import BURSTS
from truceline.tables.posterior import TYPES

AGAIN_SHARE = 0.15  # of reports with happenings: sent again with a count put right; assumed
AGAIN_S = 20_000.0  # after the first; assumed
ACCURACY_TO_95 = 1.6215  # a phone states a 68 % radius: sqrt(ln(1 / 0.05) / ln(1 / 0.32))
Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A round's report before it is written: its sightings in the order of their time.

    Parameters
    ----------
    number, post
        Of the round.
    from_s, to_s
        Its hours.
    filed_s
        When it is handed in; the version that stands, where it is sent again.
    said, ids, copied_from
        What it tells.
    is_placed
        Whether it states where the patrol was; what was heard after the last round has no place.
    """

    number: int
    post: int
    from_s: float
    to_s: float
    filed_s: float
    said: Sightings
    ids: Names
    copied_from: Names
    is_placed: bool


def reporting(
    writer: Writer, setting: Setting, write: Write, write_file: WriteFile | None = None
) -> Reporting:
    """`Writer.reports` of forms.

    Raises
    ------
    InputError
        There are no rounds to report of.
    """
    if setting.rounds is None:
        msg = (
            f"format {writer.form} of {setting.observer} tells of rounds; give them in the setting"
        )
        raise InputError(msg)
    return FormStream(writer, setting, write, setting.rounds)


class FormStream:
    """A file of submissions that grows; as `writing.stream.Stream`.

    Parameters
    ----------
    writer, setting
        The format, and what it needs to know; its rounds among it.
    write
        Takes the file's bytes, piece by piece.
    """

    def __init__(self, writer: Writer, setting: Setting, write: Write, rounds: Rounds) -> None:
        self._writer, self._setting, self._rounds = writer, setting, rounds
        self._write, self._file = write, writer.file_of(setting.observer)
        self._waiting: list[tuple[Sightings, Names, Names]] = []
        self._filed: list[tuple[float, Report, bool]] = []
        self._ended_s = -np.inf
        self._line, self._submissions = writer.head.count(b"\n"), 0
        self._serial: dict[int, int] = {}
        self.said: Sightings | None = None
        self.ids: Names = np.empty(0, dtype=np.object_)
        write(writer.head)

    def push(self, said: Sightings, ids: Names, copied_from: Names) -> None:
        """Sightings that some report will tell."""
        if len(said):
            self._waiting.append((said, ids, copied_from))

    def close(self, until_s: float) -> Written:
        """Write every report that was filed before an instant, and say which row tells of what."""
        self._gather(until_s)
        due = sorted(
            (one for one in self._filed if np.floor(one[0]) < until_s),
            key=lambda one: (np.floor(one[0]), one[1].number),
        )
        self._filed = [one for one in self._filed if not np.floor(one[0]) < until_s]
        told = [self._submit(report, is_first) for _, report, is_first in due]
        stands = [
            (report, *where)
            for (_, report, is_first), where in zip(due, told, strict=True)
            if not is_first
        ]
        return self._rows(stands)

    def finish(self) -> Written:
        """Write all that is left, and the last lines."""
        written = self.close(np.inf)
        self._write(self._writer.foot)
        return written

    def _gather(self, until_s: float) -> None:
        """Reports of the rounds that ended; whatever no round is left to tell of has one of its own."""
        ended_s, last_s = until_s - MARGIN_S, self._ended_s + MARGIN_S
        walked = self._rounds.ended(self._ended_s, ended_s)
        self._ended_s = ended_s
        said, ids, copied_from = self._held()
        of = _report_of(said, walked)
        for row in range(len(walked)):
            mine = np.flatnonzero(of == row)
            mine = mine[np.lexsort((ids[mine].astype(np.bytes_), said.seen_from_s[mine]))]
            self._file_one(
                walked.take(np.array([row])), said.take(mine), ids[mine], copied_from[mine]
            )
        later = of < 0
        said, ids, copied_from = said.take(later), ids[later], copied_from[later]
        if np.isfinite(until_s):
            self.push(said, ids, copied_from)
            return
        for post in np.unique(said.post).tolist():
            mine = np.flatnonzero(said.post == post)
            mine = mine[np.argsort(said.seen_from_s[mine], kind="stable")]
            from_s, to_s = said.seen_from_s[mine].min(), said.seen_to_s[mine].max()
            alone = Walked(
                number=np.array([post * 1_000_003 + int(to_s // 60.0)]), post=np.array([post]),
                from_s=np.array([np.floor(from_s)]), to_s=np.array([np.ceil(to_s)]),
                reported_s=np.array([max(to_s, last_s) + MARGIN_S]),
            )  # fmt: skip
            self._file_one(alone, said.take(mine), ids[mine], copied_from[mine], is_placed=False)

    def _held(self) -> tuple[Sightings, Names, Names]:
        none = np.empty(0, dtype=np.object_)
        parts = [(Sightings(**blank(0)), none, none), *self._waiting]
        self._waiting = []
        said = Sightings.concat([part[0] for part in parts])
        return said, np.concatenate([p[1] for p in parts]), np.concatenate([p[2] for p in parts])

    def _file_one(
        self,
        one: Walked,
        said: Sightings,
        ids: Names,
        copied_from: Names,
        *,
        is_placed: bool = True,
    ) -> None:
        last_s = float(said.reported_s.max(initial=-np.inf))
        filed_s = max(float(one.reported_s[0]), last_s)
        again = unit(key_of(self._setting.seed, "report/again"), one.number)[0] < AGAIN_SHARE
        again = bool(again) and bool((said.rounds > 0).any())
        report = Report(
            number=int(one.number[0]), post=int(one.post[0]), from_s=float(one.from_s[0]),
            to_s=float(one.to_s[0]), filed_s=filed_s, said=said, ids=ids, copied_from=copied_from,
            is_placed=is_placed,
        )  # fmt: skip
        if again:
            self._filed.append((filed_s, report, True))
        self._filed.append((filed_s + AGAIN_S * again, report, False))

    def _submit(self, report: Report, is_first: bool) -> tuple[int, str]:
        """Write one submission; its line, and with what the ids of its rows begin once edits are settled."""
        is_edit = not is_first and report.number in self._serial
        serial = self._serial.pop(report.number, self._submissions + 1)
        if is_first:
            self._serial[report.number] = serial
        self._submissions = max(self._submissions, serial)
        version = _uuid(self._setting.seed, report.number, 0 if is_first or not is_edit else 1)
        first = _uuid(self._setting.seed, report.number, 0)
        make = _odk if self._writer.form == "odk" else _kobo
        happenings = [
            _happening(report, row, is_first, self._setting) for row in range(len(report.said))
        ]
        answers = _answers(report, happenings, self._setting, self._rounds)
        content, name = make(answers, report, version, first if is_edit else "", serial)
        text = json.dumps(content, ensure_ascii=False)
        self._write(
            (",\n" if self._line > self._writer.head.count(b"\n") else "").encode() + text.encode()
        )
        self._line += 1
        return self._line, name

    def _rows(self, stands: list[tuple[Report, int, str]]) -> Written:
        none = np.empty(0, dtype=np.object_)
        self.said = Sightings.concat(
            [Sightings(**blank(0)), *(report.said for report, *_ in stands)]
        )
        self.ids = np.concatenate([none, *(report.ids for report, *_ in stands)])
        names = [
            f"{name}/happenings/{row + 1}"
            for report, _, name in stands
            for row in range(len(report.ids))
        ]
        lines = [line for report, line, _ in stands for _ in report.ids]
        return Written(
            observation_id=np.array(names, dtype=np.object_),
            copied_from=np.concatenate([none, *(report.copied_from for report, *_ in stands)]),
            deed=self.said.deed,
            file=np.full(len(names), self._file, dtype=np.object_),
            line=np.array(lines, dtype=np.int64),
        )


def _report_of(said: Sightings, walked: Walked) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The first round of each sighting's patrol that ended after it; -1: none has yet."""
    of = np.full(len(said), -1, dtype=np.int64)
    for row in range(len(walked) - 1, -1, -1):
        of[(said.post == walked.post[row]) & (said.seen_from_s < walked.to_s[row])] = row
    return of


def _uuid(seed: int, number: int, version: int) -> str:
    """A version's name, as OpenRosa has them; it says nothing of the report."""
    digits = "".join(
        f"{int(mixed(key_of(seed, f'form/{version}/{half}'), np.array([number]))[0]):016x}"
        for half in "ab"
    )
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _answers(report: Report, happenings: list[Form], setting: Setting, rounds: Rounds) -> Form:
    answers: dict[str, Any] = {
        "patrol": str(setting.posts.name[report.post]),
        "patrol_began": iso_one(report.from_s),
        "patrol_ended": iso_one(report.to_s),
        "anything": "yes" if happenings else "no",
        "happenings": happenings,
    }
    if report.is_placed:
        at = np.array([report.post])
        lat, lon = cells.point(setting.ground, setting.posts.x_m[at], setting.posts.y_m[at])
        answers["patrol_place"] = (float(lat[0]), float(lon[0]), 5.0)
        answers["sight_m"] = f"{rounds.radius_m:.0f}"
    return answers


def _happening(report: Report, row: int, is_first: bool, setting: Setting) -> Form:
    said = report.said
    made: dict[str, Any] = {
        "began": iso_one(float(said.seen_from_s[row])),
        "ended": iso_one(float(said.seen_to_s[row])),
        "type": TYPES[said.type[row]] if said.type[row] >= 0 else None,
        "means": "heard" if np.isnan(said.x_m[row]) else "seen",
        "direction": DIRECTIONS[said.direction[row]],
        "bearing_deg": _figure(said.bearing_deg[row], 1),
        "range_m": _figure(said.range_m[row], 0),
    }
    if said.rounds[row] >= 0:
        # The first version has the figure of the line above or below, as a thumb types it.
        count = int(said.rounds[row])
        made["count_best"] = str(count + 10 if is_first else count)
        burst = TYPES[said.type[row]] in BURSTS if said.type[row] >= 0 else False
        made["count_unit"] = "burst" if burst else "explosion"
    place = _point(setting, said.x_m[row], said.y_m[row], said.error_m[row])
    if place is not None:
        made["place"] = place
        made["error_m"] = _figure(said.error_m[row], 0)
    elif said.bearing_deg[row] >= 0:
        made["observer"] = _point(
            setting, setting.posts.x_m[report.post], setting.posts.y_m[report.post], 8.0
        )
    made |= {
        "bearing_error_deg": _figure(said.bearing_error_deg[row], 1),
        "claimed_actor": setting.parties[said.claimed[row]]
        if said.claimed[row] in (0, 1)
        else None,
        "stance": ("none", "asserts", "denies", "admits")[said.stance[row]]
        if said.stance[row]
        else None,
    }
    return {name: value for name, value in made.items() if value is not None}


def _figure(value: float, places: int) -> str | None:
    return None if np.isnan(value) else f"{value:.{places}f}"


def _point(setting: Setting, x_m: Any, y_m: Any, error_m: Any) -> tuple[float, float, float] | None:
    if np.isnan(x_m):
        return None
    one: tuple[Floats, Floats] = cells.point(setting.ground, np.array([x_m]), np.array([y_m]))
    return float(one[0][0]), float(one[1][0]), float(error_m) / ACCURACY_TO_95


def _kobo(
    answers: Form, report: Report, version: str, before: str, serial: int
) -> tuple[Form, str]:
    """As `data` of KoboToolbox v2 gives it: paths for keys, geopoints in words."""
    rows = [
        {f"happenings/{name}": _worded(value) for name, value in row.items()}
        for row in answers["happenings"]
    ]
    content: dict[str, Any] = {
        "_id": serial,
        "_xform_id_string": "patrol_report",
        "meta/instanceID": f"uuid:{version}",
        **({"meta/deprecatedID": f"uuid:{before}"} if before else {}),
        "_submission_time": iso_one(report.filed_s).removesuffix("Z"),
        **({"_date_modified": iso_one(report.filed_s + AGAIN_S).removesuffix("Z")} if before else {}),
        **{f"patrol_part/{n}" if n.startswith(("patrol", "sight")) else n: _worded(v)
           for n, v in answers.items() if n != "happenings"},
    }  # fmt: skip
    if rows:
        content["happenings"] = rows
    return content, f"patrol_report:{serial}"


def _odk(answers: Form, report: Report, version: str, before: str, serial: int) -> tuple[Form, str]:
    """As `Submissions` of ODK Central with expanded repeats gives it: nested, with GeoJSON points."""
    first = before or version
    changed_s = report.filed_s + AGAIN_S * bool(before)
    group = {n: _located(v) for n, v in answers.items() if n.startswith(("patrol", "sight"))}
    content: dict[str, Any] = {
        "__id": f"uuid:{first}",
        "__system": {
            "submissionDate": iso_one(report.filed_s),
            "updatedAt": iso_one(changed_s) if before else None,
            "edits": 1 if before else 0,
        },
        "meta": {
            "instanceID": f"uuid:{version}",
            **({"deprecatedID": f"uuid:{before}"} if before else {}),
        },
        "patrol_part": group,
        "anything": answers["anything"],
        "happenings": [{n: _located(v) for n, v in row.items()} for row in answers["happenings"]],
    }
    return content, first


def _worded(value: Any) -> Any:
    """A geopoint as a form writes it: latitude, longitude, altitude, accuracy."""
    if isinstance(value, tuple):
        return f"{value[0]:.6f} {value[1]:.6f} 0 {value[2]:.1f}"
    return value


def _located(value: Any) -> Any:
    """A geopoint as GeoJSON."""
    if isinstance(value, tuple):
        at = [round(value[1], 6), round(value[0], 6), 0.0]
        return {"type": "Point", "coordinates": at, "properties": {"accuracy": round(value[2], 1)}}
    return value
