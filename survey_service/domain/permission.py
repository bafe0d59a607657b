"""Who may do what: one table from the roles of accounts to the actions they may take."""

from collections.abc import Mapping
from enum import StrEnum, auto


class Role(StrEnum):
    """What an account is for."""

    ADMIN = auto()
    """The municipal office."""

    OPERATOR = auto()
    """A huvudman, for all of its units."""

    SCHOOL = auto()
    """The staff of one or several units."""

    READER = auto()
    """Somebody who reads the released results of some units."""


class Action(StrEnum):
    """What a page or a button lets somebody do."""

    WATCH_ROUNDS = auto()
    """See every round, and how many have answered."""

    SEE_LINKS = auto()
    """See every link with its codes, and so be able to answer through any of them."""

    CLOSE_ROUNDS = auto()
    """End a round before its last day."""

    CHANGE_SETTINGS = auto()
    """Say how respondents' pages look and what they say, and read what people write about accessibility."""


ALLOWED: Mapping[Role, frozenset[Action]] = {
    Role.ADMIN: frozenset({Action.WATCH_ROUNDS, Action.SEE_LINKS, Action.CLOSE_ROUNDS, Action.CHANGE_SETTINGS}),
    Role.OPERATOR: frozenset(),
    Role.SCHOOL: frozenset(),
    Role.READER: frozenset(),
}


class Scope(StrEnum):
    """What an account's role must be narrowed to."""

    EVERYTHING = auto()
    ONE_OPERATOR = auto()
    SOME_UNITS = auto()


SCOPE_OF_ROLE: Mapping[Role, Scope] = {
    Role.ADMIN: Scope.EVERYTHING,
    Role.OPERATOR: Scope.ONE_OPERATOR,
    Role.SCHOOL: Scope.SOME_UNITS,
    Role.READER: Scope.SOME_UNITS,
}


def may(role: str, action: Action) -> bool:
    """Whether accounts of that role may do it. Raises ValueError for a role that does not exist."""
    return action in ALLOWED[Role(role)]
