"""Connections and transactions on SQLite and PostgreSQL, alike for everything above."""

import fcntl
import hashlib
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError

from survey_service.settings import SettingsError

BUSY_SECONDS = 30
SAFE_SQLITE = (3, 51, 3)
"""Older ones can corrupt a write-ahead log that several connections use."""


SCRUBBED = (
    "receipt",
    "sealed_answer",
    "sealed_text",
    "quarantined_answer",
    "running_tally",
    "own_group_tally",
    "progress",
    "answers_per_day",
)
"""Tables whose deleted or earlier rows would tell more than what is left in them."""

__all__ = ["Connection", "Database", "DatabaseAway", "lock_counting", "lock_link", "lock_table", "upsert"]


class DatabaseAway(Exception):
    """The database cannot be reached or written; the message says why without any stored value."""


class Database:
    """One database. `read()` and `write()` give a connection inside a transaction that ends with the block."""

    def __init__(self, url: str) -> None:
        """Raises SettingsError for an address that is neither SQLite's nor PostgreSQL's."""
        try:
            self.url = make_url(url)
        except ArgumentError:
            raise SettingsError("SURVEY_DATABASE_URL is no address of a database") from None
        if self.url.get_backend_name() not in DIALECTS:
            raise SettingsError(f"SURVEY_DATABASE_URL begins with {self.url.drivername}: use sqlite or postgresql")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"

    @cached_property
    def engine(self) -> Engine:
        """The pool, made at first use so that every forked process has its own."""
        return _sqlite_engine(str(self.url)) if self.is_sqlite else _postgresql_engine(self.url)

    @property
    def file(self) -> Path:
        """The SQLite file. Only there for SQLite."""
        return Path(self.url.database or "")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; all its queries see the same moment."""
        with _told_plainly(), self.engine.connect() as plain:
            # SQLite's transactions see one moment as they are.
            connection = plain if self.is_sqlite else plain.execution_options(isolation_level="REPEATABLE READ")
            with self._begun(connection, "BEGIN"):
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write; committed and durable when the block ends, undone when it raises."""
        queue = self._queue() if self.is_sqlite else nullcontext()
        with _told_plainly(), queue, self.engine.connect() as connection, self._begun(connection, "BEGIN IMMEDIATE"):
            yield connection

    @contextmanager
    def _begun(self, connection: Connection, begin: str) -> Iterator[None]:
        """A transaction; SQLite's driver leaves it to us to begin. Not by an event, which slows every statement."""
        with connection.begin():
            if self.is_sqlite:
                connection.exec_driver_sql(begin)
            yield

    @contextmanager
    def _queue(self) -> Iterator[None]:
        """Writers of all processes in line: SQLite's own waiting lets some starve for seconds."""
        try:
            line = Path(f"{self.file}-queue").open("ab")  # noqa: SIM115 - closed below, past its own errors
        except OSError as error:
            raise DatabaseAway(f"{error.filename}: {error.strerror}") from error
        with line:
            fcntl.flock(line, fcntl.LOCK_EX)
            yield

    def scrub(self) -> None:
        """Leave no deleted row behind: in pages, in dead tuples, or in SQLite's write-ahead log.

        Raises DatabaseAway where a reader of SQLite keeps the log from being emptied.
        """
        if self.is_sqlite:
            with self._queue(), self.engine.connect() as connection:
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("VACUUM")
                (busy, *_) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise DatabaseAway("somebody reads the database, so its write-ahead log could not be emptied")
            return
        with _told_plainly(), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in SCRUBBED:
                connection.execute(text(f"VACUUM FULL {table}"))

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


DIALECTS = {"sqlite": sqlite, "postgresql": postgresql}


def upsert(connection: Connection, table: Table, row: Mapping[str, Any], *, replaces: bool = True) -> bool:
    """Write a row; where its key is taken, in place of what was, or not at all. Tells whether it was written."""
    statement = _upsert(connection.dialect.name, table, tuple(row), replaces=replaces)
    # Without the option SQLAlchemy leaves the number of inserted rows unknown on PostgreSQL.
    return connection.execute(statement, dict(row), execution_options={"preserve_rowcount": True}).rowcount == 1


@cache  # every answer needs one, and making it takes longer than running it
def _upsert(dialect: str, table: Table, names: tuple[str, ...], *, replaces: bool) -> Insert:
    statement: sqlite.Insert | postgresql.Insert = DIALECTS[dialect].insert(table)
    if not replaces:
        return statement.on_conflict_do_nothing()
    keys = [column.name for column in table.primary_key]
    changes = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def lock_link(connection: Connection, link_id: str, *, alone: bool) -> None:
    """Hold a link's door until the transaction ends: together with others, or alone."""
    _lock(connection, f"door {link_id}", alone=alone)


def lock_counting(connection: Connection, link_id: str) -> None:
    """Be the only one who counts a link, until the transaction ends; answers may still come in."""
    _lock(connection, f"counting {link_id}", alone=True)


def lock_table(connection: Connection, table: Table) -> None:
    """Be the only one who changes a table's rows, until the transaction ends; it may still be read."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))


LOCK_ALONE = text("SELECT pg_advisory_xact_lock(:key)")
LOCK_SHARED = text("SELECT pg_advisory_xact_lock_shared(:key)")


def _lock(connection: Connection, name: str, *, alone: bool) -> None:
    if connection.dialect.name == "sqlite":
        return  # its one writer is always alone
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    connection.execute(LOCK_ALONE if alone else LOCK_SHARED, {"key": key})


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        # A plain DatabaseError is how SQLite says that the file is damaged or no database.
        if error.connection_invalidated or isinstance(error, OperationalError) or type(error) is DatabaseError:
            raise DatabaseAway(str(error.orig).partition("\n")[0]) from error
        raise


def _sqlite_module() -> ModuleType:
    module = import_module("pysqlite3" if find_spec("pysqlite3") else "sqlite3")
    if module.sqlite_version_info < SAFE_SQLITE:
        warnings.warn(
            f"SQLite {module.sqlite_version} can corrupt its log under several writers: use PostgreSQL or a newer one",
            stacklevel=2,
        )
    return module


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, module=_sqlite_module(), connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _postgresql_engine(url: Any) -> Engine:
    return create_engine(url.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True)
