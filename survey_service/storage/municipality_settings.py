"""What the office has set for respondents' pages, each part with a version, and the logo's bytes."""

from typing import Any

from sqlalchemy import JSON, Column, Connection, Integer, LargeBinary, String, Table, delete, insert, select, update

from survey_service.domain.logo import Logo
from survey_service.storage.database import upsert
from survey_service.storage.metadata import metadata

FACE, WORDS, OF_A_UNIT = "face", "words", "unit "
"""Parts: the face, the municipality's words, and (followed by its code) a unit's words."""

municipality_setting = Table(
    "municipality_setting",
    metadata,
    # A unit may leave the organisation and come back with the next import: its words wait for it.
    Column("part", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("content", JSON, nullable=False),
)

logo = Table(
    "logo",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("media_type", String(40), nullable=False),
    Column("content", LargeBinary, nullable=False),
)


def parts(connection: Connection) -> dict[str, tuple[int, dict[str, Any]]]:
    """(version, content) of every part that was ever set; versions begin with 1 and only rise."""
    rows = connection.execute(select(municipality_setting))
    return {row.part: (row.version, row.content) for row in rows}


def find_part(connection: Connection, part: str) -> tuple[int, dict[str, Any]]:
    """(version, content) of one part; (0, {}) where it was never set."""
    query = select(municipality_setting).where(municipality_setting.c.part == part)
    row = connection.execute(query).one_or_none()
    return (row.version, row.content) if row else (0, {})


def put_part(connection: Connection, part: str, version: int, content: dict[str, Any]) -> bool:
    """Write a part in place of that version of it. False where another version is there."""
    table = municipality_setting
    if version == 0:
        return upsert(connection, table, {"part": part, "version": 1, "content": content}, replaces=False)
    same = (table.c.part == part) & (table.c.version == version)
    changed = update(table).where(same).values(version=version + 1, content=content)
    return connection.execute(changed).rowcount == 1


def find_logo(connection: Connection, name: str) -> Logo | None:
    """The logo of that name, None where there is none."""
    row = connection.execute(select(logo).where(logo.c.name == name)).one_or_none()
    return Logo(row.name, row.media_type, row.content) if row else None


def keep_logo(connection: Connection, picture: Logo | None) -> None:
    """Make this the only logo there is, or have none."""
    connection.execute(delete(logo))
    if picture is not None:
        connection.execute(insert(logo), vars(picture))
