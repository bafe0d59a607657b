"""Links follow the plan and the organisation; their codes can be listed again for as long as the keys are there."""

from dataclasses import replace
from pathlib import Path

import pytest

from survey_service.domain.access import Access, Replaced, UnknownCode
from survey_service.services.enter_link import check_door, look_up
from survey_service.services.find import UnknownRound
from survey_service.services.import_organisation import import_organisation
from survey_service.services.issue_links import LinkKeyMissing, LinkKeys, issue_links, list_codes
from survey_service.services.replace_link import LinkIsFinal, UnknownLink, replace_link
from survey_service.storage.database import Database
from survey_service.storage.links import link_code
from tests.support.installation import (
    LINK_KEY,
    LOOKUP_KEY,
    PUPILS,
    ROUND,
    STAFF,
    Installation,
    an_installation,
    municipality,
)

UNITS = {"A": {"4A": 20, "4B": 20}, "B": {"5A": 20}}
NEWER = b"a newer key of thirty-two bytes!"


@pytest.fixture
def installation(database: Database) -> Installation:
    return an_installation(database, UNITS, PUPILS, STAFF)


def issue(installation: Installation, units: dict[str, dict[str, int]]) -> int:
    """Change the organisation and bring the links to it."""
    installation.organise(municipality(units))
    return issue_links(installation.database, installation.keys, ROUND)


def test_every_class_has_one_code_and_every_card_its_own(installation: Installation) -> None:
    assert len(installation.codes(group="4A")) == len(installation.codes(group="4B")) == 1
    assert len(set(installation.codes("staff"))) == 10
    assert installation.rows(link_code) == len(list_codes(installation.database, installation.keys, ROUND)) == 23


def test_the_codes_are_the_same_whenever_they_are_listed(installation: Installation) -> None:
    first, second = (list_codes(installation.database, installation.keys, ROUND) for _ in range(2))
    assert first == second
    issue_links(installation.database, installation.keys, ROUND)
    assert list_codes(installation.database, installation.keys, ROUND) == first


def test_codes_are_listed_by_unit_collection_and_group_and_then_by_code(installation: Installation) -> None:
    issued = list_codes(installation.database, installation.keys, ROUND)
    places = [(item.link.unit_code, item.collection.id, item.link.group, item.code) for item in issued]
    assert places == sorted(places)


def test_the_list_is_the_same_however_many_codes_were_used(installation: Installation) -> None:
    before = list_codes(installation.database, installation.keys, ROUND)
    for code in installation.codes("staff")[:4]:
        installation.answer(code)
    assert list_codes(installation.database, installation.keys, ROUND) == before


def test_a_unit_can_have_its_codes_alone(installation: Installation) -> None:
    issued = list_codes(installation.database, installation.keys, ROUND, "B")
    assert {item.link.unit_code for item in issued} == {"B"}
    assert len(issued) == 11


def test_every_listed_code_opens_its_link(installation: Installation) -> None:
    for item in list_codes(installation.database, installation.keys, ROUND):
        assert look_up(installation.database, installation.keys.lookup, item.code).link == item.link


def test_the_database_holds_no_code(installation: Installation) -> None:
    code = installation.codes(group="4A")[0]
    with installation.database.read() as connection:
        hashes = [row.look_up for row in connection.execute(link_code.select())]
    assert len(hashes) == 23
    assert all(len(known) == 32 and code.encode() not in known for known in hashes)


def test_codes_of_an_unknown_round_are_not_listed(installation: Installation) -> None:
    with pytest.raises(UnknownRound):
        list_codes(installation.database, installation.keys, "vt-2099")


def test_without_the_rounds_link_key_no_code_can_be_listed(installation: Installation) -> None:
    with pytest.raises(LinkKeyMissing, match=f"round {ROUND}"):
        list_codes(installation.database, LinkKeys((NEWER,), (LOOKUP_KEY,)), ROUND)


def test_printed_codes_still_work_after_both_keys_were_changed(installation: Installation) -> None:
    printed = installation.codes("staff")
    rotated = replace(installation, keys=LinkKeys((NEWER, LINK_KEY), (NEWER, LOOKUP_KEY)))
    assert rotated.codes("staff") == printed
    rotated.answer(printed[0])
    issue(rotated, {"A": {"4A": 20, "4C": 20}, "B": {"5A": 20}})
    rotated.answer(rotated.codes(group="4C")[0])
    with pytest.raises(UnknownCode):
        # The new class's code was hashed with the newer key, which this process does not have yet.
        look_up(installation.database, [LOOKUP_KEY], rotated.codes(group="4C")[0])


def test_a_replaced_link_has_a_new_code_and_the_old_one_says_so(installation: Installation) -> None:
    (old,) = installation.codes(group="4A")
    assert replace_link(installation.database, installation.keys, installation.link(group="4A").id) == 2
    (new,) = installation.codes(group="4A")
    assert new != old
    with pytest.raises(Replaced):
        check_door(look_up(installation.database, installation.keys.lookup, old), installation.clock.now)
    installation.answer(new)


