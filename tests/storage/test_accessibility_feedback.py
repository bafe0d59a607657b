"""Feedback on accessibility, on both databases: kept once, with its day and nothing else, until it is removed."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import inspect

from survey_service.domain.municipality import TooLong
from survey_service.services import accessibility_feedback as service
from survey_service.services.accessibility_feedback import (
    Feedback,
    NothingWritten,
    TooMuchFeedback,
    give_feedback,
    read_feedback,
    remove_feedback,
)
from survey_service.storage.database import Database

LATE_IN_THE_EVENING = datetime(2026, 10, 1, 22, 30, tzinfo=UTC)
ONE, OTHER = "1" * 32, "2" * 32


def test_a_text_is_kept_with_the_local_day(database: Database) -> None:
    give_feedback(database, ONE, " Knappen\r\nläses inte upp \x00", LATE_IN_THE_EVENING)
    assert read_feedback(database) == [Feedback(ONE, date(2026, 10, 2), "Knappen\nläses inte upp")]


def test_a_text_that_comes_twice_is_kept_once_as_it_came_first(database: Database) -> None:
    for text in ("first", "second"):
        give_feedback(database, ONE, text, LATE_IN_THE_EVENING)
    assert [item.text for item in read_feedback(database)] == ["first"]


@pytest.mark.parametrize("text", ["", "  \r\n ", "\x00"])
def test_a_text_without_anything_in_it_is_refused(database: Database, text: str) -> None:
    with pytest.raises(NothingWritten):
        give_feedback(database, ONE, text, LATE_IN_THE_EVENING)
    assert read_feedback(database) == []


def test_a_text_that_is_too_long_is_refused(database: Database) -> None:
    give_feedback(database, ONE, "å" * 2000, LATE_IN_THE_EVENING)
    with pytest.raises(TooLong):
        give_feedback(database, OTHER, "å" * 2001, LATE_IN_THE_EVENING)
    assert len(read_feedback(database)) == 1


def test_no_more_texts_are_taken_than_can_be_read(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_KEPT", 1)
    give_feedback(database, ONE, "one", LATE_IN_THE_EVENING)
    with pytest.raises(TooMuchFeedback):
        give_feedback(database, OTHER, "two", LATE_IN_THE_EVENING)


def test_a_removed_text_is_gone_and_removing_it_again_is_harmless(database: Database) -> None:
    give_feedback(database, ONE, "one", LATE_IN_THE_EVENING)
    give_feedback(database, OTHER, "two", LATE_IN_THE_EVENING)
    assert remove_feedback(database, ONE)
    assert not remove_feedback(database, ONE)
    assert [item.id for item in read_feedback(database)] == [OTHER]


def test_the_table_has_no_room_for_anything_about_who_wrote(database: Database) -> None:
    with database.read() as connection:
        columns = {
            column["name"]: str(column["type"]) for column in inspect(connection).get_columns("accessibility_feedback")
        }
    assert columns == {"id": "VARCHAR(32)", "day": "DATE", "text": "TEXT"}
