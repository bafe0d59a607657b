"""Receipts go when no repeated sending can come any more, and what they counted is kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from survey_service.domain.access import Closed
from survey_service.services.forget_receipts import forget_receipts
from survey_service.services.replace_link import replace_link
from survey_service.services.scrub import scrub
from survey_service.storage.database import Database
from survey_service.storage.links import change_link
from survey_service.storage.sealed_answers import receipt, receipts_per_link
from tests.support.installation import PUPILS, Installation, an_installation

END_OF_GRACE = datetime(2026, 10, 30, 23, 15, tzinfo=UTC)


@pytest.fixture
def installation(database: Database) -> Installation:
    installation = an_installation(database, {"A": {"4A": 20}, "B": {"4A": 20}})
    for unit_code, number in (("A", 8), ("B", 6)):
        installation.put_many(installation.link(group="4A", unit_code=unit_code), number, safe="fully")
    return installation


def at(installation: Installation, moment: datetime) -> int:
    installation.clock.now = moment
    installation.turn()
    return installation.receipts()


def test_receipts_are_kept_for_an_hour_after_the_grace(installation: Installation) -> None:
    assert at(installation, END_OF_GRACE) == 14
    assert at(installation, END_OF_GRACE + timedelta(minutes=59)) == 14
    assert at(installation, END_OF_GRACE + timedelta(hours=1)) == 0


def test_how_many_they_were_is_kept_and_the_equation_still_holds(installation: Installation) -> None:
    at(installation, END_OF_GRACE + timedelta(hours=1))
    at(installation, END_OF_GRACE + timedelta(hours=1))
    assert [installation.tally(link).received for link in installation.links()] == [8, 6]
    installation.assert_balanced()
    assert at(installation, END_OF_GRACE + timedelta(days=30)) == 0
    assert [installation.tally(link).received for link in installation.links()] == [8, 6]


def test_receipts_of_a_link_that_was_not_counted_to_the_end_are_kept_however_late(installation: Installation) -> None:
    assert forget_receipts(installation.database, END_OF_GRACE + timedelta(days=9)) == 0
    assert installation.receipts() == 14


def test_after_closing_by_hand_they_go_an_hour_later(installation: Installation) -> None:
    installation.close()
    closed_at = installation.clock.now
    assert at(installation, closed_at + timedelta(minutes=59)) == 14
    assert at(installation, closed_at + timedelta(hours=1)) == 0


def test_each_unit_has_its_own_hour(database: Database) -> None:
    late = replace(PUPILS, closes_by_unit={"B": date(2026, 11, 6)})
    installation = an_installation(database, {"A": {"4A": 20}, "B": {"4A": 20}}, late)
    for unit_code, number in (("A", 8), ("B", 6)):
        installation.put_many(installation.link(group="4A", unit_code=unit_code), number)
    at(installation, END_OF_GRACE)
    assert at(installation, END_OF_GRACE + timedelta(hours=1)) == 6
    installation.assert_balanced()
    assert at(installation, END_OF_GRACE + timedelta(days=7)) == 6
    assert at(installation, END_OF_GRACE + timedelta(days=7, hours=1)) == 0
    installation.assert_balanced()


def test_receipts_of_a_replaced_version_go_too(installation: Installation) -> None:
    link = installation.link(group="4A")
    replace_link(installation.database, installation.keys, link.id)
    installation.put_many(installation.link(group="4A"), 3)
    at(installation, END_OF_GRACE)
    assert at(installation, END_OF_GRACE + timedelta(hours=1)) == 0
    assert [installation.tally(link, version).received for version in (1, 2)] == [8, 3]
    installation.assert_balanced()


def test_a_form_sent_again_after_that_is_told_that_the_link_has_closed(installation: Installation) -> None:
    token = installation.form_token(installation.codes(group="4A")[0])
    installation.send(token)
    at(installation, END_OF_GRACE + timedelta(hours=1))
    with pytest.raises(Closed):
        installation.send(token)
    assert installation.receipts() == 0
    installation.assert_balanced()


def test_scrubbing_keeps_every_receipt_and_every_answer(installation: Installation) -> None:
    with installation.database.read() as connection:
        before = set(connection.execute(receipt.select()).all()), receipts_per_link(connection)
    scrub(installation.database)
    with installation.database.read() as connection:
        assert (set(connection.execute(receipt.select()).all()), receipts_per_link(connection)) == before
    installation.assert_balanced()


def test_scrubbing_while_answers_come_in_loses_none_of_them(installation: Installation) -> None:
    link = installation.link(group="4A")
    with installation.database.write() as connection:
        change_link(connection, link.id, seats=None)
    tokens = [installation.form_token(installation.codes(group="4A")[0]) for _ in range(30)]
    with ThreadPoolExecutor(4) as pool:
        scrubbed = [pool.submit(scrub, installation.database) for _ in range(3)]
        list(pool.map(installation.send, tokens))
        for item in scrubbed:
            item.result()
    assert installation.receipts() == 8 + 6 + 30
    installation.assert_balanced()
    for token in tokens:
        installation.send(token)
    assert installation.receipts() == 8 + 6 + 30
