"""Form versions as rounds use them: self-contained, and frozen once a round with them has opened."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from survey_service.storage.metadata import metadata

form_version = Table(
    "form_version",
    metadata,
    Column("form_id", String(80), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("definition", JSON, nullable=False),
    Column("frozen", Boolean, nullable=False),
)


@dataclass(frozen=True)
class StoredForm:
    """A form version as it was written down; `digest` tells wording and scales apart."""

    form_id: str
    version: int
    digest: str
    definition: dict[str, Any]
    frozen: bool = False


def find_form(connection: Connection, form_id: str, version: int) -> StoredForm | None:
    """The stored version, None where no round uses it yet."""
    query = select(form_version).where(form_version.c.form_id == form_id, form_version.c.version == version)
    row = connection.execute(query).one_or_none()
    return StoredForm(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's public name for it


def put_form(connection: Connection, form: StoredForm) -> None:
    """Write a version that is not frozen, in place of the one that was."""
    connection.execute(
        delete(form_version).where(
            form_version.c.form_id == form.form_id,
            form_version.c.version == form.version,
            form_version.c.frozen.is_(False),
        )
    )
    connection.execute(insert(form_version), vars(form))


def freeze_form(connection: Connection, form_id: str, version: int) -> None:
    """From now on this version never changes."""
    connection.execute(
        update(form_version)
        .where(form_version.c.form_id == form_id, form_version.c.version == version)
        .values(frozen=True)
    )
