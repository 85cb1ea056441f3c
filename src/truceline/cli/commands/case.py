"""`truceline case`: what people do about a matter, move by move."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from truceline.cli.show import instant, json_option, print_json, print_table

if TYPE_CHECKING:
    from truceline.cases.case import Case

_REFUSED = 6
_NO_BODY = (
    "note: the agreement names no body, so the word after body= was taken as it stands; give it a "
    "`mandate` with `bodies`, and no other word is taken"
)


@click.group("case")
def command() -> None:
    """Open, verify, attribute, notify, rule on and publish cases. Internal; nothing here is a release."""


@command.command("move", short_help="Make a move: open, verify, notify, rule, publish.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("case_id", metavar="CASE")
@click.argument("move")
@click.argument("words", nargs=-1, metavar="[FIELD=WORDS]...")
@click.option("--as", "office", required=True, help="The office that makes it; never a name.")
@click.option("--reason", required=True, help="Why.")
@click.option("--cite", "cites", multiple=True, help="An id that it rests on; repeat for more.")
@click.option("--reading", default="", help="breach or determination, where a clock is started.")
@click.option("--at", "at", metavar="TIME", help="When it was known, with a zone; now if absent.")
@json_option
@click.pass_context
def move(  # noqa: PLR0913  one option each
    ctx: click.Context,
    mission: Path,
    case_id: str,
    move: str,
    words: tuple[str, ...],
    office: str,
    reason: str,
    cites: tuple[str, ...],
    reading: str,
    at: str | None,
    as_json: bool,
) -> None:
    """Make MOVE on CASE of MISSION: CASE is its id, `new` for the next free one, `-` for none.

    `truceline case moves` lists the moves and what each says.
    """
    from truceline.cases.contract import Refusal
    from truceline.cases.tell import waits_for
    from truceline.pipeline.casework import Wanted, make

    wanted = Wanted(
        case_id=case_id, kind=move, office=office, reason=reason, reading=reading,
        cites=cites, says=_said(words), at=instant(at),
    )  # fmt: skip
    done = make(mission, wanted)
    if isinstance(done, Refusal):
        if as_json:
            print_json({"refused": _plain(done)})
        else:
            click.echo(f"truceline: refused: {done.why}; {done.do}. Nothing was written", err=True)
        ctx.exit(_REFUSED)
    made, docket, rules = done
    case = docket.cases.get(made.case_id)
    waits = "" if case is None else waits_for(case, rules, made.counts_from)
    if as_json:
        print_json({"entry": made.sequence, "case": _plain(case), "waits_for": waits})
        return
    state = "" if case is None else f", case {case.case_id}: {case.status.value}"
    click.echo(f"entry {made.sequence}: {made.kind} by {made.office}{state}")
    if waits:
        click.echo(f"waits for {waits}")
    if made.kind == "appoint" and not rules.at(made.at).mandate.bodies:
        click.echo(_NO_BODY, err=True)


@command.command("show", short_help="Tell what stands in a case, what waits, and every move.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.argument("case_id", metavar="CASE")
@click.option("--as-of", "as_of", metavar="TIME", help="As it stood then; with a zone.")
@json_option
def show(mission: Path, case_id: str, as_of: str | None, as_json: bool) -> None:
    """Tell what stands in CASE, what waits, who was heard, and every move with its reason."""
    from truceline.cases.tell import tell
    from truceline.model.errors import InputError
    from truceline.pipeline.casefile import followed
    from truceline.pipeline.casework import look

    work = look(mission, instant(as_of))
    case = work.docket.cases.get(case_id)
    if case is None:
        known = ", ".join(sorted(work.docket.cases)) or "none"
        msg = f"there is no case {case_id!r} in {mission}; cases are: {known}"
        raise InputError(msg)
    about = None if as_of else followed(mission, work.docket)
    rows = [] if about is None else [r for r in about.to_pylist() if r["case_id"] == case_id]
    moves = [each for each in work.moves if each.sequence in case.moves]
    if as_json:
        print_json({"case": _plain(case), "about": rows, "moves": [_plain(m) for m in moves]})
        return
    for line in tell(case, work.rules, work.at):
        click.echo(line)
    for row in rows:
        beside = f", as is {row['other_cases']}" if row["other_cases"] else ""
        what = row["incident_id"] or "no incident: nothing computed holds its observations"
        click.echo(f"about {what} ({row['relation']}{beside})")
    header = ("entry", "at", "move", "by", "reason")
    print_table(
        "", header, [(str(m.sequence), _short(m.at), m.kind, m.office, m.reason) for m in moves]
    )


@command.command("list", short_help="List the cases, the offices and the signed counts.")
@click.argument("mission", type=click.Path(path_type=Path))
@click.option("--as-of", "as_of", metavar="TIME", help="As they stood then; with a zone.")
@json_option
def list_cases(mission: Path, as_of: str | None, as_json: bool) -> None:
    """List the cases of MISSION, the offices, and the counts that were signed."""
    from truceline.cases.tell import waits_for
    from truceline.pipeline.casework import look

    work = look(mission, instant(as_of))
    docket = work.docket
    if as_json:
        print_json(
            {
                "cases": [_plain(each) for each in docket.cases.values()],
                "offices": [_plain(each) for each in docket.offices.values()],
                "counts": [_plain(each) for each in docket.counts.values()],
                "mandate": _plain(docket.standing),
            }
        )
        return
    for sentence in docket.standing.sentences(work.at):
        click.echo(sentence)
    rows = [_row(case, waits_for(case, work.rules, work.at)) for case in docket.cases.values()]
    print_table("Cases", ("case", "status", "because", "opened", "waits for"), rows)
    offices = [
        (o.office, o.role.value, o.body, "" if o.until is None else f"until {_short(o.until)}")
        for o in docket.offices.values()
    ]
    print_table("Offices", ("office", "role", "body", ""), offices)
    if docket.counts:
        counts = [
            (b.day.isoformat(), b.rule, b.area, "signed" if b.is_signed else "one hand")
            for b in docket.counts.values()
        ]
        print_table("Counts", ("legal day", "rule", "area", ""), counts)


@command.command("propose", short_help="Say which cases might be opened; people open them.")
@click.argument("mission", type=click.Path(path_type=Path))
@json_option
def propose(mission: Path, as_json: bool) -> None:
    """Say which cases might be opened on the latest run of MISSION, and why. People open."""
    from truceline.pipeline.casefile import proposed
    from truceline.pipeline.casework import look

    found = proposed(mission, look(mission).docket)
    if as_json:
        print_json([_plain(each) for each in found])
        return
    if not found:
        click.echo("nothing asks for a case that is not open already")
    for each in found:
        cites = " ".join(f"--cite {name}" for name in (each.observations or each.cites))
        click.echo(f"{each.because}: {each.why}")
        click.echo(
            f"  truceline case move {mission} new open because={each.because} {cites} "
            "--as OFFICE --reason WHY"
        )


@command.command("moves", short_help="List every move: who may make it, and what it says.")
@json_option
def moves(as_json: bool) -> None:
    """List every move: who may make it, and what it says."""
    from truceline.cases.book import KINDS

    if as_json:
        print_json(
            {
                kind.name: {
                    "summary": kind.summary,
                    "roles": sorted(kind.roles),
                    "says": {name: _plain(field) for name, field in kind.says.items()},
                }
                for kind in KINDS.values()
            }
        )
        return
    for kind in KINDS.values():
        click.echo(f"{kind.name}: {kind.summary} ({', '.join(sorted(kind.roles))})")
        for name, field in kind.says.items():
            more = "" if field.is_required else " (may be left out)"
            among = f": {', '.join(field.among)}" if field.among else ""
            click.echo(f"    {name}=  {field.what}{more}{among}")


def _said(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """`to=EAST` as a field; a field given again is a list."""
    said: dict[str, tuple[str, ...]] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            msg = f"{word!r} is no field of a move; write FIELD=WORDS, such as to=EAST"
            raise click.UsageError(msg)
        said[name] = (*said.get(name, ()), value)
    return said


def _row(case: "Case", waits: str) -> tuple[str, str, str, str, str]:
    return case.case_id, case.status.value, case.why, _short(case.opened_at), waits


def _short(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M")


def _plain(value: Any) -> Any:
    """Frozen records as JSON values, instants in ISO 8601."""
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