def test_replacing_a_pile_replaces_every_card_of_it_and_of_no_other(installation: Installation) -> None:
    old, untouched = installation.codes("staff"), installation.codes("staff", unit_code="B")
    replace_link(installation.database, installation.keys, installation.link("staff").id)
    assert not set(old) & set(installation.codes("staff"))
    assert installation.codes("staff", unit_code="B") == untouched
    for code in old:
        with pytest.raises(Replaced):
            installation.form_token(code)


def test_a_link_that_was_counted_to_the_end_cannot_be_replaced(installation: Installation) -> None:
    installation.close("pupils")
    installation.turn()
    with pytest.raises(LinkIsFinal):
        replace_link(installation.database, installation.keys, installation.link(group="4A").id)
    with pytest.raises(UnknownLink):
        replace_link(installation.database, installation.keys, "nowhere")


def test_a_class_that_grew_is_expected_to_answer_more_and_has_more_seats(installation: Installation) -> None:
    before = installation.codes(group="4A")
    issue(installation, {"A": {"4A": 25, "4B": 20}, "B": {"5A": 20}})
    link = installation.link(group="4A")
    assert (link.expected, link.seats) == (25, 28)
    assert installation.codes(group="4A") == before


def test_a_staff_that_grew_gets_more_cards_and_the_old_ones_still_work(installation: Installation) -> None:
    before = installation.codes("staff")
    organisation = municipality(UNITS)
    section = organisation.school_forms["A", "grundskola"]
    more = replace(section, counts=replace(section.counts, staff=13))
    installation.organise(replace(organisation, school_forms=organisation.school_forms | {("A", "grundskola"): more}))
    issue_links(installation.database, installation.keys, ROUND)
    after = installation.codes("staff")
    assert len(after) == 13
    assert set(before) < set(after)
    for code in after:
        installation.answer(code)
    assert installation.receipts() == 13


def test_a_staff_that_shrank_keeps_its_printed_cards(installation: Installation) -> None:
    before = installation.codes("staff")
    organisation = municipality(UNITS)
    section = organisation.school_forms["A", "grundskola"]
    fewer = replace(section, counts=replace(section.counts, staff=6))
    installation.organise(replace(organisation, school_forms=organisation.school_forms | {("A", "grundskola"): fewer}))
    issue_links(installation.database, installation.keys, ROUND)
    assert installation.link("staff").expected == 6
    assert installation.codes("staff") == before


def test_more_cards_after_a_replacement_belong_to_the_new_version(installation: Installation) -> None:
    replace_link(installation.database, installation.keys, installation.link("staff").id)
    installation.apply(PUPILS, STAFF)
    with_spare = replace(STAFF, id="more", spare=0.5)
    installation.apply(PUPILS, STAFF, with_spare)
    replace_link(installation.database, installation.keys, installation.link("more").id)
    assert len(installation.codes("more")) == 15
    installation.open("more")
    for code in installation.codes("more"):
        installation.answer(code)


def test_a_class_that_is_gone_loses_its_link_and_its_code_is_unknown(installation: Installation) -> None:
    (code,) = installation.codes(group="4B")
    assert issue(installation, {"A": {"4A": 20}, "B": {"5A": 20}}) == 4
    with pytest.raises(UnknownCode):
        look_up(installation.database, installation.keys.lookup, code)


@pytest.mark.parametrize("counted", [False, True])
def test_a_class_that_is_gone_keeps_its_link_if_it_has_answered(installation: Installation, *, counted: bool) -> None:
    installation.put_many(installation.link(group="4B"), 12, safe="fully")
    if counted:
        installation.turn()
    assert issue(installation, {"A": {"4A": 20}, "B": {"5A": 20}}) == 5
    assert installation.link(group="4B").group == "4B"
    installation.assert_balanced()


def test_a_guess_at_a_code_opens_nothing(installation: Installation) -> None:
    real = set(installation.codes("staff"))
    elsewhere = replace(installation, keys=LinkKeys((NEWER,), (LOOKUP_KEY,)))
    assert real
    with pytest.raises(UnknownCode):
        look_up(elsewhere.database, [NEWER], real.pop())


def test_an_import_that_takes_a_unit_away_takes_its_planned_links_away_too(database: Database, tmp_path: Path) -> None:
    installation = an_installation(database, UNITS, replace(PUPILS, access=Access.UNIT), opened=False)
    file = tmp_path / "organisation.csv"
    file.write_text(
        "municipality_code,municipality,operator_code,operator,operator_kind,unit_code,unit_name,school_form,"
        "group_name,grade,pupils\n"
        "9901,Exempelby,2120009901,Exempelby kommun,municipal,A,Skola A,grundskola,4A,4,22\n"
    )
    import_organisation(database, file, installation.keys)
    (link,) = installation.links()
    assert (link.unit_code, link.expected) == ("A", 22)
