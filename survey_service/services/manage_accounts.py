"""Add the people who may sign in to the office, or change what they may see."""

import re
from collections.abc import Collection, Sequence
from enum import StrEnum, auto

from survey_service.domain.permission import SCOPE_OF_ROLE, Role, Scope
from survey_service.storage.accounts import Account, find_account, put_account
from survey_service.storage.database import Database
from survey_service.storage.organisation import load_organisation

__all__ = [
    "Account",
    "Change",
    "InvalidEmail",
    "ScopeMissing",
    "ScopeNotForRole",
    "UnknownOperator",
    "UnknownRole",
    "UnknownUnit",
    "add_account",
    "normal_email",
]

LONGEST_EMAIL = 254


class InvalidEmail(ValueError):
    """What was given is no e-mail address."""


class UnknownRole(ValueError):
    """A role is admin, operator, school or reader."""


class ScopeMissing(ValueError):
    """The role is for some units or one operator, and none was named."""


class ScopeNotForRole(ValueError):
    """The role cannot be narrowed to the units or the operator that were named."""


class UnknownUnit(LookupError):
    """A unit that was named is not in the organisation."""


class UnknownOperator(LookupError):
    """The operator that was named is not in the organisation."""


class Change(StrEnum):
    """What adding an account did."""

    ADDED = auto()
    CHANGED = auto()
    UNCHANGED = auto()


def add_account(
    database: Database, email: str, role: str, units: Sequence[str] = (), operator: str | None = None
) -> tuple[Account, Change]:
    """Let somebody sign in, or give an account another role or scope; the same again changes nothing.

    Raises InvalidEmail, UnknownRole, ScopeMissing, ScopeNotForRole, UnknownUnit or UnknownOperator.
    """
    address = normal_email(email)
    if role not in list(Role):
        raise UnknownRole(f"{role!r} is not a role: expected {', '.join(Role)}")
    scope = _scope(Role(role), sorted(set(units)), operator)
    with database.write() as connection:
        known = find_account(connection, address)
        if known and (known.role, known.scope) == (role, scope):
            return known, Change.UNCHANGED
        organisation = load_organisation(connection)
        if scope and operator:
            _check_operator(operator, organisation.operators if organisation else ())
        elif scope:
            _check_units(scope, organisation.units if organisation else ())
        account = Account(address, role, scope, known.session_epoch if known else 0)
        put_account(connection, account)
    return account, Change.CHANGED if known else Change.ADDED


def normal_email(text: str) -> str:
    """An e-mail address as accounts are known by: in lower case. Raises InvalidEmail."""
    address = text.strip().lower()
    if len(address) > LONGEST_EMAIL or not re.fullmatch(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+", address):
        raise InvalidEmail(f"{text!r} is not an e-mail address")
    return address


def _scope(role: Role, units: list[str], operator: str | None) -> list[str]:
    kind = SCOPE_OF_ROLE[role]
    if units and kind is not Scope.SOME_UNITS:
        raise ScopeNotForRole(f"an account with role {role} is not for single units")
    if operator and kind is not Scope.ONE_OPERATOR:
        raise ScopeNotForRole(f"an account with role {role} is not for an operator")
    if kind is Scope.SOME_UNITS and not units:
        raise ScopeMissing(f"an account with role {role} needs at least one unit")
    if kind is Scope.ONE_OPERATOR and not operator:
        raise ScopeMissing(f"an account with role {role} needs an operator")
    return [operator] if operator else units


def _check_units(units: Sequence[str], known: Collection[str]) -> None:
    unknown = [code for code in units if code not in known]
    if unknown:
        raise UnknownUnit(f"no unit in the organisation has the code {', '.join(unknown)}")


def _check_operator(operator: str, known: Collection[str]) -> None:
    if operator not in known:
        raise UnknownOperator(f"no operator in the organisation has the number {operator}")
