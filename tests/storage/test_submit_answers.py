"""A sent form is stored sealed and exactly once, or not at all with the reason why."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from survey_service.domain.access import (
    Access,
    Closed,
    NoSeatsLeft,
    NotYetOpen,
    Replaced,
    UnknownCode,
    Used,
)
from survey_service.domain.answer_fields import UnknownField, UnknownValue
from survey_service.services.enter_link import check_door, look_up
from survey_service.services.replace_link import replace_link
from survey_service.storage.database import Database
from survey_service.storage.links import change_link
from survey_service.storage.sealed_answers import count_receipts, receipt, sealed_answer, waiting, waiting_per_link
from tests.support.installation import PUPILS, STAFF, Installation, an_installation, municipality

MIDNIGHT = datetime(2026, 10, 30, 23, tzinfo=UTC)
"""The end of the collection's last day, in winter time."""


@pytest.fixture
def installation(database: Database) -> Installation:
    return an_installation(database, {"A": {"4A": 20, "4B": 4}})


def code_of(installation: Installation, group: str = "4A") -> str:
    (code,) = installation.codes(group=group)
    return code


def number_waiting(installation: Installation, group: str = "4A") -> int:
    link = installation.link(group=group)
    with installation.database.read() as connection:
        return waiting_per_link(connection).get((link.id, link.version), 0)


def test_an_answer_is_stored_with_a_receipt_and_nothing_that_ties_the_two(installation: Installation) -> None:
    token = installation.form_token(code_of(installation))
    installation.send(token, safe="fully")
    link = installation.link(group="4A")
    with installation.database.read() as connection:
        ((box_id, box),) = waiting(connection, link.id, 1)
        assert count_receipts(connection, link.id, 1) == 1
    assert box_id != token.submission_id
    assert b"fully" not in box
    assert set(receipt.c.keys()) == {"link_id", "version", "id"}
    assert set(sealed_answer.c.keys()) == {"link_id", "version", "id", "box"}


def test_an_empty_form_is_stored_as_any_other_and_is_as_long(installation: Installation) -> None:
    installation.answer(code_of(installation))
    installation.answer(code_of(installation), safe="not_at_all", noisy="never", gender="other")
    with installation.database.read() as connection:
        boxes = waiting(connection, installation.link(group="4A").id, 1)
    assert len({len(box) for _, box in boxes}) == 1


def test_the_same_form_sent_again_changes_nothing(installation: Installation) -> None:
    token = installation.form_token(code_of(installation))
    for _ in range(3):
        installation.send(token, safe="fully")
    installation.send(token, safe="not_at_all")
    assert (number_waiting(installation), installation.receipts()) == (1, 1)


def test_the_same_form_sent_by_ten_at_once_is_counted_once(installation: Installation) -> None:
    token = installation.form_token(code_of(installation))
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: installation.send(token, safe="fully"), range(10)))
    assert (number_waiting(installation), installation.receipts()) == (1, 1)


def test_no_more_answers_than_seats_are_taken_however_many_come_at_once(installation: Installation) -> None:
    seats = installation.link(group="4B").seats
    assert seats == 4 + 3
    tokens = [installation.form_token(code_of(installation, "4B")) for _ in range(40)]

    def sent(number: int) -> bool:
        try:
            installation.send(tokens[number], safe="fully")
        except NoSeatsLeft:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(sent, range(40))) == seats
    assert number_waiting(installation, "4B") == installation.receipts() == seats


def test_a_form_that_got_its_seat_may_be_sent_again_when_all_seats_are_taken(installation: Installation) -> None:
    token = installation.form_token(code_of(installation, "4B"))
    installation.send(token)
    installation.answer(code_of(installation, "4B"), times=6)
    installation.send(token)
    with pytest.raises(NoSeatsLeft):
        installation.answer(code_of(installation, "4B"))


def test_a_form_turned_away_for_want_of_a_seat_is_taken_when_there_are_more(installation: Installation) -> None:
    link = installation.link(group="4B")
    installation.answer(code_of(installation, "4B"), times=7)
    token = installation.form_token(code_of(installation, "4B"))
    with pytest.raises(NoSeatsLeft):
        installation.send(token)
    with installation.database.write() as connection:
        change_link(connection, link.id, seats=8)
    installation.send(token)
    assert number_waiting(installation, "4B") == 8


def test_a_unit_link_has_no_end_of_seats(database: Database) -> None:
    installation = an_installation(database, {"A": {"4A": 2}}, replace(PUPILS, access=Access.UNIT))
    installation.answer(installation.codes()[0], times=12)
    assert installation.link().seats is None
    assert installation.receipts() == 12


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [({"sheo": "fully"}, UnknownField), ({"safe": "always"}, UnknownValue), ({"noisy": "dont_know"}, UnknownValue)],
)
def test_what_the_form_does_not_have_is_refused_and_nothing_is_stored(
    installation: Installation, answers: dict[str, str], refusal: type[Exception]
) -> None:
    token = installation.form_token(code_of(installation))
    with pytest.raises(refusal):
        installation.send(token, **answers)
    assert installation.receipts() == number_waiting(installation) == 0
    installation.send(token, safe="fully")
    assert installation.receipts() == 1


