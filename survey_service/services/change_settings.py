"""Change what the municipality says of itself to respondents; of two who edit the same, the second is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from survey_service.domain.logo import Logo
from survey_service.domain.municipality import Face, Words
from survey_service.domain.survey_round import LOCAL_TIME
from survey_service.services.municipality import to_face, to_words
from survey_service.storage import municipality_settings as stored
from survey_service.storage.database import Connection, Database
from survey_service.storage.organisation import unit_names


class ChangedMeanwhile(Exception):
    """Somebody else has changed this since it was opened."""


class UnknownUnit(LookupError):
    """No unit of the organisation has this code."""


@dataclass(frozen=True)
class Named:
    """A unit whose words may be edited, and whether it has any."""

    code: str
    name: str
    has_words: bool


def face_to_edit(database: Database) -> tuple[int, Face]:
    """(version, face) as it stands."""
    with database.read() as connection:
        version, content = stored.find_part(connection, stored.FACE)
    return version, to_face(content)


def words_to_edit(database: Database, unit_code: str = "") -> tuple[int, Words]:
    """(version, words) of the municipality, or of a unit, as they stand. Raises UnknownUnit."""
    with database.read() as connection:
        version, content = stored.find_part(connection, _part(connection, unit_code))
    return version, to_words(content)


def change_face(database: Database, version: int, face: Face, logo: Logo | None = None) -> None:
    """Put a face in place of that version, with a new logo or the one that `face` names already.

    Raises ChangedMeanwhile.
    """
    if logo is not None:
        face = replace(face, logo=logo.name)
    with database.write() as connection:
        _put(connection, stored.FACE, version, vars(face))
        if logo is not None or not face.logo:
            stored.keep_logo(connection, logo)


def change_words(database: Database, version: int, words: Words, now: datetime, unit_code: str = "") -> None:
    """Put the municipality's words, or a unit's, in place of that version. Raises ChangedMeanwhile or UnknownUnit."""
    content = {
        "texts": words.texts,
        "assessed": words.assessed.isoformat() if words.assessed else None,
        "conforms": words.conforms,
        "changed": now.astimezone(LOCAL_TIME).date().isoformat(),
    }
    with database.write() as connection:
        _put(connection, _part(connection, unit_code), version, content)


def name_units(database: Database) -> list[Named]:
    """Every unit by name, with whether it has words of its own; empty before the first import."""
    with database.read() as connection:
        units = unit_names(connection)
        contents = {part: content for part, (_, content) in stored.parts(connection).items()}
    own = {part.removeprefix(stored.OF_A_UNIT) for part, content in contents.items() if _says_anything(content)}
    return [Named(code, name, code in own) for code, name in units.items()]


def unit_name(database: Database, unit_code: str) -> str:
    """What a unit is called. Raises UnknownUnit."""
    with database.read() as connection:
        names = unit_names(connection)
    if unit_code not in names:
        raise UnknownUnit(unit_code)
    return names[unit_code]


def _part(connection: Connection, unit_code: str) -> str:
    if not unit_code:
        return stored.WORDS
    if unit_code not in unit_names(connection):
        raise UnknownUnit(unit_code)
    return stored.OF_A_UNIT + unit_code


def _put(connection: Connection, part: str, version: int, content: Mapping[str, Any]) -> None:
    if not stored.put_part(connection, part, version, dict(content)):
        raise ChangedMeanwhile(part)


def _says_anything(content: Mapping[str, Any]) -> bool:
    return any(text for by_language in content.get("texts", {}).values() for text in by_language.values())
