"""What a kind of move declares: who may make it, what it says, what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from truceline.cases.contract import Role
from truceline.cases.docket import Docket, Setting


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a kind of move says."""

    what: str
    is_required: bool = True
    is_list: bool = False
    among: tuple[str, ...] = ()  # the words that it may be; any where empty


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveKind:
    """A kind of move: who may make it, what it says, and what it does.

    Parameters
    ----------
    name, summary
        As people type it, and one sentence.
    roles
        Which offices may make it.
    step
        Setting to docket; raises NotAllowedError.
    says
        Its fields.
    is_about_a_case
        False for moves about the roster or routine counts.
    needs_cites
        It must rest on something.
    opens
        It opens the case that it is about.
    is_always
        The office may make it though its body's grant has ended: to step aside, or to end a thing.
    outlasts_office
        Whoever held the office may make it after being relieved.
    """

    name: str
    summary: str
    roles: frozenset[Role]
    step: Callable[[Setting], Docket]
    says: Mapping[str, Field] = field(default_factory=dict)
    is_about_a_case: bool = True
    needs_cites: bool = False
    opens: bool = False
    is_always: bool = False
    outlasts_office: bool = False
