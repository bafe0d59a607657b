"""What the office sets for respondents' pages, on both databases: kept, versioned, and read with the real rules."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from survey_service.domain.logo import Logo
from survey_service.domain.municipality import Face, Kind, Words
from survey_service.domain.organisation import Organisation
from survey_service.services.change_settings import (
    ChangedMeanwhile,
    UnknownUnit,
    change_face,
    change_words,
    face_to_edit,
    name_units,
    words_to_edit,
)
from survey_service.services.close_round import close_round
from survey_service.services.municipality import find_logo, read_municipality
from survey_service.storage.database import Database
from survey_service.storage.organisation import replace_organisation
from survey_service.storage.rounds import put_round
from tests.support.small_municipality import BEFORE, DURING, ORGANISATION, ROUND, add_municipality

LOGO = Logo("a.svg", "image/svg+xml", b"<svg/>")
WORDS = Words({"support": {"sv": "Kuratorn", "ar": "المرشدة"}}, assessed=date(2026, 9, 1))
UNIT = "10000001"


@pytest.fixture(autouse=True)
def _municipality(database: Database) -> None:
    add_municipality(database)


def test_before_anything_is_set_the_municipality_has_its_name_and_nothing_else(database: Database) -> None:
    found = read_municipality(database, DURING)
    assert found.face == Face("Exempelby")
    assert found.words == Words()
    assert found.version == 0
    assert found.operators == ("Exempelby kommun", "Björkskolan AB")


def test_an_empty_database_has_a_municipality_without_a_name(database: Database) -> None:
    with database.write() as connection:
        for table in (
            *("link_code", "link", "collection", "survey_round"),
            *("unit_group", "unit_school_form", "unit", "operator", "municipality"),
        ):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    assert read_municipality(database, DURING).face.name == ""
    assert name_units(database) == []


def test_a_face_is_kept_with_its_logo(database: Database) -> None:
    change_face(database, 0, Face("Exempelby stad", "#0a4a57"), LOGO)
    assert read_municipality(database, DURING).face == Face("Exempelby stad", "#0a4a57", "a.svg")
    assert find_logo(database, "a.svg") == LOGO
    assert face_to_edit(database) == (1, Face("Exempelby stad", "#0a4a57", "a.svg"))


def test_a_logo_stays_when_something_else_is_changed_and_only_one_is_ever_kept(database: Database) -> None:
    change_face(database, 0, Face(), LOGO)
    change_face(database, 1, Face("Staden", logo="a.svg"))
    assert find_logo(database, "a.svg") == LOGO
    change_face(database, 2, Face(), Logo("b.png", "image/png", b"png"))
    assert find_logo(database, "a.svg") is None
    change_face(database, 3, Face())
    assert find_logo(database, "b.png") is None


def test_words_are_kept_with_the_local_day_on_which_they_were_changed(database: Database) -> None:
    change_words(database, 0, WORDS, DURING)
    found = read_municipality(database, DURING).words
    assert found == replace(WORDS, changed=date(2026, 10, 1))


def test_a_units_words_are_its_own(database: Database) -> None:
    change_words(database, 0, WORDS, DURING)
    change_words(database, 0, Words({"support": {"sv": "Vår kurator"}}), DURING, UNIT)
    found = read_municipality(database, DURING)
    assert [text.text for code in (UNIT, "10000002") if (text := found.text(Kind.SUPPORT, "sv", code))] == [
        "Vår kurator",
        "Kuratorn",
    ]
    assert [(unit.code, unit.has_words) for unit in name_units(database)] == [("10000002", False), (UNIT, True)]


def test_a_unit_that_does_not_exist_has_no_words(database: Database) -> None:
    with pytest.raises(UnknownUnit):
        words_to_edit(database, "nowhere")
    with pytest.raises(UnknownUnit):
        change_words(database, 0, WORDS, DURING, "nowhere")


def test_the_second_of_two_who_edit_the_same_is_told_and_changes_nothing(database: Database) -> None:
    change_face(database, 0, Face("first"), LOGO)
    for late in (0, 2, -1):
        with pytest.raises(ChangedMeanwhile):
            change_face(database, late, Face("second"))
    assert read_municipality(database, DURING).face == Face("first", logo="a.svg")
    assert find_logo(database, "a.svg") == LOGO


def test_of_many_who_save_at_once_one_succeeds(database: Database) -> None:
    def save(name: int) -> bool:
        try:
            change_face(database, 0, Face(str(name)))
        except ChangedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(6) as people:
        assert sum(people.map(save, range(6))) == 1


def test_two_who_edit_different_parts_do_not_hinder_each_other(database: Database) -> None:
    change_face(database, 0, Face("Staden"))
    change_words(database, 0, WORDS, DURING)
    change_words(database, 0, WORDS, DURING, UNIT)
    assert words_to_edit(database)[0] == words_to_edit(database, UNIT)[0] == 1


def test_the_version_of_the_whole_changes_with_every_change(database: Database) -> None:
    versions = [read_municipality(database, DURING).version]
    for change in (
        lambda: change_face(database, 0, Face("Staden")),
        lambda: change_words(database, 0, WORDS, DURING),
        lambda: change_words(database, 0, WORDS, DURING, UNIT),
        lambda: change_words(database, 1, Words(), DURING, UNIT),
    ):
        change()
        versions.append(read_municipality(database, DURING).version)
    assert len(set(versions)) == len(versions)


def test_words_of_a_unit_wait_for_it_when_it_is_away_from_the_organisation(database: Database) -> None:
    new = replace(ORGANISATION.units[UNIT], code="10000003")
    with_it = replace(ORGANISATION, units={**ORGANISATION.units, new.code: new})

    def organise(organisation: Organisation) -> None:
        with database.write() as connection:
            replace_organisation(connection, organisation)

    organise(with_it)
    change_words(database, 0, WORDS, DURING, new.code)
    organise(ORGANISATION)
    organise(with_it)
    assert words_to_edit(database, new.code)[1].texts == WORDS.texts


def test_what_respondents_are_told_follows_the_rules_of_the_rounds_that_go_on(database: Database) -> None:
    assert read_municipality(database, DURING).minimums == {"public": 10, "unit": 5, "administrator": 5}
    assert read_municipality(database, DURING).disposal_decisions == ("UN 2026/123",)
    strict = {"public": {"minimum_answers": 20}, "unit": {"minimum_answers": 8}}
    with database.write() as connection:
        put_round(connection, replace(ROUND, thresholds=strict))
    assert read_municipality(database, DURING).minimums == {"public": 20, "unit": 8, "administrator": 5}
    close_round(database, ROUND.id, DURING)
    assert read_municipality(database, DURING).minimums["unit"] == 8


def test_a_round_that_has_not_opened_promises_nothing_yet(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE collection SET opened_at = NULL")
        put_round(connection, replace(ROUND, thresholds={"unit": {"minimum_answers": 8}}))
    found = read_municipality(database, BEFORE)
    assert found.disposal_decisions == ()
    assert found.minimums["unit"] == 5
