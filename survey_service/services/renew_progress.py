"""Renew the one coarse figure that every outlet shows for a link: how many answers have come."""

from datetime import datetime, timedelta

from survey_service.domain.survey_round import LOCAL_TIME
from survey_service.storage.database import Database
from survey_service.storage.links import final_links
from survey_service.storage.progress import Shown, all_shown, show
from survey_service.storage.running_tallies import tallies_of
from survey_service.storage.sealed_answers import receipts_per_link

FEWEST_NEW = 3
LONGEST_OLD = timedelta(minutes=10)
SHORTEST_OLD = timedelta(minutes=1)


def renew_progress(database: Database, now: datetime) -> int:
    """Show new figures where the rule allows; returns how many changed.

    While a link is open its figure changes at most once a minute, and only when three more have come or ten
    minutes have passed; when it is final the exact number is shown. Times are kept to the minute.
    """
    minute = now.replace(second=0, microsecond=0)
    with database.read() as connection:
        shown, final = all_shown(connection), final_links(connection)
        numbers: dict[str, int] = {}
        counts = receipts_per_link(connection)
        for tally in tallies_of(connection):
            place = (tally.link_id, tally.version)
            counts[place] = (counts.get(place, 0) if tally.received is None else tally.received) - tally.voided
    for (link_id, _), number in counts.items():
        numbers[link_id] = numbers.get(link_id, 0) + number
    renewed = {
        link_id: Shown(number, minute)
        for link_id, number in numbers.items()
        if link_id not in shown or _may_renew(shown[link_id], number, minute, final=link_id in final)
    }
    if renewed:
        with database.write() as connection:
            # In one order for all workers: in different ones they could wait for each other for ever.
            for link_id, figure in sorted(renewed.items()):
                # A link's first answers are noted as none yet, so that a single early answer does not show.
                first = link_id not in shown and link_id not in final and figure.number < FEWEST_NEW
                show(connection, link_id, Shown(0, minute) if first else figure, now.astimezone(LOCAL_TIME).date())
    return len(renewed)


def _may_renew(before: Shown, number: int, minute: datetime, *, final: bool) -> bool:
    if number == before.number:
        return False
    age = minute - before.at
    enough = abs(number - before.number) >= FEWEST_NEW or age >= LONGEST_OLD
    return final or (enough and age >= SHORTEST_OLD)
