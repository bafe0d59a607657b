"""Transactions mean the same on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from survey_service.storage.database import Database, DatabaseAway
from survey_service.storage.installation import fact, note_fact
from tests.conftest import opened


def test_a_transaction_that_raises_leaves_nothing_behind(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            note_fact(connection, "colour", "red")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with database.read() as connection:
        assert fact(connection, "colour") is None


def test_a_reader_sees_one_moment_however_long_it_reads(database: Database) -> None:
    with database.write() as connection:
        note_fact(connection, "colour", "red")
    with database.read() as reader:
        assert fact(reader, "colour") == "red"
        with database.write() as connection:
            note_fact(connection, "colour", "blue")
        assert fact(reader, "colour") == "red"
    with database.read() as reader:
        assert fact(reader, "colour") == "blue"


def test_writers_at_once_wait_for_each_other(database: Database) -> None:
    def note(number: int) -> None:
        with database.write() as connection:
            note_fact(connection, "latest", str(number))
            note_fact(connection, str(number), "done")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(40)))
    with database.read() as connection:
        assert all(fact(connection, str(number)) == "done" for number in range(40))


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all.sqlite", "postgresql://nobody@/none?host=/nowhere/at/all&connect_timeout=1"]
)
def test_a_database_that_cannot_be_reached_is_away_in_one_line(url: str) -> None:
    with opened(url) as database:
        for way in (database.read, database.write):
            with pytest.raises(DatabaseAway) as away, way():
                pass
            assert "\n" not in str(away.value)


def test_a_file_that_is_no_database_is_told_apart_from_success(tmp_path: Path) -> None:
    (tmp_path / "survey.sqlite").write_bytes(b"not a database" * 100)
    with opened(f"sqlite:///{tmp_path / 'survey.sqlite'}") as database, pytest.raises(DatabaseAway), database.read():
        pass
