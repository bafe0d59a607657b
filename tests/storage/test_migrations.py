"""The migrations make exactly the schema that the code describes, forwards and backwards, on both databases."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata, produce_migrations
from alembic.migration import MigrationContext
from sqlalchemy import inspect, literal_column, select, text
from sqlalchemy.exc import IntegrityError

from survey_service.storage.database import Database, DatabaseAway
from survey_service.storage.organisation import load_organisation
from survey_service.storage.rounds import list_rounds
from survey_service.storage.schema import MODULES, current_revision, head_revision, metadata, migrate
from tests.conftest import opened
from tests.support.installation import an_installation, municipality

COLUMNS = text(
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable FROM information_schema.columns"
    " WHERE table_schema = :schema AND table_name != 'alembic_version'"
)

KEPT_IN_KEY_ORDER = {"link_code", "receipt", "sealed_answer", "quarantined_answer", "running_tally"}


def tables(database: Database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def shape(database: Database) -> dict[str, Any]:
    """Columns, keys and constraints of every table, in words that can be compared."""
    with database.read() as connection:
        found = inspect(connection)
        return {
            name: (
                sorted((column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(name)),
                found.get_pk_constraint(name),
                sorted(map(str, found.get_foreign_keys(name))),
                sorted(map(str, found.get_unique_constraints(name))),
                sorted(map(str, found.get_indexes(name))),
            )
            for name in found.get_table_names()
        }


def test_a_migrated_database_is_what_the_code_describes(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        operations = produce_migrations(context, metadata).upgrade_ops
        assert operations is not None
        assert operations.is_empty()


def test_a_migrated_database_is_the_one_that_the_code_would_make(database: Database, tmp_path: Path) -> None:
    if not database.is_sqlite:
        with database.write() as connection:
            connection.execute(text("CREATE SCHEMA fresh"))
            connection.execute(text("SET LOCAL search_path TO fresh"))
            metadata.create_all(connection)
            made, migrated = (set(connection.execute(COLUMNS, {"schema": name})) for name in ("fresh", "public"))
        assert made == migrated
        return
    with opened(f"sqlite:///{tmp_path / 'fresh.sqlite'}") as fresh:
        with fresh.write() as connection:
            metadata.create_all(connection)
        migrated_shape = shape(database)
        del migrated_shape["alembic_version"]
        assert migrated_shape == shape(fresh)


def test_every_module_that_owns_tables_is_known_to_the_migrations(database: Database) -> None:
    owned = {value.name for module in MODULES for value in vars(module).values() if value in metadata.tables.values()}
    assert tables(database) == set(metadata.tables) == owned


def test_a_database_goes_up_and_down_and_up_again(database_url: str) -> None:
    with opened(database_url) as database:
        assert current_revision(database) is None
        migrate(database)
        first = shape(database)
        assert current_revision(database) == head_revision()
        migrate(database, "base")
        assert tables(database) == set()
        assert current_revision(database) is None
        migrate(database)
        assert shape(database) == first


def test_migrating_twice_changes_nothing(database: Database) -> None:
    installation = an_installation(database, {"A": {"4A": 20}})
    before = installation.codes(group="4A")
    migrate(database)
    migrate(database)
    assert installation.codes(group="4A") == before


def test_a_database_with_data_in_every_large_table_goes_down_and_up_empty(database: Database) -> None:
    installation = an_installation(database, {"A": {"4A": 20}})
    installation.answer(installation.codes(group="4A")[0], times=12, safe="fully")
    installation.turn()
    migrate(database, "base")
    migrate(database)
    with database.read() as connection:
        assert load_organisation(connection) is None
        assert list_rounds(connection) == []


def test_a_migration_that_fails_leaves_the_database_as_it_was(database_url: str) -> None:
    with opened(database_url) as database:
        with database.write() as connection:
            # What the last of the tables would be called is taken, so that the migration stops near its end.
            connection.execute(text("CREATE TABLE unit_group (x INTEGER)"))
        with pytest.raises(Exception, match="unit_group"):
            migrate(database)
        assert tables(database) == {"unit_group"}
        assert current_revision(database) is None


def test_rows_that_answers_passed_through_are_kept_in_the_order_of_their_keys(database: Database) -> None:
    if not database.is_sqlite:
        # PostgreSQL has no such tables; there the rows are rewritten in the order of their random ids.
        assert tables(database) >= KEPT_IN_KEY_ORDER
        return
    with database.read() as connection:
        statements = dict(connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all())
        for name in KEPT_IN_KEY_ORDER:
            assert statements[name].rstrip().upper().endswith("WITHOUT ROWID")
            with pytest.raises(DatabaseAway, match="rowid"), database.read() as other:
                other.execute(select(literal_column("rowid")).select_from(metadata.tables[name]))


def test_a_link_to_a_unit_that_does_not_exist_is_refused_at_the_end_of_the_transaction(database: Database) -> None:
    installation = an_installation(database, {"A": {"4A": 20}})
    with pytest.raises(IntegrityError):
        installation.organise(municipality({"B": {"4A": 20}}))
    with database.read() as connection:
        organisation = load_organisation(connection)
    assert organisation is not None
    assert set(organisation.units) == {"A"}


def test_a_receipt_of_a_link_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as connection:
        connection.execute(text("INSERT INTO receipt (link_id, version, id) VALUES ('nowhere', 1, 'x')"))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("foreign_keys", 1), ("secure_delete", 1), ("journal_mode", "wal"), ("synchronous", 2), ("temp_store", 2)],
)
def test_every_connection_to_sqlite_is_set_up_to_be_safe(tmp_path: Path, pragma: str, value: object) -> None:
    with opened(f"sqlite:///{tmp_path / 'survey.sqlite'}") as database:
        migrate(database)
        for way in (database.read, database.write):
            with way() as connection:
                assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
