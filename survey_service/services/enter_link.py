"""From a code to the collection it admits to, or the reason why it does not."""

from collections.abc import Sequence
from datetime import datetime

from survey_service.domain.access import (
    Access,
    Closed,
    NotYetOpen,
    Replaced,
    UnknownCode,
    Used,
    look_up_hash,
    single_use_submission,
)
from survey_service.domain.form_token import new_submission_id
from survey_service.domain.link_plan import in_collection
from survey_service.domain.survey_round import State
from survey_service.storage.database import Database
from survey_service.storage.links import Entrance, find_by_code
from survey_service.storage.organisation import groups_of
from survey_service.storage.sealed_answers import has_receipt

__all__ = ["Entrance", "check_door", "look_up", "own_groups", "submission_for"]


def look_up(database: Database, lookup_keys: Sequence[bytes], code: str) -> Entrance:
    """The entrance behind a well-formed code, open or not. Raises UnknownCode."""
    with database.read() as connection:
        entrance = find_by_code(connection, [look_up_hash(key, code) for key in lookup_keys])
    if entrance is None:
        raise UnknownCode("no link has this code")
    return entrance


def check_door(entrance: Entrance, now: datetime, *, sending: bool = False) -> None:
    """Whether a form may be opened, or sent (which a form already open may be for the grace).

    Raises Replaced, NotYetOpen or Closed.
    """
    if entrance.code_version not in (None, entrance.link.version):
        raise Replaced("a newer version of this link exists")
    state = entrance.collection.state(now, entrance.link.unit_code)
    if state is State.PLANNED:
        raise NotYetOpen("the collection has not opened")
    admitted = (State.OPEN, State.CLOSING) if sending else (State.OPEN,)
    if entrance.link.final or state not in admitted:
        raise Closed("the collection has closed")


def own_groups(database: Database, entrance: Entrance) -> tuple[str, ...]:
    """The groups of a unit's link that a respondent may say they belong to."""
    with database.read() as connection:
        groups = groups_of(connection, entrance.link.unit_code, entrance.collection.school_form)
    return tuple(group.name for group in groups if in_collection(entrance.collection, group))


def submission_for(database: Database, entrance: Entrance, token_keys: Sequence[bytes], code: str) -> str:
    """The submission id for a form that is about to be handed out: random, or a single-use code's own. Raises Used."""
    if entrance.link.access is not Access.SINGLE_USE:
        return new_submission_id()
    ids = [single_use_submission(key, code) for key in token_keys]
    with database.read() as connection:
        if has_receipt(connection, entrance.link.id, entrance.link.version, ids):
            raise Used("this code was used")
    return ids[0]
