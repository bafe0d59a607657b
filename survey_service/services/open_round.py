"""Open a round's collections: by hand now, or when their first day has come."""

from datetime import datetime

from survey_service.domain.survey_round import Round, State
from survey_service.services.confirm_recovery import require_confirmed
from survey_service.services.find import existing_collections, existing_round
from survey_service.storage.database import Connection, Database
from survey_service.storage.forms import freeze_form
from survey_service.storage.links import links_of
from survey_service.storage.rounds import list_rounds, mark_collection


class NothingToAnswer(Exception):
    """A collection has no links, so opening it would ask nobody."""


class WindowPassed(Exception):
    """A collection's last day has passed, so it would close as it opens."""


def open_round(database: Database, round_id: str, now: datetime, only: str | None = None) -> list[str]:
    """Open the planned collections of a round, or one of them, whatever their first day; returns those opened.

    Freezes their forms. Raises UnknownRound, UnknownCollection, RecoveryUnconfirmed, NothingToAnswer or WindowPassed.
    """
    with database.write() as connection:
        require_confirmed(connection)
        survey_round = existing_round(connection, round_id)
        wanted = existing_collections(survey_round, only)
        return _open(connection, survey_round, wanted, now)


def open_due(database: Database, now: datetime) -> list[str]:
    """Open every planned collection whose first day has come and whose last has not passed; returns their ids.

    One without links waits until it has some, and keeps no other from opening. Raises RecoveryUnconfirmed.
    """
    with database.write() as connection:
        opened = []
        for survey_round in list_rounds(connection):
            due = tuple(
                item.id
                for item in survey_round.collections
                if item.state(now) is State.PLANNED
                and item.opens_at() <= now < item.last_closes_at()
                and links_of(connection, survey_round.id, item.id)
            )
            if due:
                require_confirmed(connection)
                opened += _open(connection, survey_round, due, now)
        return opened


def _open(connection: Connection, survey_round: Round, wanted: tuple[str, ...], now: datetime) -> list[str]:
    opened = []
    for name in wanted:
        collection = survey_round.collection(name)
        if collection.state(now) is not State.PLANNED:
            continue
        if not links_of(connection, survey_round.id, name):
            raise NothingToAnswer(
                f"collection {name} of round {survey_round.id} has no links: import groups with head-counts, "
                "then run `survey-service round apply` again"
            )
        if now >= collection.last_closes_at():
            raise WindowPassed(
                f"the last day of collection {name} of round {survey_round.id} has passed: "
                "set a later `closes` in its file, then run `survey-service round apply` again"
            )
        freeze_form(connection, collection.form, collection.form_version)
        mark_collection(connection, survey_round.id, name, opened_at=now)
        opened.append(name)
    return opened
