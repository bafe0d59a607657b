"""Accounts of the office and the school's desk, and the one-time links by which they sign in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from survey_service.storage.metadata import Instant, metadata

account = Table(
    "account",
    metadata,
    Column("email", String(320), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("scope", JSON, nullable=False),
    # Signing out raises it, which ends every session that bears an earlier number.
    Column("session_epoch", Integer, nullable=False),
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("email", ForeignKey("account.email"), nullable=False),
    Column("expires_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in; `scope` holds unit codes of a school or reader, or an operator's code."""

    email: str
    role: str
    scope: list[str]
    session_epoch: int = 0


def find_account(connection: Connection, email: str) -> Account | None:
    """The account of an e-mail address in lower case."""
    row = connection.execute(select(account).where(account.c.email == email)).one_or_none()
    return Account(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def put_account(connection: Connection, item: Account) -> None:
    """Write an account, new or in place of what was; sessions that are open stay as they are."""
    # Without the epoch: a sign-out at the same moment must not be undone.
    changed = update(account).where(account.c.email == item.email).values(role=item.role, scope=item.scope)
    if connection.execute(changed).rowcount == 0:
        connection.execute(insert(account), vars(item))


def end_sessions(connection: Connection, email: str) -> None:
    """End every session of an account, wherever it is open."""
    later = account.c.session_epoch + 1
    connection.execute(update(account).where(account.c.email == email).values(session_epoch=later))


def add_sign_in_link(connection: Connection, token_hash: bytes, email: str, expires_at: datetime) -> None:
    """Note a one-time link by the hash of its token."""
    connection.execute(insert(sign_in_link), {"token_hash": token_hash, "email": email, "expires_at": expires_at})


def find_sign_in_link(connection: Connection, token_hash: bytes) -> tuple[str, datetime] | None:
    """(e-mail, expiry) of a one-time link that was not used yet."""
    row = connection.execute(select(sign_in_link).where(sign_in_link.c.token_hash == token_hash)).one_or_none()
    return (row.email, row.expires_at) if row else None


def use_sign_in_link(connection: Connection, token_hash: bytes) -> bool:
    """Use a link up. False where somebody else had done so."""
    return connection.execute(delete(sign_in_link).where(sign_in_link.c.token_hash == token_hash)).rowcount == 1


def forget_sign_in_links(connection: Connection, now: datetime) -> None:
    """Remove links that were never used in time."""
    connection.execute(delete(sign_in_link).where(sign_in_link.c.expires_at < now))
