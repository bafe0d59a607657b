"""The status of a round, on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from survey_service.domain.access import Access, Link
from survey_service.domain.organisation import Group, Headcounts, UnitSchoolForm
from survey_service.domain.survey_round import State
from survey_service.services.close_round import close_round
from survey_service.services.find import UnknownRound
from survey_service.services.issue_links import issue_links
from survey_service.services.round_status import Turnout, list_rounds_status, round_status
from survey_service.storage.database import Database
from survey_service.storage.links import add_links
from survey_service.storage.organisation import replace_organisation
from survey_service.storage.rounds import mark_collection, put_round
from tests.support.small_municipality import (
    BEFORE,
    DURING,
    KEYS,
    ORGANISATION,
    ROUND,
    add_municipality,
    migrated,
    show_answers,
)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with migrated(database_url) as database:
        add_municipality(database)
        yield database


def statements(database: Database, act: Callable[[], object]) -> int:
    """How many SELECT statements the act needs."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    act()
    event.remove(database.engine, "before_cursor_execute", note)
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in seen)


def test_a_round_is_shown_from_the_whole_down_to_each_group(database: Database) -> None:
    show_answers(database, "pupils", "10000001", "4B", 18)
    show_answers(database, "pupils", "10000001", "10A", 5)

    status = round_status(database, "ht-2026", DURING)

    pupils, guardians, staff = status.collections
    assert status.turnout == Turnout(expected=24 + 20 + 10 + 44 + 10 + 8, answered=23)
    assert pupils.turnout == Turnout(54, 23)
    assert [unit.name for unit in pupils.units] == ["Björkskolan", "Ängsskolan"]
    assert [(group.name, group.turnout) for group in pupils.units[1].groups] == [
        ("4B", Turnout(24, 18)),
        ("10A", Turnout(20, 5)),
    ]
    assert pupils.units[1].turnout == Turnout(44, 23)
    assert [(unit.access, unit.groups) for unit in guardians.units] == [(Access.UNIT, ()), (Access.UNIT, ())]
    assert [unit.turnout for unit in staff.units] == [Turnout(8, 0)]


def test_a_rate_is_answers_for_each_one_expected_and_is_never_capped() -> None:
    assert Turnout(20, 5).rate == 0.25
    assert Turnout(10, 12).rate == 1.2
    assert Turnout(10, 12).over_expected
    assert not Turnout(10, 10).over_expected


def test_where_nobody_is_expected_there_is_no_rate() -> None:
    assert Turnout(0, 0).rate is None
    assert not Turnout(0, 0).over_expected
    assert Turnout(0, 1).over_expected


def test_a_unit_that_closes_later_says_so(database: Database) -> None:
    bjork, ang = round_status(database, "ht-2026", DURING).collections[0].units
    assert (bjork.closes, ang.closes) == (date(2026, 11, 6), date(2026, 10, 30))


def test_a_unit_with_both_a_link_of_its_own_and_of_groups_shows_each(database: Database) -> None:
    whole = Link("whole", "ht-2026", "pupils", "10000001", "", Access.UNIT, version=1, codes=1, expected=3)
    with database.write() as connection:
        add_links(connection, [whole])
    unit = round_status(database, "ht-2026", DURING).collections[0].units[1]
    assert [(group.name, group.access) for group in unit.groups] == [
        ("", Access.UNIT),
        ("4B", Access.GROUP),
        ("10A", Access.GROUP),
    ]


def test_a_round_is_called_by_what_most_needs_somebody(database: Database) -> None:
    assert round_status(database, "ht-2026", DURING).state is State.OPEN
    close_round(database, "ht-2026", DURING, "pupils")
    assert round_status(database, "ht-2026", DURING).state is State.OPEN
    close_round(database, "ht-2026", DURING)
    assert round_status(database, "ht-2026", DURING).state is State.CLOSED
    with database.write() as connection:
        for collection in ROUND.collections:
            mark_collection(connection, ROUND.id, collection.id, compiled_at=DURING)
    assert round_status(database, "ht-2026", DURING).state is State.COMPILED


def test_a_round_closes_by_the_clock(database: Database) -> None:
    midnight_after_the_last_unit = DURING.replace(month=11, day=6, hour=23, minute=0)
    states = [
        round_status(database, "ht-2026", midnight_after_the_last_unit + timedelta(minutes=minutes)).state
        for minutes in (-1, 0, 15)
    ]
    assert states == [State.OPEN, State.CLOSING, State.CLOSED]


def test_the_list_of_rounds_has_the_same_figures_without_units(database: Database) -> None:
    show_answers(database, "pupils", "10000001", "4B", 18)
    with database.write() as connection:
        earlier = tuple(
            replace(item, opens=date(2025, 9, 15), closes=date(2025, 10, 31), closes_by_unit={})
            for item in ROUND.collections
        )
        put_round(connection, replace(ROUND, id="ht-2025", collections=earlier))
        put_round(connection, replace(ROUND, id="empty", collections=()))
    newest, older, empty = list_rounds_status(database, DURING)
    assert [newest.id, older.id, empty.id] == ["ht-2026", "ht-2025", "empty"]
    assert newest.turnout == round_status(database, "ht-2026", DURING).turnout
    assert (older.turnout, older.state) == (Turnout(0, 0), State.PLANNED)
    assert newest.collections[0].units == ()


def test_one_unit_can_be_asked_for_alone(database: Database) -> None:
    show_answers(database, "pupils", "10000001", "4B", 18)
    status = round_status(database, "ht-2026", DURING, unit_code="10000001")
    assert [(item.id, item.turnout) for item in status.collections] == [
        ("pupils", Turnout(44, 18)),
        ("guardians", Turnout(44, 0)),
    ]
    assert {unit.name for item in status.collections for unit in item.units} == {"Ängsskolan"}
    assert round_status(database, "ht-2026", DURING, unit_code="99999999").collections == ()


def test_groups_are_left_out_of_a_round_that_has_too_many(database: Database) -> None:
    links = 3 + 2 + 1
    whole = round_status(database, "ht-2026", DURING)
    assert round_status(database, "ht-2026", DURING, most_groups=links) == whole
    units_only = round_status(database, "ht-2026", DURING, most_groups=links - 1)
    assert units_only.turnout == whole.turnout
    assert [unit.groups for unit in units_only.collections[0].units] == [(), ()]


def test_a_round_that_does_not_exist_is_named(database: Database) -> None:
    with pytest.raises(UnknownRound, match="vt-2031"):
        round_status(database, "vt-2031", BEFORE)


def test_the_number_of_queries_does_not_grow_with_the_organisation(database: Database) -> None:
    small = statements(database, lambda: round_status(database, "ht-2026", DURING))
    groups = tuple(Group(f"A{number}", None, Headcounts(pupils=20)) for number in range(200))
    section = UnitSchoolForm("10000001", "grundskola", groups=groups)
    with database.write() as connection:
        replace_organisation(connection, replace(ORGANISATION, school_forms={("10000001", "grundskola"): section}))
    issue_links(database, KEYS, "ht-2026")
    assert len(round_status(database, "ht-2026", DURING).collections[0].units[0].groups) == 200
    assert statements(database, lambda: round_status(database, "ht-2026", DURING)) == small == 4
    assert statements(database, lambda: list_rounds_status(database, DURING)) == 3
