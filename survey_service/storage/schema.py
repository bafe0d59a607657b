"""The whole schema in one place, and the migrations that bring a database to it."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from survey_service.settings import shipped
from survey_service.storage import (
    accessibility_feedback,
    accounts,
    comments,
    forms,
    installation,
    links,
    municipality_settings,
    organisation,
    progress,
    releases,
    rounds,
    running_tallies,
    sealed_answers,
)
from survey_service.storage.database import Database
from survey_service.storage.metadata import metadata

MODULES = (
    accessibility_feedback,
    accounts,
    comments,
    forms,
    installation,
    links,
    municipality_settings,
    organisation,
    progress,
    releases,
    rounds,
    running_tallies,
    sealed_answers,
)
"""Every module that owns tables: importing them fills `metadata`."""

__all__ = ["current_revision", "head_revision", "metadata", "migrate"]


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the database up (or down, to `base` or an earlier revision) to a revision."""
    config = alembic_config()
    with database.write() as connection:
        config.attributes["connection"] = connection
        current = MigrationContext.configure(connection).get_current_revision()
        script = ScriptDirectory.from_config(config)
        behind = (
            revision == "head"
            or current is None
            or current not in {item.revision for item in script.iterate_revisions(current, revision)}
        )
        (command.upgrade if behind else command.downgrade)(config, revision)


def current_revision(database: Database) -> str | None:
    """The revision that the database is at, None before the first migration."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """The revision that this version of the service needs."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def alembic_config() -> Config:
    """Alembic's configuration without any file: the scripts are found in the package or the checkout."""
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")))
    return config
