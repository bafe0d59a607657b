"""A round becomes what its file says, and once it has opened only its windows may still grow."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from survey_service.domain.access import Access, Closed, UnknownCode
from survey_service.domain.form import Form
from survey_service.domain.survey_round import Round
from survey_service.services.apply_round import RoundRefused
from survey_service.services.enter_link import look_up
from survey_service.services.find import NoOrganisation, existing_round
from survey_service.services.issue_links import LinkKeyMissing, LinkKeys
from survey_service.storage.database import Database
from survey_service.storage.links import link_code
from tests.support.installation import PUPILS, ROUND, STAFF, Installation, an_installation, municipality
from tests.support.small_form import SMALL_FORM

UNITS = {"A": {"4A": 20, "4B": 20}, "B": {"5A": 20}}
A_LATER_DAY = date(2026, 11, 13)
LAST_MIDNIGHT = datetime(2026, 10, 30, 23, tzinfo=UTC)


@pytest.fixture
def planned(database: Database) -> Installation:
    return an_installation(database, UNITS, opened=False)


@pytest.fixture
def opened_round(database: Database) -> Installation:
    return an_installation(database, UNITS)


def stored(installation: Installation) -> Round:
    with installation.database.read() as connection:
        return existing_round(connection, ROUND)


def other_form(**changes: object) -> dict[str, Form]:
    return {"small": replace(SMALL_FORM, **changes)}  # type: ignore[arg-type]


def test_a_round_is_stored_as_it_was_described(planned: Installation) -> None:
    full = replace(
        PUPILS,
        grades=(4, 5),
        languages=("sv", "en"),
        per="group",
        spare=0.1,
        seats=30,
        access_by_unit={"B": Access.UNIT},
        closes_by_unit={"A": A_LATER_DAY},
    )
    planned.apply(full, STAFF, thresholds={"public": {"minimum_answers": 12}})
    assert stored(planned) == planned.plan(full, STAFF, thresholds={"public": {"minimum_answers": 12}})


def test_without_an_organisation_there_is_no_round(database: Database) -> None:
    with pytest.raises(NoOrganisation, match="organisation import"):
        Installation(database).apply(PUPILS)


@pytest.mark.parametrize("opened", [False, True])
def test_the_same_file_again_changes_nothing(database: Database, *, opened: bool) -> None:
    installation = an_installation(database, UNITS, PUPILS, STAFF, opened=opened)
    before = (stored(installation), installation.links(), installation.rows(link_code))
    assert installation.apply(PUPILS, STAFF) == len(installation.links()) == 5
    assert (stored(installation), installation.links(), installation.rows(link_code)) == before


def test_units_that_do_not_exist_are_named(planned: Installation) -> None:
    strange = replace(PUPILS, access_by_unit={"X": Access.UNIT}, closes_by_unit={"Y": A_LATER_DAY})
    with pytest.raises(RoundRefused) as refusal:
        planned.apply(strange)
    assert str(refusal.value).splitlines() == ["no unit has the code X", "no unit has the code Y"]
    assert stored(planned) == planned.plan(PUPILS)


def test_while_planned_anything_may_change(planned: Installation) -> None:
    changed = replace(PUPILS, grades=(4,), closes=date(2026, 10, 2), seats=9)
    assert planned.apply(changed) == 2
    assert stored(planned).collections == (changed,)
    assert {link.seats for link in planned.links()} == {9}


def test_while_planned_a_collection_may_be_taken_away_and_another_come(planned: Installation) -> None:
    code = planned.codes(group="4A")[0]
    assert planned.apply(STAFF) == 2
    assert [item.id for item in stored(planned).collections] == ["staff"]
    with pytest.raises(UnknownCode):
        look_up(planned.database, planned.keys.lookup, code)


def test_while_planned_another_way_of_access_means_other_links(database: Database) -> None:
    installation = an_installation(database, UNITS, replace(STAFF, access=Access.UNIT), opened=False)
    (old,) = installation.codes("staff")
    installation.apply(STAFF)
    assert installation.link("staff").access is Access.SINGLE_USE
    assert len(installation.codes("staff")) == 10
    with pytest.raises(UnknownCode):
        look_up(database, installation.keys.lookup, old)
    installation.apply(replace(STAFF, access=Access.UNIT))
    assert len(installation.codes("staff")) == 1
    assert installation.rows(link_code) == 2


def test_while_planned_collections_may_change_places(planned: Installation) -> None:
    planned.apply(PUPILS, STAFF)
    planned.apply(STAFF, PUPILS)
    assert [item.id for item in stored(planned).collections] == ["staff", "pupils"]


def test_once_open_a_window_may_grow_for_all_or_for_a_unit(opened_round: Installation) -> None:
    longer = replace(PUPILS, closes=A_LATER_DAY, closes_by_unit={"B": date(2026, 11, 20)})
    opened_round.apply(longer)
    assert stored(opened_round).collections[0].closes_by_unit == {"B": date(2026, 11, 20)}
    opened_round.clock.now = LAST_MIDNIGHT + timedelta(days=1)
    opened_round.answer(opened_round.codes(group="4A")[0])
    opened_round.clock.now = LAST_MIDNIGHT + timedelta(days=15)
    opened_round.answer(opened_round.codes(group="5A", unit_code="B")[0])
    with pytest.raises(Closed):
        opened_round.answer(opened_round.codes(group="4A")[0])


def test_once_open_a_round_stays_open_when_it_is_applied(opened_round: Installation) -> None:
    opened_at = stored(opened_round).collections[0].opened_at
    opened_round.apply(replace(PUPILS, closes=A_LATER_DAY))
    assert stored(opened_round).collections[0].opened_at == opened_at is not None


@pytest.mark.parametrize(
    "shorter",
    [
        replace(PUPILS, closes=date(2026, 10, 29)),
        replace(PUPILS, closes_by_unit={"A": date(2026, 10, 29)}),
    ],
)
def test_once_open_no_window_may_shrink(opened_round: Installation, shorter: object) -> None:
    with pytest.raises(RoundRefused, match=r"can only be made longer.*round close"):
        opened_round.apply(shorter)  # type: ignore[arg-type]
    assert stored(opened_round).collections[0].closes == PUPILS.closes


def test_once_open_a_units_longer_window_may_not_be_taken_back(opened_round: Installation) -> None:
    opened_round.apply(replace(PUPILS, closes_by_unit={"A": A_LATER_DAY}))
    with pytest.raises(RoundRefused, match="longer"):
        opened_round.apply(PUPILS)


@pytest.mark.parametrize(
    "changes",
    [
        {"access": Access.UNIT},
        {"audience": "guardian"},
        {"grades": (4,)},
        {"opens": date(2026, 9, 1)},
        {"languages": ("en",)},
        {"seats": 40},
        {"access_by_unit": {"A": Access.UNIT}},
        {"form_version": 2},
    ],
)
def test_once_open_nothing_else_may_change(opened_round: Installation, changes: dict[str, object]) -> None:
    before = opened_round.links()
    with pytest.raises(RoundRefused, match="only `closes` and `closes_by_unit` can still be changed"):
        opened_round.apply(replace(PUPILS, **changes))  # type: ignore[arg-type]
    assert opened_round.links() == before


def test_once_open_a_collection_cannot_be_taken_away_but_others_may_come(opened_round: Installation) -> None:
    with pytest.raises(RoundRefused, match="collection pupils has opened and cannot be taken away"):
        opened_round.apply(STAFF)
    assert opened_round.apply(PUPILS, STAFF) == 5


def test_every_reason_is_told_at_once(opened_round: Installation) -> None:
    opened_round.apply(PUPILS, STAFF)
    opened_round.open()
    with pytest.raises(RoundRefused) as refusal:
        opened_round.apply(replace(PUPILS, closes=date(2026, 10, 1)), replace(STAFF, spare=0.5))
    assert len(str(refusal.value).splitlines()) == 2


def test_in_the_grace_a_window_may_still_grow(opened_round: Installation) -> None:
    opened_round.clock.now = LAST_MIDNIGHT + timedelta(minutes=14)
    opened_round.apply(replace(PUPILS, closes=A_LATER_DAY))
    opened_round.answer(opened_round.codes(group="4A")[0])


@pytest.mark.parametrize("by_hand", [False, True])
def test_once_closed_a_window_cannot_grow(opened_round: Installation, *, by_hand: bool) -> None:
    if by_hand:
        opened_round.close()
    else:
        opened_round.clock.now = LAST_MIDNIGHT + timedelta(minutes=15)
    with pytest.raises(RoundRefused, match="has closed"):
        opened_round.apply(replace(PUPILS, closes=A_LATER_DAY))
    opened_round.apply(PUPILS)


def test_a_unit_that_has_closed_cannot_get_a_longer_window_though_another_is_open(database: Database) -> None:
    # Its answers may have been counted to the end.
    late = replace(PUPILS, closes_by_unit={"B": A_LATER_DAY})
    installation = an_installation(database, UNITS, late)
    installation.clock.now = LAST_MIDNIGHT + timedelta(hours=1)
    installation.turn()
    with pytest.raises(RoundRefused, match="has closed for unit A"):
        installation.apply(replace(PUPILS, closes_by_unit={"A": A_LATER_DAY, "B": A_LATER_DAY}))
    with pytest.raises(RoundRefused, match="has closed"):
        installation.apply(replace(late, closes=A_LATER_DAY))
    installation.apply(replace(PUPILS, closes_by_unit={"B": date(2026, 11, 20)}))
    installation.answer(installation.codes(group="5A", unit_code="B")[0])


def test_while_planned_the_form_may_change(planned: Installation) -> None:
    changed = replace(planned, forms=other_form(title="Annat"))
    changed.apply(PUPILS)
    planned.confirm()
    planned.open()
    assert planned.counting_room.forms.get("small", 1).form.title == "Annat"


def test_a_frozen_form_that_has_changed_is_refused_with_what_to_do(opened_round: Installation) -> None:
    changed = replace(opened_round, forms=other_form(title="Annat"))
    with pytest.raises(RoundRefused) as refusal:
        changed.apply(PUPILS, STAFF)
    assert "form small version 1 is frozen" in str(refusal.value)
    assert "undo the change or call it version 2" in str(refusal.value)
    assert [item.id for item in stored(opened_round).collections] == ["pupils"]


def test_a_newer_version_of_a_frozen_form_is_another_form(opened_round: Installation) -> None:
    newer = replace(opened_round, forms=other_form(title="Annat", version=2))
    newer.apply(PUPILS, replace(STAFF, form_version=2))
    forms = opened_round.counting_room.forms
    assert [forms.get("small", version).form.title for version in (1, 2)] == ["Så är det", "Annat"]


def test_an_open_round_is_not_kept_from_growing_by_a_form_that_has_changed_since(opened_round: Installation) -> None:
    changed = replace(opened_round, forms=other_form(title="Annat"))
    changed.apply(replace(PUPILS, closes=A_LATER_DAY))
    assert opened_round.counting_room.forms.get("small", 1).form.title == "Så är det"


def test_new_classes_of_an_open_round_get_links(opened_round: Installation) -> None:
    before = opened_round.codes(group="4A")
    opened_round.organise(municipality({"A": {"4A": 20, "4B": 20, "4C": 20}, "B": {"5A": 20}}))
    opened_round.apply(PUPILS)
    opened_round.answer(opened_round.codes(group="4C")[0])
    assert opened_round.codes(group="4A") == before


def test_a_round_keeps_the_link_key_that_its_codes_were_made_with(planned: Installation) -> None:
    before = planned.codes(group="4A")
    newer = replace(planned, keys=LinkKeys((b"n" * 32, *planned.keys.link), planned.keys.lookup))
    newer.apply(PUPILS, STAFF)
    assert newer.codes(group="4A") == before
    assert stored(planned).link_key == planned.plan().link_key


def test_without_the_rounds_link_key_no_new_link_is_made_and_nothing_changes(planned: Installation) -> None:
    lost = replace(planned, keys=LinkKeys((b"n" * 32,), planned.keys.lookup))
    with pytest.raises(LinkKeyMissing, match="put it back"):
        lost.apply(PUPILS, STAFF)
    assert [item.id for item in stored(planned).collections] == ["pupils"]