def test_before_it_opens_a_form_can_neither_be_had_nor_sent(database: Database) -> None:
    installation = an_installation(database, {"A": {"4A": 20}}, opened=False)
    with pytest.raises(NotYetOpen):
        installation.form_token(code_of(installation))


def test_in_the_grace_an_open_form_can_be_sent_and_no_new_one_had(installation: Installation) -> None:
    early, late = (installation.form_token(code_of(installation)) for _ in range(2))
    installation.clock.now = MIDNIGHT + timedelta(minutes=14, seconds=59)
    installation.send(early)
    with pytest.raises(Closed):
        installation.form_token(code_of(installation))
    installation.clock.forward(seconds=1)
    with pytest.raises(Closed):
        installation.send(late)
    assert installation.receipts() == number_waiting(installation) == 1


def test_a_form_that_was_taken_is_thanked_for_again_even_after_closing(installation: Installation) -> None:
    token = installation.form_token(code_of(installation))
    installation.send(token)
    installation.close()
    installation.turn()
    installation.send(token)
    assert installation.receipts() == 1


def test_a_form_opened_days_ago_can_still_be_sent(installation: Installation) -> None:
    token = installation.form_token(code_of(installation))
    installation.clock.forward(days=20)
    installation.send(token)
    assert installation.receipts() == 1


def test_closing_by_hand_leaves_no_grace(installation: Installation) -> None:
    token = installation.form_token(code_of(installation))
    installation.close()
    with pytest.raises(Closed):
        installation.send(token)
    assert installation.receipts() == 0


def test_after_the_final_count_a_link_takes_nothing_even_if_the_clock_is_behind(installation: Installation) -> None:
    token = installation.form_token(code_of(installation))
    with installation.database.write() as connection:
        change_link(connection, installation.link(group="4A").id, final=True)
    with pytest.raises(Closed):
        installation.send(token)


def test_a_form_of_a_replaced_link_is_refused_and_one_already_taken_is_thanked_for(installation: Installation) -> None:
    taken, open_still = (installation.form_token(code_of(installation)) for _ in range(2))
    old = code_of(installation)
    installation.send(taken)
    replace_link(installation.database, installation.keys, installation.link(group="4A").id)
    installation.send(taken)
    with pytest.raises(Replaced):
        installation.send(open_still)
    with pytest.raises(Replaced):
        check_door(look_up(installation.database, installation.keys.lookup, old), installation.clock.now)
    installation.answer(code_of(installation), safe="fully")
    assert installation.receipts() == 2


def test_a_replaced_link_has_all_its_seats_again(installation: Installation) -> None:
    installation.answer(code_of(installation, "4B"), times=7)
    replace_link(installation.database, installation.keys, installation.link(group="4B").id)
    installation.answer(code_of(installation, "4B"), times=7)
    assert installation.receipts() == 14


def test_a_link_that_was_taken_away_under_an_open_form_says_so(database: Database) -> None:
    installation = an_installation(database, {"A": {"4A": 20, "4B": 20}})
    token = installation.form_token(code_of(installation))
    entrance = look_up(database, installation.keys.lookup, code_of(installation))
    installation.organise(municipality({"A": {"4B": 20}}))
    installation.apply(PUPILS)
    with pytest.raises(Replaced):
        installation.send(token, through=entrance)
    assert installation.receipts() == 0


def test_a_single_use_code_is_used_once(database: Database) -> None:
    installation = an_installation(database, {"A": {"4A": 20}}, STAFF)
    first, second, *_ = installation.codes("staff")
    token = installation.form_token(first)
    installation.send(token, safe="fully")
    with pytest.raises(Used):
        installation.form_token(first)
    installation.send(token, safe="mostly")
    installation.answer(second)
    assert installation.receipts() == 2


def test_two_forms_of_one_single_use_code_count_once(database: Database) -> None:
    installation = an_installation(database, {"A": {"4A": 20}}, STAFF)
    code = installation.codes("staff")[0]
    tokens = [installation.form_token(code) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(installation.send, tokens))
    assert installation.receipts() == 1


def test_a_code_that_no_link_has_is_unknown(installation: Installation) -> None:
    with pytest.raises(UnknownCode):
        look_up(installation.database, installation.keys.lookup, "0" * 12)


def test_with_another_lookup_key_the_database_knows_no_code(installation: Installation) -> None:
    with pytest.raises(UnknownCode):
        look_up(installation.database, [b"another key of thirty-two bytes!"], code_of(installation))
