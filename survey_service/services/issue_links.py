"""Make the links that a round needs, and list their codes as often as anyone asks."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey_service.domain.access import Access, Link, derive_code, key_fingerprint, look_up_hash
from survey_service.domain.link_plan import PlannedLink, plan_links
from survey_service.domain.organisation import Organisation
from survey_service.domain.survey_round import Collection, Round
from survey_service.services.find import existing_organisation, existing_round
from survey_service.storage.database import Connection, Database, lock_link
from survey_service.storage.links import add_codes, add_links, change_link, links_of, remove_links
from survey_service.storage.rounds import list_rounds
from survey_service.storage.running_tallies import links_with_answers


class LinkKeyMissing(Exception):
    """The link key that a round's codes were made from is no longer among the keys."""


@dataclass(frozen=True)
class LinkKeys:
    """The keys by which codes are made and found again, newest first."""

    link: Sequence[bytes]
    lookup: Sequence[bytes]

    def for_round(self, survey_round: Round) -> bytes:
        """The link key of a round. Raises LinkKeyMissing."""
        for key in self.link:
            if key_fingerprint(key) == survey_round.link_key:
                return key
        raise LinkKeyMissing(
            f"round {survey_round.id} was issued with the link key {survey_round.link_key}, which is not there: "
            "put it back as an older line of the link key"
        )


@dataclass(frozen=True)
class IssuedCode:
    """One code with the link that it opens and where that link belongs."""

    link: Link
    collection: Collection
    code: str


def issue_links(database: Database, keys: LinkKeys, round_id: str) -> int:
    """Bring a round's links to what its plan and the organisation ask for; returns how many links it has.

    A link that is no longer planned goes, unless it has answers. Raises UnknownRound or NoOrganisation.
    """
    with database.write() as connection:
        survey_round = existing_round(connection, round_id)
        return refresh_links(connection, keys, survey_round, existing_organisation(connection))


def refresh_all_links(connection: Connection, keys: LinkKeys) -> None:
    """Bring the links of every collection that is not compiled to the organisation as it is now."""
    organisation = existing_organisation(connection)
    for survey_round in list_rounds(connection):
        refresh_links(connection, keys, survey_round, organisation)


def refresh_links(connection: Connection, keys: LinkKeys, survey_round: Round, organisation: Organisation) -> int:
    """As `issue_links`, inside the caller's transaction."""
    live = [collection for collection in survey_round.collections if collection.compiled_at is None]
    there = {
        (link.collection_id, link.unit_code, link.group, link.access): link
        for collection in live
        for link in links_of(connection, survey_round.id, collection.id)
    }
    wanted = {
        (collection.id, planned.unit_code, planned.group, planned.access): planned
        for collection in live
        for planned in plan_links(collection, organisation)
    }
    # First, because a link whose way of access has changed gives its place to a new one.
    kept = _remove_unanswered(connection, [link.id for place, link in there.items() if place not in wanted])
    added = [_new_link(survey_round.id, place[0], planned) for place, planned in wanted.items() if place not in there]
    add_links(connection, added)
    fresh = [(link, 0) for link in added]
    for place, link in there.items():
        if place in wanted:
            fresh += _adjusted(connection, link, wanted[place])
    add_codes(connection, _hashes(keys, survey_round, fresh))
    return len(wanted) + kept


def list_codes(database: Database, keys: LinkKeys, round_id: str, unit_code: str | None = None) -> list[IssuedCode]:
    """Every code of a round or of one of its units, by unit and collection, then by code; never whether it was used.

    Raises UnknownRound or LinkKeyMissing.
    """
    with database.read() as connection:
        survey_round = existing_round(connection, round_id)
        links = links_of(connection, round_id, unit_code=unit_code)
    key = keys.for_round(survey_round)
    collections = {collection.id: collection for collection in survey_round.collections}
    issued = [
        IssuedCode(link, collections[link.collection_id], derive_code(key, link.id, link.version, serial))
        for link in links
        for serial in range(link.codes)
    ]
    return sorted(issued, key=lambda item: (item.link.unit_code, item.collection.id, item.link.group, item.code))


def _remove_unanswered(connection: Connection, link_ids: list[str]) -> int:
    """Take links away, but for those that took an answer; returns how many stay."""
    for link_id in link_ids:
        lock_link(connection, link_id, alone=True)
    answered = links_with_answers(connection, link_ids)
    remove_links(connection, [link_id for link_id in link_ids if link_id not in answered])
    return len(answered)


def _new_link(round_id: str, collection_id: str, planned: PlannedLink) -> Link:
    return Link(
        id=str(uuid.uuid4()),
        round_id=round_id,
        collection_id=collection_id,
        unit_code=planned.unit_code,
        group=planned.group,
        access=planned.access,
        version=1,
        codes=planned.codes,
        expected=planned.expected,
        seats=planned.seats,
    )


def _adjusted(connection: Connection, link: Link, planned: PlannedLink) -> list[tuple[Link, int]]:
    """Bring one link to its plan; returns it with its first missing serial where it needs more codes."""
    codes = max(link.codes, planned.codes) if link.access is Access.SINGLE_USE else 1
    values = {"expected": planned.expected, "seats": planned.seats, "codes": codes}
    if any(getattr(link, name) != value for name, value in values.items()):
        change_link(connection, link.id, **values)
    return [(replace(link, codes=codes), link.codes)] if codes > link.codes else []


def _hashes(keys: LinkKeys, survey_round: Round, links: Sequence[tuple[Link, int]]) -> list[tuple[bytes, str, int]]:
    if not links:
        return []
    key, lookup = keys.for_round(survey_round), keys.lookup[0]
    return [
        (look_up_hash(lookup, derive_code(key, link.id, link.version, serial)), link.id, link.version)
        for link, first in links
        for serial in range(first, link.codes)
    ]
