"""Rounds open by hand or on their day, close by hand or by the clock, and never half."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from survey_service.domain.access import Access, Closed
from survey_service.domain.survey_round import State
from survey_service.services.close_round import NotOpen
from survey_service.services.confirm_recovery import (
    RecoveryUnconfirmed,
    WrongCheckWord,
    confirm_recovery,
    is_confirmed,
)
from survey_service.services.find import UnknownCollection, UnknownRound, existing_round
from survey_service.services.open_round import NothingToAnswer, WindowPassed, open_round
from survey_service.storage.database import Database
from survey_service.storage.forms import find_form
from survey_service.storage.installation import WORKER_SEEN, fact
from tests.support.installation import COUNTING_KEY, PUPILS, ROUND, STAFF, Installation, an_installation

UNITS = {"A": {"4A": 20}, "B": {"4A": 20}}
FIRST_MIDNIGHT = datetime(2026, 9, 13, 22, tzinfo=UTC)
LAST_MIDNIGHT = datetime(2026, 10, 30, 23, tzinfo=UTC)


@pytest.fixture
def planned(database: Database) -> Installation:
    return an_installation(database, UNITS, PUPILS, STAFF, opened=False)


@pytest.fixture
def opened_round(planned: Installation) -> Installation:
    planned.confirm()
    planned.open()
    return planned


def states(installation: Installation) -> dict[str, State]:
    with installation.database.read() as connection:
        survey_round = existing_round(connection, ROUND)
    return {item.id: item.state(installation.clock.now) for item in survey_round.collections}


def frozen(installation: Installation) -> bool:
    with installation.database.read() as connection:
        form = find_form(connection, "small", 1)
    assert form is not None
    return form.frozen


def test_nothing_opens_before_the_recovery_sheet_is_in_safe_keeping(planned: Installation) -> None:
    with pytest.raises(RecoveryUnconfirmed, match="init --confirm"):
        planned.open()
    assert set(states(planned).values()) == {State.PLANNED}
    planned.confirm()
    assert planned.open() == ["pupils", "staff"]


@pytest.mark.parametrize("word", ["", "0000-0000-0000-0000", "x", "²" * 16, "٣" * 16])
def test_a_wrong_check_word_confirms_nothing(planned: Installation, word: str) -> None:
    with pytest.raises(WrongCheckWord):
        confirm_recovery(planned.database, COUNTING_KEY, word)
    assert not is_confirmed(planned.database, COUNTING_KEY)


def test_the_sheet_of_one_key_confirms_no_other(planned: Installation) -> None:
    planned.confirm()
    assert is_confirmed(planned.database, COUNTING_KEY)
    assert not is_confirmed(planned.database, b"another key of thirty-two bytes!")


def test_opening_freezes_the_form(planned: Installation) -> None:
    assert not frozen(planned)
    planned.confirm()
    planned.open("pupils")
    assert frozen(planned)
    assert states(planned) == {"pupils": State.OPEN, "staff": State.PLANNED}


def test_opening_again_opens_nothing(opened_round: Installation) -> None:
    assert opened_round.open() == []


def test_a_round_may_be_opened_before_its_first_day(planned: Installation) -> None:
    planned.clock.now = FIRST_MIDNIGHT - timedelta(days=9)
    planned.confirm()
    planned.open()
    planned.answer(planned.codes(group="4A")[0])
    assert planned.receipts() == 1


def test_a_round_whose_last_day_has_passed_is_not_opened_by_mistake(planned: Installation) -> None:
    planned.confirm()
    planned.clock.now = LAST_MIDNIGHT
    with pytest.raises(WindowPassed, match="later `closes`"):
        planned.open()
    assert states(planned) == {"pupils": State.PLANNED, "staff": State.PLANNED}


def test_a_collection_that_asks_nobody_is_not_opened_and_nothing_else_with_it(database: Database) -> None:
    nobody = replace(PUPILS, id="nobody", school_form="forskola")
    installation = an_installation(database, UNITS, PUPILS, nobody, opened=False)
    installation.confirm()
    with pytest.raises(NothingToAnswer, match="nobody"):
        installation.open()
    assert set(states(installation).values()) == {State.PLANNED}
    assert not frozen(installation)
    assert installation.open("pupils") == ["pupils"]


def test_what_does_not_exist_is_named_with_what_does(opened_round: Installation) -> None:
    with pytest.raises(UnknownRound, match=f"there are: {ROUND}"):
        open_round(opened_round.database, "vt-2099", opened_round.clock.now)
    with pytest.raises(UnknownCollection, match="it has: pupils, staff"):
        opened_round.open("heads")
    with pytest.raises(UnknownCollection):
        opened_round.close("heads")


def test_the_worker_opens_a_round_on_its_first_day(planned: Installation) -> None:
    planned.confirm()
    planned.clock.now = FIRST_MIDNIGHT - timedelta(seconds=1)
    assert planned.turn().opened == ()
    planned.clock.forward(seconds=1)
    assert planned.turn().opened == ("pupils", "staff")
    assert frozen(planned)
    assert planned.turn().opened == ()


def test_the_worker_opens_nothing_whose_last_day_has_passed(planned: Installation) -> None:
    planned.confirm()
    planned.clock.now = LAST_MIDNIGHT
    assert planned.turn().opened == ()


def test_the_worker_opens_nothing_unconfirmed_but_does_all_else_before_it_says_so(planned: Installation) -> None:
    planned.clock.now = FIRST_MIDNIGHT
    assert "recovery sheet is not confirmed" in planned.turn().failed[0]
    assert set(states(planned).values()) == {State.PLANNED}
    with planned.database.read() as connection:
        assert fact(connection, WORKER_SEEN) is not None


def test_a_collection_that_asks_nobody_keeps_no_other_from_opening_on_its_day(database: Database) -> None:
    nobody = replace(PUPILS, id="nobody", school_form="forskola")
    installation = an_installation(database, UNITS, nobody, PUPILS, opened=False)
    installation.confirm()
    assert installation.turn().opened == ("pupils",)
    assert states(installation)["nobody"] is State.PLANNED


def test_closing_by_hand_ends_at_once_and_the_worker_does_the_rest(opened_round: Installation) -> None:
    opened_round.answer(opened_round.codes(group="4A")[0], times=7, safe="fully")
    token = opened_round.form_token(opened_round.codes(group="4A")[0])
    assert opened_round.close("pupils") == ["pupils"]
    with pytest.raises(Closed):
        opened_round.send(token)
    assert states(opened_round) == {"pupils": State.CLOSED, "staff": State.OPEN}
    turn = opened_round.turn()
    assert (turn.counted, turn.compiled) == (7, ("pupils",))
    assert states(opened_round)["pupils"] is State.COMPILED
    opened_round.assert_balanced()


def test_closing_what_is_not_open_is_refused(planned: Installation) -> None:
    with pytest.raises(NotOpen, match=f"nothing is open in round {ROUND}"):
        planned.close()
    planned.confirm()
    planned.open("pupils")
    planned.close()
    with pytest.raises(NotOpen, match="collection pupils"):
        planned.close("pupils")
    assert states(planned)["staff"] is State.PLANNED


def test_what_was_closed_by_hand_does_not_open_again(opened_round: Installation) -> None:
    opened_round.close()
    assert opened_round.open() == []
    assert opened_round.turn().opened == ()


def test_closing_in_the_grace_ends_the_grace(opened_round: Installation) -> None:
    token = opened_round.form_token(opened_round.codes(group="4A")[0])
    opened_round.clock.now = LAST_MIDNIGHT + timedelta(minutes=5)
    opened_round.close()
    with pytest.raises(Closed):
        opened_round.send(token)


def test_a_round_closes_by_the_clock_even_if_no_worker_runs(opened_round: Installation) -> None:
    token = opened_round.form_token(opened_round.codes(group="4A")[0])
    opened_round.clock.now = LAST_MIDNIGHT + timedelta(minutes=15)
    assert set(states(opened_round).values()) == {State.CLOSED}
    with pytest.raises(Closed):
        opened_round.send(token)
    with pytest.raises(NotOpen):
        opened_round.close()


def test_in_the_grace_the_worker_counts_nothing_finally(opened_round: Installation) -> None:
    opened_round.answer(opened_round.codes(group="4A")[0], times=7)
    opened_round.clock.now = LAST_MIDNIGHT + timedelta(minutes=14)
    turn = opened_round.turn()
    assert (turn.counted, turn.compiled) == (0, ())
    opened_round.clock.forward(minutes=1)
    turn = opened_round.turn()
    assert (turn.counted, turn.compiled) == (7, ("pupils", "staff"))


def test_a_unit_may_have_a_longer_window(database: Database) -> None:
    late = replace(PUPILS, closes_by_unit={"B": date(2026, 11, 6)})
    installation = an_installation(database, UNITS, late)
    installation.clock.now = LAST_MIDNIGHT + timedelta(hours=1)
    with pytest.raises(Closed):
        installation.answer(installation.codes(group="4A", unit_code="A")[0])
    installation.answer(installation.codes(group="4A", unit_code="B")[0])
    assert states(installation) == {"pupils": State.OPEN}
    assert installation.turn().compiled == ()
    installation.answer(installation.codes(group="4A", unit_code="B")[0])
    installation.close()
    assert installation.turn().compiled == ("pupils",)


def test_the_whole_way_with_single_use_codes(database: Database) -> None:
    installation = an_installation(database, UNITS, replace(STAFF, access=Access.SINGLE_USE, spare=0.2))
    codes = installation.codes("staff")
    assert len(codes) == 12
    for code in codes[:8]:
        installation.answer(code, noisy="seldom")
    installation.clock.now = LAST_MIDNIGHT + timedelta(minutes=15)
    turn = installation.turn()
    assert (turn.counted, turn.compiled) == (8, ("staff",))
    installation.assert_balanced()
