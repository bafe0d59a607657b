"""Compiling writes down what is safe, once, and destroys everything else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from survey_service.domain.access import Access
from survey_service.domain.disclosure import Status
from survey_service.domain.survey_round import State
from survey_service.domain.tally import WHOLE, TableKey, TallyLayout
from survey_service.services.compile_collection import AlreadyCompiled, NotCounted, compile_collection
from survey_service.services.find import existing_round
from survey_service.services.replace_link import replace_link
from survey_service.storage.database import Database
from survey_service.storage.releases import Counted, released_table, releases_of
from survey_service.storage.running_tallies import tallies_of
from survey_service.storage.sealed_answers import add_sealed, quarantined_answer, sealed_answer
from tests.support.installation import PUPILS, ROUND, STAFF, Installation, an_installation, municipality
from tests.support.small_form import SMALL_FORM

UNITS = {"A": {"4A": 20, "4B": 20, "5A": 3}, "B": {"4A": 20}}
LAYOUT = TallyLayout(SMALL_FORM)


@pytest.fixture
def installation(database: Database) -> Installation:
    return an_installation(database, UNITS)


def answer(installation: Installation, numbers: Mapping[tuple[str, str], int], **answers: str) -> None:
    for (unit_code, group), number in numbers.items():
        installation.put_many(installation.link(group=group, unit_code=unit_code), number, **answers)


def finish(installation: Installation) -> None:
    installation.close()
    installation.turn()


def found(installation: Installation, key: TableKey = WHOLE) -> dict[str, tuple[Status, int | None]]:
    """Status and number of answers of every node's table, by its place."""
    return {
        " ".join(filter(None, (item.node.level, item.node.unit_code, item.node.group))): (
            item.status,
            item.table[0] if item.table else None,
        )
        for item, _ in installation.released()
        if item.key == key
    }


def state(installation: Installation) -> State:
    with installation.database.read() as connection:
        return existing_round(connection, ROUND).collection("pupils").state(installation.clock.now)


def test_every_answer_is_in_every_table_above_it(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 12, ("A", "4B"): 10, ("A", "5A"): 6, ("B", "4A"): 9}, safe="fully")
    finish(installation)
    assert found(installation) == {
        "municipality": (Status.OK, 37),
        "operator": (Status.OK, 37),
        "unit A": (Status.OK, 28),
        "unit B": (Status.OK, 9),
        "group A 4A": (Status.OK, 12),
        "group A 4B": (Status.OK, 10),
        "group A 5A": (Status.OK, 6),
        "group B 4A": (Status.OK, 9),
    }


def test_the_options_of_every_table_sum_to_its_answers(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 7, ("B", "4A"): 8}, safe="fully", gender="girl")
    answer(installation, {("A", "4A"): 6, ("B", "4A"): 5}, noisy="never", gender="boy")
    finish(installation)
    shown = [item.table for item, _ in installation.released() if item.table is not None]
    assert shown
    for table in shown:
        for question in SMALL_FORM.questions:
            assert sum(number for name, _, number in LAYOUT.counts(table) if name == question.id) == table[0]


def test_a_class_of_three_is_folded_into_its_unit_and_written_nowhere_else(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 12, ("A", "4B"): 10, ("A", "5A"): 3}, safe="fully")
    finish(installation)
    tables = found(installation)
    assert tables["unit A"] == (Status.OK, 25)
    assert tables["group A 5A"] == (Status.SUPPRESSED, None)
    assert tables["group A 4B"] == (Status.SUPPRESSED, None)
    assert tables["group A 4A"] == (Status.OK, 12)
    with installation.database.read() as connection:
        hidden = connection.execute(released_table.select().where(released_table.c.status != "ok")).all()
    assert hidden
    assert {row.cells for row in hidden} == {None}


def test_head_counts_and_numbers_of_answers_are_always_shown(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 12, ("A", "5A"): 3}, safe="fully")
    finish(installation)
    counted = {
        (item.node.level, item.node.unit_code, item.node.group): number
        for item, number in installation.released()
        if item.key == WHOLE
    }
    assert counted["group", "A", "5A"] == Counted(expected=3, answered=3)
    assert counted["group", "A", "4B"] == Counted(expected=20, answered=0)
    assert counted["unit", "A", ""] == Counted(expected=43, answered=15)
    assert counted["municipality", "", ""] == Counted(expected=63, answered=15)


