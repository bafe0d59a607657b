"""What a command or page names must exist: find it, or say plainly that it does not."""

from survey_service.domain.organisation import Organisation
from survey_service.domain.survey_round import Round
from survey_service.storage.database import Connection
from survey_service.storage.organisation import load_organisation
from survey_service.storage.rounds import find_round, list_rounds


class UnknownRound(LookupError):
    """No round has this id; the message lists those that there are."""


class UnknownCollection(LookupError):
    """The round has no collection with this id; the message lists those that it has."""


class NoOrganisation(LookupError):
    """No organisation was imported yet."""


def existing_round(connection: Connection, round_id: str) -> Round:
    """The round with this id. Raises UnknownRound."""
    survey_round = find_round(connection, round_id)
    if survey_round is None:
        known = ", ".join(item.id for item in list_rounds(connection)) or "none yet"
        raise UnknownRound(f"no round is called {round_id}; there are: {known}")
    return survey_round


def existing_collections(survey_round: Round, only: str | None) -> tuple[str, ...]:
    """Ids of the round's collections, or of the one that is named. Raises UnknownCollection."""
    ids = tuple(collection.id for collection in survey_round.collections)
    if only is None:
        return ids
    if only not in ids:
        raise UnknownCollection(f"round {survey_round.id} has no collection {only}; it has: {', '.join(ids)}")
    return (only,)


def existing_organisation(connection: Connection) -> Organisation:
    """The organisation. Raises NoOrganisation."""
    organisation = load_organisation(connection)
    if organisation is None:
        raise NoOrganisation("no organisation yet: run `survey-service organisation import FILE` first")
    return organisation
