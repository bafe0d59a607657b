"""Who asks: all that respondents' pages tell of the municipality, its rules and its rounds."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from survey_service.domain.logo import Logo
from survey_service.domain.municipality import Face, Municipality, Words
from survey_service.domain.survey_round import Round, State
from survey_service.domain.thresholds import MINIMUM_ANSWERS, minimum_answers
from survey_service.storage import municipality_settings as stored
from survey_service.storage.database import Database
from survey_service.storage.organisation import municipality_name, operator_names
from survey_service.storage.rounds import list_rounds

__all__ = ["find_logo", "read_municipality", "to_face", "to_words"]

GOING_ON = {State.OPEN, State.CLOSING, State.CLOSED}
"""States in which answers may wait."""


def read_municipality(database: Database, now: datetime) -> Municipality:
    """All that is told of the municipality; without a name before the first import."""
    with database.read() as connection:
        parts = stored.parts(connection)
        name = municipality_name(connection) or ""
        operators = operator_names(connection)
        rounds = [item for item in list_rounds(connection) if _goes_on(item, now)]
    contents = {part: content for part, (_, content) in parts.items()}
    face = to_face(contents.get(stored.FACE, {}))
    return Municipality(
        face=Face(face.name or name, face.colour, face.logo),
        words=to_words(contents.get(stored.WORDS, {})),
        of_units={
            part.removeprefix(stored.OF_A_UNIT): to_words(content)
            for part, content in contents.items()
            if part.startswith(stored.OF_A_UNIT)
        },
        operators=tuple(operators),
        minimums=_minimums(rounds),
        disposal_decisions=tuple(dict.fromkeys(item.disposal_decision for item in rounds)),
        version=sum(version for version, _ in parts.values()),
    )


def find_logo(database: Database, name: str) -> Logo | None:
    """The logo of that name, None where there is none."""
    with database.read() as connection:
        return stored.find_logo(connection, name)


def to_face(content: Mapping[str, Any]) -> Face:
    """A face as it was stored."""
    return Face(**content)


def to_words(content: Mapping[str, Any]) -> Words:
    """Words as they were stored."""
    days = {name: date.fromisoformat(content[name]) for name in ("assessed", "changed") if content.get(name)}
    return Words(content.get("texts", {}), conforms=content.get("conforms", False), **days)


def _goes_on(survey_round: Round, now: datetime) -> bool:
    return any(collection.state(now) in GOING_ON for collection in survey_round.collections)


def _minimums(rounds: Iterable[Round]) -> dict[str, int]:
    """By outlet, what holds in every one of the rounds."""
    asked = [item.thresholds for item in rounds] or [{}]
    return {outlet: min(minimum_answers(outlet, thresholds) for thresholds in asked) for outlet in MINIMUM_ANSWERS}
