"""Facts about this installation: whether the recovery sheet is safe, when the worker last worked."""

from sqlalchemy import Column, Connection, String, Table, select

from survey_service.storage.database import upsert
from survey_service.storage.metadata import metadata

installation = Table(
    "installation",
    metadata,
    Column("fact", String(80), primary_key=True),
    Column("value", String(200), nullable=False),
)

RECOVERY_CONFIRMED = "recovery_sheet_confirmed"
"""Fingerprint of the sealing key whose counting key's recovery sheet is in safe-keeping."""

WORKER_SEEN = "worker_seen"
"""When the worker last finished a turn, as an ISO 8601 instant in UTC."""

SCRUB_ASKED = "scrub_asked"
"""A random word where something was destroyed whose remains no scrub has removed yet, else empty."""


def fact(connection: Connection, name: str) -> str | None:
    """A fact's value, None where it was never noted."""
    return connection.execute(select(installation.c.value).where(installation.c.fact == name)).scalar_one_or_none()


def note_fact(connection: Connection, name: str, value: str) -> None:
    """Note a fact in place of what was."""
    upsert(connection, installation, {"fact": name, "value": value})