def test_no_number_stands_beside_a_breakdown(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 12}, gender="girl")
    finish(installation)
    assert {number for item, number in installation.released() if item.key != WHOLE} == {None}


def test_empty_forms_are_no_answers(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 6}, safe="fully")
    answer(installation, {("A", "4A"): 4, ("A", "4B"): 9})
    finish(installation)
    tables = found(installation)
    assert tables["group A 4A"] == (Status.OK, 6)
    assert tables["group A 4B"] == (Status.EMPTY, None)
    assert tables["unit A"] == (Status.OK, 6)


def test_one_other_in_a_class_is_written_nowhere_below_where_there_are_enough(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 6, ("A", "4B"): 6, ("B", "4A"): 6}, gender="girl")
    answer(installation, {("A", "4A"): 1, ("A", "4B"): 2, ("B", "4A"): 2}, gender="other")
    finish(installation)
    others = found(installation, TableKey("gender", "other"))
    assert others["municipality"] == (Status.OK, 5)
    below = {place: status for place, (status, _) in others.items() if place.startswith(("unit", "group"))}
    assert below.pop("group A 5A") is Status.EMPTY
    assert set(below.values()) == {Status.SUPPRESSED}
    girls = found(installation, TableKey("gender", "girl"))
    assert girls["group A 4A"] == (Status.SUPPRESSED, None)
    assert found(installation)["group A 4A"] == (Status.OK, 7)


def test_afterwards_no_tally_no_sealed_answer_and_no_quarantined_box_is_left(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 12}, safe="fully")
    with installation.database.write() as connection:
        add_sealed(connection, installation.link(group="4A").id, 1, b"no box")
    finish(installation)
    with installation.database.read() as connection:
        tallies = tallies_of(connection)
    assert {tally.closed_cells for tally in tallies} == {None}
    assert sum(tally.counted for tally in tallies) == 12
    assert installation.rows(sealed_answer) == installation.rows(quarantined_answer) == 0


def test_a_collection_is_compiled_once(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 12})
    finish(installation)
    assert state(installation) is State.COMPILED
    with pytest.raises(AlreadyCompiled):
        compile_collection(installation.counting_room, ROUND, "pupils", installation.clock.now)
    installation.turn()
    with installation.database.read() as connection:
        assert [release.number for release in releases_of(connection, ROUND)] == [1]


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed but not counted"])
def test_nothing_is_compiled_before_all_is_counted(installation: Installation, *, closed: bool) -> None:
    answer(installation, {("A", "4A"): 12})
    if closed:
        installation.close()
    with pytest.raises(NotCounted):
        compile_collection(installation.counting_room, ROUND, "pupils", installation.clock.now)
    with installation.database.read() as connection:
        assert releases_of(connection, ROUND) == []
    installation.assert_balanced()


def test_a_collection_is_compiled_when_its_last_unit_has_closed(database: Database) -> None:
    installation = an_installation(database, UNITS, replace(PUPILS, closes_by_unit={"B": date(2026, 11, 6)}))
    answer(installation, {("A", "4A"): 12, ("B", "4A"): 8}, safe="fully")
    installation.clock.now = datetime(2026, 10, 30, 23, 15, tzinfo=UTC)
    assert installation.turn().compiled == ()
    assert installation.link(group="4A").final
    assert not installation.link(group="4A", unit_code="B").final
    installation.answer(installation.codes(group="4A", unit_code="B")[0], safe="fully")
    installation.clock.forward(days=7)
    assert installation.turn().compiled == ("pupils",)
    assert found(installation)["unit B"] == (Status.OK, 9)


def test_answers_to_a_replaced_link_are_counted_with_those_to_the_new_one(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 4}, safe="fully")
    replace_link(installation.database, installation.keys, installation.link(group="4A").id)
    answer(installation, {("A", "4A"): 5}, safe="mostly")
    finish(installation)
    assert found(installation)["group A 4A"] == (Status.OK, 9)


