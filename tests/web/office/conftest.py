"""Fixtures of the office's tests: the small municipality on a database of its own, and people who sign in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from survey_service.services.manage_accounts import add_account
from survey_service.storage.database import Database
from tests.support.office import ADMIN, Clock, OfficeVisitor, office_on
from tests.support.small_municipality import add_municipality, migrated

OTHERS = {"operator": ((), "5560009901"), "school": (("10000001",), None), "reader": (("10000001",), None)}


@pytest.fixture
def on_file(tmp_path: Path) -> Iterator[Database]:
    """The small municipality on SQLite, with one account of each role (`operator@example.se` and so on)."""
    with migrated(f"sqlite:///{tmp_path / 'survey.sqlite'}") as database:
        add_municipality(database)
        add_account(database, ADMIN, "admin")
        for role, (units, operator) in OTHERS.items():
            add_account(database, f"{role}@example.se", role, units, operator)
        yield database


@pytest.fixture
def clock() -> Clock:
    """The office's clock, in the middle of the round."""
    return Clock()


@pytest.fixture
def app(on_file: Database, clock: Clock) -> Flask:
    """The office application."""
    return office_on(on_file, clock)


@pytest.fixture
def visitor(app: Flask) -> OfficeVisitor:
    """Somebody who has not signed in."""
    return OfficeVisitor(app)


@pytest.fixture
def admin(app: Flask) -> OfficeVisitor:
    """Somebody from the municipal office, signed in."""
    return OfficeVisitor(app).sign_in()
