"""What all commands share: settings and database to work with, and failures told in one clear line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click

from survey_service.domain.counting_key import Unopenable
from survey_service.outputs.whole_file import CannotWrite
from survey_service.questionnaires.form_file import FormsHaveProblems
from survey_service.questionnaires.round_file import RoundFileRejected
from survey_service.services.apply_round import RoundRefused
from survey_service.services.close_round import NotOpen
from survey_service.services.compile_collection import NotCounted
from survey_service.services.confirm_recovery import RecoveryUnconfirmed, WrongCheckWord
from survey_service.services.export_results import NothingReleased
from survey_service.services.find import NoOrganisation, UnknownCollection, UnknownRound
from survey_service.services.import_organisation import AnotherMunicipality
from survey_service.services.issue_links import LinkKeyMissing
from survey_service.services.manage_accounts import (
    InvalidEmail,
    ScopeMissing,
    ScopeNotForRole,
    UnknownOperator,
    UnknownRole,
    UnknownUnit,
)
from survey_service.services.open_round import NothingToAnswer, WindowPassed
from survey_service.services.organisation_file import OrganisationFileRejected
from survey_service.services.sign_in import UnknownAccount
from survey_service.settings import Settings, SettingsError, read_settings
from survey_service.storage.database import Database, DatabaseAway
from survey_service.storage.schema import current_revision, head_revision

EXPECTED = (
    AnotherMunicipality,
    CannotWrite,
    DatabaseAway,
    FormsHaveProblems,
    InvalidEmail,
    LinkKeyMissing,
    NoOrganisation,
    NotCounted,
    NotOpen,
    NothingReleased,
    NothingToAnswer,
    OSError,
    OrganisationFileRejected,
    RecoveryUnconfirmed,
    RoundFileRejected,
    RoundRefused,
    ScopeMissing,
    ScopeNotForRole,
    SettingsError,
    UnknownAccount,
    UnknownCollection,
    UnknownOperator,
    UnknownRole,
    UnknownRound,
    UnknownUnit,
    Unopenable,
    WindowPassed,
    WrongCheckWord,
)
"""Failures that say themselves what is wrong; anything else is a defect and shows where it happened."""


class Failed(click.ClickException):
    """A command could not do what it was asked; exit status 1."""

    def show(self, file: Any = None) -> None:
        """The message alone, on standard error."""
        click.echo(self.format_message(), file=file or sys.stderr)


class PlainGroup(click.Group):
    """A group of commands whose expected failures become one clear message and exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except EXPECTED as error:
            raise Failed(_in_words(error)) from error


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


class DatabaseBehind(SettingsError):
    """The database is not at the schema that this version of the service needs."""


def open_database(settings: Settings) -> Database:
    """The database, if it is at this version's schema. Raises DatabaseAway or DatabaseBehind."""
    database = Database(settings.database_url)
    if database.is_sqlite and not database.file.exists():
        raise DatabaseBehind(f"there is no database at {database.file}: run `survey-service init`")
    at, needed = current_revision(database), head_revision()
    if at != needed:
        raise DatabaseBehind(f"the database is at {at or 'nothing'}, not at {needed}: run `survey-service init`")
    return database


@contextmanager
def installation(*needs: str) -> Iterator[tuple[Settings, Database]]:
    """Settings with the keys that are needed, and the database, closed at the end."""
    settings = read_settings(needs=needs)
    database = open_database(settings)
    try:
        yield settings, database
    finally:
        database.dispose()


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)