def test_units_may_hand_out_their_links_in_different_ways(database: Database) -> None:
    mixed = replace(PUPILS, access_by_unit={"B": Access.UNIT, "C": Access.SINGLE_USE})
    installation = an_installation(database, UNITS | {"C": {"4A": 9, "6A": 9}}, mixed)
    answer(installation, {("A", "4A"): 12, ("B", ""): 8}, safe="fully")
    for code in installation.codes(unit_code="C")[:7]:
        installation.answer(code, safe="mostly")
    finish(installation)
    assert {place: number for place, (_, number) in found(installation).items() if number} == {
        "municipality": 27,
        "operator": 27,
        "unit A": 12,
        "group A 4A": 12,
        "unit B": 8,
        "unit C": 7,
    }


def test_a_round_may_ask_for_more_answers_than_five(database: Database) -> None:
    installation = an_installation(database, UNITS, opened=False)
    installation.apply(PUPILS, thresholds={"administrator": {"minimum_answers": 10}})
    installation.confirm()
    installation.open()
    answer(installation, {("A", "4A"): 9, ("A", "4B"): 12, ("B", "4A"): 20}, safe="fully")
    finish(installation)
    assert found(installation)["group A 4A"] == (Status.SUPPRESSED, None)
    assert found(installation)["unit A"] == (Status.OK, 21)
    with installation.database.read() as connection:
        (release,) = releases_of(connection, ROUND)
    assert release.rules == {"minimum_answers": 10}


def test_no_round_can_ask_for_fewer_than_five(database: Database) -> None:
    installation = an_installation(database, UNITS, opened=False)
    installation.apply(PUPILS, thresholds={"administrator": {"minimum_answers": 1}})
    installation.confirm()
    installation.open()
    answer(installation, {("A", "5A"): 3, ("A", "4A"): 12}, safe="fully")
    finish(installation)
    assert found(installation)["group A 5A"] == (Status.SUPPRESSED, None)


def test_each_collection_gets_a_release_that_holds_the_earlier_ones_too(database: Database) -> None:
    installation = an_installation(database, UNITS, PUPILS, STAFF)
    answer(installation, {("A", "4A"): 12}, safe="fully")
    installation.close("pupils")
    installation.turn()
    for code in installation.codes("staff"):
        installation.answer(code, safe="mostly")
    installation.close()
    installation.clock.forward(days=1)
    installation.turn()
    with installation.database.read() as connection:
        assert [release.number for release in releases_of(connection, ROUND)] == [1, 2]
    assert installation.released("staff", number=1) == []
    assert len(installation.released("staff", number=2)) > 0
    assert installation.released("pupils", number=2) == installation.released("pupils", number=1)


def test_a_class_that_is_gone_from_the_organisation_is_compiled_with_its_answers(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 12, ("A", "4B"): 9}, safe="fully")
    installation.organise(municipality({"A": {"4B": 20, "5A": 3}, "B": {"4A": 20}}))
    installation.apply(PUPILS)
    finish(installation)
    assert found(installation)["group A 4A"] == (Status.OK, 12)
    assert found(installation)["unit A"] == (Status.OK, 21)


def test_a_compiled_collection_is_left_as_it_is_by_later_changes(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 12})
    finish(installation)
    before = installation.links()
    installation.organise(municipality({"A": {"4A": 25, "4C": 20}, "B": {"4A": 20}}))
    installation.apply(PUPILS)
    assert installation.links() == before


def test_the_grades_of_classes_travel_with_their_tables(installation: Installation) -> None:
    answer(installation, {("A", "4A"): 12})
    finish(installation)
    grades = {(item.node.unit_code, item.node.group): item.node.grade for item, _ in installation.released()}
    assert grades["A", "4A"] == "4"
    assert grades["A", "5A"] == "5"
    assert grades["A", ""] == ""


def test_compiling_again_after_a_day_finds_nothing_to_do(installation: Installation) -> None:
    finish(installation)
    installation.clock.forward(days=1)
    turn = installation.turn()
    assert (turn.counted, turn.compiled) == (0, ())
