"""Fixtures that every kind of test shares: the two databases and the browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

from survey_service.storage.database import Database
from survey_service.storage.schema import migrate
from tests.support.browser import launch_arguments
from tests.support.postgres import PostgresServer, running_server

# A slow machine is no defect: how long an example takes is never asserted.
settings.register_profile("survey", deadline=None)
settings.load_profile("survey")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server, one per test process."""
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of one's own; the test runs once on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'survey.sqlite'}"
    else:
        with request.getfixturevalue("postgres_server").database() as url:
            yield url


@pytest.fixture(scope="session")
def migrated_template(postgres_server: PostgresServer) -> str:
    """The name of a migrated PostgreSQL database to copy, because copying is faster than migrating."""
    template = Database(postgres_server.create("migrated_template"))
    migrate(template)
    template.dispose()
    return "migrated_template"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database of one's own; the test runs once on each engine."""
    if request.param == "sqlite":
        with opened(f"sqlite:///{tmp_path / 'survey.sqlite'}") as database:
            migrate(database)
            yield database
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(template=request.getfixturevalue("migrated_template")) as url, opened(url) as database:
        yield database


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """A database whose connections are closed at the end."""
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Make pytest-playwright start the browser that tests/run.sh found, without traffic of its own."""
    return {**browser_type_launch_args, **launch_arguments()}
