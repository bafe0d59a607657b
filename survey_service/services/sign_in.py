"""Sign in by a link that works once and not for long, stay signed in, and sign out everywhere."""

import hashlib
import secrets
from datetime import datetime, timedelta

from survey_service.services.manage_accounts import normal_email
from survey_service.storage.accounts import (
    Account,
    add_sign_in_link,
    end_sessions,
    find_account,
    find_sign_in_link,
    forget_sign_in_links,
    use_sign_in_link,
)
from survey_service.storage.database import Database

__all__ = [
    "Account",
    "ExpiredLink",
    "UnknownAccount",
    "UnknownLink",
    "look_at_link",
    "make_sign_in_link",
    "sign_out",
    "signed_in",
    "use_link",
]

LINK_LIVES = timedelta(minutes=15)
EXPIRED_KEPT = timedelta(days=1)
"""How long an expired link is told apart from one that never was."""

TOKEN_BYTES = 32


class UnknownAccount(LookupError):
    """Nobody with this e-mail address has an account."""


class UnknownLink(LookupError):
    """No sign-in link has this token, or it has been used."""


class ExpiredLink(Exception):
    """The sign-in link is older than it may be."""


def make_sign_in_link(database: Database, office_url: str, email: str, now: datetime) -> str:
    """The address of a new one-time sign-in link. Raises InvalidEmail or UnknownAccount."""
    address = normal_email(email)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with database.write() as connection:
        if find_account(connection, address) is None:
            raise UnknownAccount(f"nobody with the address {address} has an account")
        forget_sign_in_links(connection, now - EXPIRED_KEPT)
        add_sign_in_link(connection, _hash(token), address, now + LINK_LIVES)
    return f"{office_url}/office/sign-in/{token}"


def look_at_link(database: Database, token: str, now: datetime) -> str:
    """The e-mail address that a link signs in, without using it up. Raises UnknownLink or ExpiredLink."""
    with database.read() as connection:
        return _check(find_sign_in_link(connection, _hash(token)), now)


def use_link(database: Database, token: str, now: datetime) -> Account:
    """Use a link up and give the account it signs in. Raises UnknownLink or ExpiredLink."""
    with database.write() as connection:
        email = _check(find_sign_in_link(connection, _hash(token)), now)
        account = find_account(connection, email)
        # Of two who send the same link at once, only one finds it still there to be taken away.
        if account is None or not use_sign_in_link(connection, _hash(token)):
            raise UnknownLink("this sign-in link was used")
    return account


def signed_in(database: Database, email: str, session_epoch: int) -> Account | None:
    """The account of a session, None where it was ended or the account is gone."""
    with database.read() as connection:
        account = find_account(connection, email)
    return account if account and account.session_epoch == session_epoch else None


def sign_out(database: Database, email: str) -> None:
    """End all sessions of an account, on every device."""
    with database.write() as connection:
        end_sessions(connection, email)


def _check(found: tuple[str, datetime] | None, now: datetime) -> str:
    if found is None:
        raise UnknownLink("no sign-in link has this token")
    email, expires_at = found
    if now >= expires_at:
        raise ExpiredLink("this sign-in link is too old")
    return email


def _hash(token: str) -> bytes:
    # A plain hash is enough: what is hashed has 256 random bits.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
