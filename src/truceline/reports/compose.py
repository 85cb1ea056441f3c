"""The document of a release: masthead, banners, and sections in their order."""

from dataclasses import replace

from truceline.reports.contract import Release
from truceline.reports.document import (
    Block,
    Bullets,
    Document,
    Facts,
    Grid,
    Paragraph,
    Section,
    plain,
)
from truceline.reports.parties import party_name
from truceline.reports.say import Say, load
from truceline.reports.sections import (
    access,
    annex,
    areas,
    attribution,
    cases,
    casualties,
    certainty,
    check,
    claims,
    duties,
    findings,
    ground,
    hotline,
    limits,
    methods,
    parity,
    remedies,
    reply,
    summary,
    trend,
    weapons,
    windows,
    withheld,
    words,
)

_ORDER = (
    summary,
    certainty,
    ground,
    areas,
    findings,
    duties,
    reply,
    attribution,
    claims,
    remedies,
    cases,
    windows,
    weapons,
    casualties,
    hotline,
    access,
    trend,
    parity,
    limits,
    withheld,
    annex,
    methods,
    check,
    words,
)


def compose(release: Release, language: str = "en") -> Document:
    """The document that people read, in one language."""
    calendar = release.agreement.calendar
    say = load(language, calendar.zone)
    written = [part.write(release, say) for part in _ORDER]
    bounds = [calendar.bounds(day) for day in (release.period.first_day, release.period.last_day)]
    first = say.day(release.period.first_day, with_year=True)
    last = say.day(release.period.last_day, with_year=True)
    return Document(
        language=language,
        title=plain(release.mission_title),
        subtitle=say("masthead.subtitle_one", began=first)
        if first == last
        else say("masthead.subtitle", began=first, ended=last),
        kicker=f"{say('masthead.kicker')} · {_view(release, say)}",
        masthead=_masthead(
            release, say, say.period(bounds[0].began, bounds[1].ended or bounds[1].began)
        ),
        banners=_banners(release, say),
        contents_title=say("masthead.contents"),
        sections=tuple(_safe(section) for section in written if section is not None),
        footer=say("masthead.footer", version=release.versions.get("truceline", "")),
    )


def _view(release: Release, say: Say) -> str:
    party = party_name(release, release.view.party, say) if release.view.party else ""
    return say(f"view.{release.view.kind}", party=party)


def _masthead(release: Release, say: Say, period: str) -> tuple[tuple[str, str], ...]:
    calendar, through = release.agreement.calendar, say.instant(release.released_through)
    hours = f"{release.rules.delay_h:g}"
    told = (
        say("masthead.delayed", instant=through, hours=hours)
        if release.view.is_release
        else say("masthead.at_once", instant=through)
    )
    cutoff = say("masthead.cutoff_text", cutoff=f"{calendar.cutoff:%H:%M}", zone=calendar.zone)
    return (
        (
            say("masthead.agreement"),
            plain(f"{release.agreement.title}, {release.agreement.version}"),
        ),
        (say("masthead.period"), period),
        (say("masthead.cutoff"), cutoff),
        (say("masthead.as_of"), say.instant(release.as_of)),
        (say("masthead.through"), told),
        (say("masthead.view"), _view(release, say)),
        (say("masthead.record"), release.record_head),
    )


def _banners(release: Release, say: Say) -> tuple[str, ...]:
    told = []
    if release.is_hypothetical:
        told.append(say("banner.hypothetical"))
    if not release.view.is_release:
        told.append(say("banner.internal"))
    elif release.held_back and not release.rows.num_rows:
        told.append(say("banner.nothing_yet"))
    return tuple(told)


def _safe(section: Section) -> Section:
    """The section with every text freed of characters that hide or turn it."""
    return replace(section, blocks=tuple(_safe_block(block) for block in section.blocks))


def _safe_block(block: Block) -> Block:
    match block:
        case Paragraph():
            return replace(block, text=plain(block.text))
        case Bullets():
            return replace(block, items=tuple(plain(item) for item in block.items))
        case Facts():
            return replace(block, pairs=tuple((plain(a), plain(b)) for a, b in block.pairs))
        case Grid():
            rows = tuple(tuple(plain(cell) for cell in row) for row in block.rows)
            return replace(block, rows=rows)
        case _:
            return block
