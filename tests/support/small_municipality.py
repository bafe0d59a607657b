"""A municipality small enough to keep in mind, with one round, for tests of the office."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

from survey_service.domain.access import Access, key_fingerprint
from survey_service.domain.organisation import Grades, Group, Headcounts, Operator, Organisation, Unit, UnitSchoolForm
from survey_service.domain.survey_round import LOCAL_TIME, Collection, Round
from survey_service.services.issue_links import LinkKeys, issue_links
from survey_service.storage.database import Database
from survey_service.storage.links import links_of
from survey_service.storage.organisation import replace_organisation
from survey_service.storage.progress import Shown, show
from survey_service.storage.rounds import mark_collection, put_round
from survey_service.storage.schema import migrate

KEYS = LinkKeys(link=(bytes(range(32)),), lookup=(bytes(range(1, 33)),))

BEFORE = datetime(2026, 9, 1, 9, tzinfo=UTC)
DURING = datetime(2026, 10, 1, 9, tzinfo=UTC)

ORGANISATION = Organisation(
    "9901",
    "Exempelby",
    operators={
        "2120009901": Operator("2120009901", "Exempelby kommun", "municipal"),
        "5560009901": Operator("5560009901", "Björkskolan AB", "independent"),
    },
    units={
        "10000001": Unit("10000001", "Ängsskolan", "2120009901"),
        "10000002": Unit("10000002", "Björkskolan", "5560009901"),
    },
    school_forms={
        ("10000001", "grundskola"): UnitSchoolForm(
            "10000001",
            "grundskola",
            groups=(
                Group("4B", Grades(4, 4), Headcounts(pupils=24)),
                Group("10A", Grades(5, 5), Headcounts(pupils=20)),
            ),
        ),
        ("10000002", "grundskola"): UnitSchoolForm(
            "10000002",
            "grundskola",
            counts=Headcounts(staff=8),
            groups=(Group("4", Grades(4, 4), Headcounts(pupils=10)),),
        ),
    },
)

PUPILS = Collection(
    id="pupils",
    school_form="grundskola",
    audience="pupil",
    form="pupil-4-6",
    form_version=1,
    access=Access.GROUP,
    opens=date(2026, 9, 14),
    closes=date(2026, 10, 30),
    closes_by_unit={"10000002": date(2026, 11, 6)},
)
GUARDIANS = replace(PUPILS, id="guardians", audience="guardian", form="guardian-school", access=Access.UNIT)
STAFF = replace(PUPILS, id="staff", audience="staff", form="staff-school", access=Access.SINGLE_USE)

ROUND = Round(
    id="ht-2026",
    name={"sv": "Höstens enkät 2026", "en": "Autumn survey 2026"},
    school_year="2026/27",
    disposal_decision="UN 2026/123",
    link_key=key_fingerprint(KEYS.link[0]),
    collections=(PUPILS, GUARDIANS, STAFF),
)


@contextmanager
def migrated(url: str) -> Iterator[Database]:
    """The database at that URL, with the schema of today."""
    database = Database(url)
    try:
        migrate(database)
        yield database
    finally:
        database.dispose()


def add_municipality(database: Database, *, opened: bool = True) -> None:
    """Write the organisation and the round with its links, its collections open or planned."""
    with database.write() as connection:
        replace_organisation(connection, ORGANISATION)
        put_round(connection, ROUND)
    issue_links(database, KEYS, ROUND.id)
    if opened:
        with database.write() as connection:
            for collection in ROUND.collections:
                mark_collection(connection, ROUND.id, collection.id, opened_at=BEFORE)


def show_answers(database: Database, collection_id: str, unit_code: str, group: str, number: int) -> None:
    """Make `number` the figure that is shown for a link."""
    with database.write() as connection:
        (link,) = (
            link
            for link in links_of(connection, ROUND.id, collection_id)
            if (link.unit_code, link.group) == (unit_code, group)
        )
        show(connection, link.id, Shown(number, DURING), DURING.astimezone(LOCAL_TIME).date())
