"""Put a new version in a link's place, after its code leaked or the wrong class used it."""

from survey_service.domain.access import Link, derive_code, look_up_hash
from survey_service.services.find import existing_round
from survey_service.services.issue_links import LinkKeys
from survey_service.storage.database import Database, lock_link
from survey_service.storage.links import add_codes, change_link, find_link


class UnknownLink(LookupError):
    """No link has this id."""


class LinkIsFinal(Exception):
    """The link was counted to the end, so a new version could take no answer."""


def replace_link(database: Database, keys: LinkKeys, link_id: str) -> int:
    """Give a link new codes; the old ones say that it was replaced. Returns the new version.

    Answers sent with the old codes stay. Raises UnknownLink or LinkIsFinal.
    """
    with database.write() as connection:
        lock_link(connection, link_id, alone=True)
        link: Link | None = find_link(connection, link_id)
        if link is None:
            raise UnknownLink(link_id)
        if link.final:
            raise LinkIsFinal(link_id)
        key = keys.for_round(existing_round(connection, link.round_id))
        version = link.version + 1
        change_link(connection, link_id, version=version)
        codes = (derive_code(key, link_id, version, serial) for serial in range(link.codes))
        add_codes(connection, [(look_up_hash(keys.lookup[0], code), link_id, version) for code in codes])
        return version
