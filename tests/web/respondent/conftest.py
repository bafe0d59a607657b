"""Fixtures of the respondent application's tests: a scenario on each database, and a visitor who checks every page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_service.storage.database import Database
from survey_service.storage.schema import migrate
from tests.support.scenario import Scenario, add_scenario
from tests.support.visitor import Visitor


@pytest.fixture
def scenario(database: Database, tmp_path: Path) -> Scenario:
    """The open round, on each database in turn."""
    return add_scenario(database, tmp_path)


@pytest.fixture
def visitor(scenario: Scenario) -> Visitor:
    """Somebody with a browser, on each database in turn."""
    return Visitor(scenario.app)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database, for what is no matter of the database."""
    database = Database(f"sqlite:///{tmp_path / 'survey.sqlite'}")
    migrate(database)
    yield database
    database.dispose()


@pytest.fixture
def on_file(sqlite: Database, tmp_path: Path) -> Scenario:
    """The open round on SQLite."""
    return add_scenario(sqlite, tmp_path)


@pytest.fixture
def reader(on_file: Scenario) -> Visitor:
    """Somebody with a browser who looks at pages of the round on SQLite."""
    return Visitor(on_file.app)
