"""Forget which submissions arrived, once a repeated sending can no longer come."""

from dataclasses import replace
from datetime import datetime

from survey_service.services.scrub import ask_for_scrub
from survey_service.storage.database import Database, lock_counting
from survey_service.storage.links import find_entrance
from survey_service.storage.running_tallies import find_tally, put_tally
from survey_service.storage.sealed_answers import count_receipts, receipts_per_link, remove_receipts


def forget_receipts(database: Database, now: datetime) -> int:
    """Remove the receipts of links whose hour after the grace has passed, keeping how many they were; returns links."""
    with database.read() as connection:
        places = list(receipts_per_link(connection))
        entrances = {link_id: find_entrance(connection, link_id) for link_id in {link_id for link_id, _ in places}}
    forgotten = 0
    for link_id, version in places:
        entrance = entrances[link_id]
        if entrance is None or not entrance.link.final:
            continue
        if now < entrance.collection.forgets_receipts_at(entrance.link.unit_code):
            continue
        with database.write() as connection:
            lock_counting(connection, link_id)
            tally = find_tally(connection, link_id, version)
            if tally.received is None:
                put_tally(connection, replace(tally, received=count_receipts(connection, link_id, version)))
                remove_receipts(connection, link_id, version)
                ask_for_scrub(connection)
        forgotten += 1
    return forgotten
