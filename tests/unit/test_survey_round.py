"""A collection opens by an act, closes by the clock, and each unit may have its own last day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from survey_service.domain.access import Access
from survey_service.domain.survey_round import GRACE, Collection, Round, State

OPENED = datetime(2026, 9, 14, 6, tzinfo=UTC)
PLANNED = Collection(
    id="pupils",
    school_form="grundskola",
    audience="pupil",
    form="small",
    form_version=1,
    access=Access.GROUP,
    opens=date(2026, 9, 14),
    closes=date(2026, 10, 16),
    closes_by_unit={"late": date(2026, 10, 23), "early": date(2026, 10, 9)},
)
OPEN = replace(PLANNED, opened_at=OPENED)

# Local midnight after the last day, in summer time.
MIDNIGHT = datetime(2026, 10, 16, 22, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


def test_a_collection_that_nobody_opened_is_planned_whatever_the_date() -> None:
    assert PLANNED.state(OPENED) is State.PLANNED
    assert PLANNED.state(MIDNIGHT + timedelta(days=90)) is State.PLANNED


def test_a_collection_opened_before_its_first_day_is_open() -> None:
    assert replace(PLANNED, opened_at=OPENED - timedelta(days=9)).state(OPENED - timedelta(days=8)) is State.OPEN


@pytest.mark.parametrize(
    ("after_midnight", "state"),
    [
        (-A_SECOND, State.OPEN),
        (timedelta(0), State.CLOSING),
        (GRACE - A_SECOND, State.CLOSING),
        (GRACE, State.CLOSED),
        (timedelta(days=365), State.CLOSED),
    ],
)
def test_a_unit_closes_at_local_midnight_after_its_last_day_with_a_grace(
    after_midnight: timedelta, state: State
) -> None:
    assert OPEN.state(MIDNIGHT + after_midnight, "any") is state
    assert OPEN.state(MIDNIGHT + timedelta(days=7) + after_midnight, "late") is state
    assert OPEN.state(MIDNIGHT - timedelta(days=7) + after_midnight, "early") is state


def test_the_grace_is_fifteen_minutes() -> None:
    assert timedelta(minutes=15) == GRACE


def test_a_collection_as_a_whole_is_open_as_long_as_any_unit_is() -> None:
    assert OPEN.state(MIDNIGHT + timedelta(hours=1)) is State.OPEN
    assert OPEN.state(MIDNIGHT + timedelta(days=7)) is State.CLOSING
    assert OPEN.state(MIDNIGHT + timedelta(days=7) + GRACE) is State.CLOSED


def test_a_unit_that_closes_early_does_not_close_the_others() -> None:
    moment = MIDNIGHT - timedelta(days=1)
    assert (OPEN.state(moment, "early"), OPEN.state(moment, "any")) == (State.CLOSED, State.OPEN)


def test_closing_by_hand_ends_everything_at_once_without_grace() -> None:
    closed = replace(OPEN, closed_at=OPENED + timedelta(days=2))
    assert {closed.state(OPENED + timedelta(days=2), unit) for unit in ("late", "early", "any", None)} == {State.CLOSED}


def test_compiled_is_the_end() -> None:
    compiled = replace(OPEN, closed_at=OPENED, compiled_at=OPENED)
    assert compiled.state(OPENED) is compiled.state(MIDNIGHT, "late") is State.COMPILED


def test_windows_are_local_days_in_summer_and_in_winter() -> None:
    # Clocks go back on the night before 25 October 2026 and forward on the night before 28 March 2027.
    ends = {
        date(2026, 10, 24): datetime(2026, 10, 24, 22, tzinfo=UTC),
        date(2026, 10, 25): datetime(2026, 10, 25, 23, tzinfo=UTC),
        date(2027, 3, 27): datetime(2027, 3, 27, 23, tzinfo=UTC),
        date(2027, 3, 28): datetime(2027, 3, 28, 22, tzinfo=UTC),
    }
    for last_day, end in ends.items():
        collection = replace(OPEN, closes=last_day, closes_by_unit={})
        assert collection.closes_at() == collection.last_closes_at() == end
        assert collection.state(end - A_SECOND) is State.OPEN
        assert collection.state(end + GRACE) is State.CLOSED


def test_the_first_day_begins_at_local_midnight() -> None:
    assert PLANNED.opens_at() == datetime(2026, 9, 13, 22, tzinfo=UTC)
    assert replace(PLANNED, opens=date(2027, 1, 7)).opens_at() == datetime(2027, 1, 6, 23, tzinfo=UTC)


def test_receipts_may_go_an_hour_after_the_units_grace() -> None:
    assert OPEN.forgets_receipts_at("any") == MIDNIGHT + GRACE + timedelta(hours=1)
    assert OPEN.forgets_receipts_at("late") == MIDNIGHT + timedelta(days=7) + GRACE + timedelta(hours=1)


def test_receipts_may_go_an_hour_after_closing_by_hand() -> None:
    by_hand = OPENED + timedelta(days=2)
    assert replace(OPEN, closed_at=by_hand).forgets_receipts_at("late") == by_hand + timedelta(hours=1)


def test_closing_by_hand_after_the_clock_did_keeps_no_receipt_longer() -> None:
    late = replace(OPEN, closed_at=MIDNIGHT + timedelta(days=3))
    assert late.forgets_receipts_at("any") == OPEN.forgets_receipts_at("any")


def test_a_unit_may_hand_out_its_links_in_its_own_way() -> None:
    collection = replace(PLANNED, access_by_unit={"late": Access.SINGLE_USE})
    assert collection.access_for("late") is Access.SINGLE_USE
    assert collection.access_for("any") is Access.GROUP


def test_a_round_knows_its_collections_by_id() -> None:
    survey_round = Round("ht", {"sv": "Höst"}, "2026/27", "UN 1", "key", (PLANNED,))
    assert survey_round.collection("pupils") is PLANNED
    with pytest.raises(KeyError):
        survey_round.collection("staff")
