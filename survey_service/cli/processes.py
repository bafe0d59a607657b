"""The processes of a running installation: two web servers and the worker, each with its own keys only."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import click

from survey_service.cli.command import Failed, installation, now
from survey_service.domain.counting_key import CountingKey
from survey_service.services.work import Worker
from survey_service.settings import KEYS, OFFICE_KEYS, RESPONDENT_KEYS, WORKER_KEYS, read_settings
from survey_service.storage.database import DatabaseAway

TURN_SECONDS = 5
THREADS = 4
RESTART_SECONDS = 1
STOP_SECONDS = 20

RESPONDENT_LOG = "survey_service.web.shared.quiet_log.QuietLogger"


@click.command()
@click.option("--bind", metavar="ADDR:PORT", default="127.0.0.1:8000", show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes for each web.")
def serve(bind: str, workers: int) -> None:
    """Serve respondents on PORT and the office on PORT+1, and work; until interrupted."""
    with running(bind, workers, os.environ) as processes:
        address, port = _address(bind)
        click.echo(f"respondents on http://{address}:{port}, office on http://{address}:{port + 1}/office", err=True)
        processes.watch()


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def worker(*, once: bool) -> None:
    """Open, count, close and compile, each when its time has come."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with installation(*WORKER_KEYS) as (settings, database):
        works = Worker(database, CountingKey(settings.keys["counting"]))
        while not stopped.is_set():
            failed = _turn(works)
            for line in failed:
                click.echo(f"worker: {line}", err=True)
            if once:
                raise click.exceptions.Exit(1 if failed else 0)
            stopped.wait(TURN_SECONDS)


def _turn(works: Worker) -> tuple[str, ...]:
    """One turn; returns what failed in it, in words."""
    try:
        return works.turn(now()).failed
    except DatabaseAway as error:
        return (f"the database is away: {error}",)


@dataclass
class Processes:
    """The children of a serving process."""

    commands: Mapping[str, tuple[list[str], dict[str, str]]]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self, name: str) -> None:
        """Start one of them."""
        command, environment = self.commands[name]
        self.running[name] = subprocess.Popen(command, env=environment)  # noqa: S603 - our own commands

    def watch(self) -> None:
        """Wait until told to stop; a process that ends before that is started again."""
        while not self.stopping.wait(RESTART_SECONDS):
            for name, process in list(self.running.items()):
                if process.poll() is not None:
                    click.echo(f"{name} ended with status {process.returncode}; starting it again", err=True)
                    self.start(name)

    def stop(self) -> None:
        """End all of them, letting requests that are under way finish."""
        for process in self.running.values():
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def running(bind: str, workers: int, environ: Mapping[str, str]) -> Iterator[Processes]:
    """The three kinds of process, stopped when the block ends. Raises Failed where a port is taken."""
    check_ports(bind)
    read_settings(environ, needs=KEYS)
    address, port = _address(bind)
    processes = Processes(
        {
            "respondent": (
                [*_gunicorn(f"{address}:{port}", workers, "respondent"), "--logger-class", RESPONDENT_LOG],
                _environment(environ, RESPONDENT_KEYS),
            ),
            "office": (_gunicorn(f"{address}:{port + 1}", workers, "office"), _environment(environ, OFFICE_KEYS)),
            "worker": ([sys.executable, "-m", "survey_service.cli", "worker"], _environment(environ, WORKER_KEYS)),
        }
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: processes.stopping.set())
    try:
        for name in processes.commands:
            processes.start(name)
        yield processes
    finally:
        processes.stop()


def _gunicorn(bind: str, workers: int, application: str) -> list[str]:
    options = {
        "--bind": bind,
        "--workers": str(workers),
        "--worker-class": "gthread",
        "--threads": str(THREADS),
        "--log-level": "warning",
        "--graceful-timeout": "10",
    }
    told = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "gunicorn", "--no-control-socket", *told, f"survey_service.wsgi:{application}()"]


def _environment(environ: Mapping[str, str], needs: Collection[str]) -> dict[str, str]:
    """The environment without the keys that a process does not need."""
    foreign = tuple(f"SURVEY_{name.upper()}_KEY" for name in KEYS if name not in needs)
    return {name: value for name, value in environ.items() if not name.startswith(foreign)}


def _address(bind: str) -> tuple[str, int]:
    address, _, port = bind.rpartition(":")
    if not address or not port.isdigit() or not 0 < int(port) < 65535:  # noqa: PLR2004 - the highest port but one
        raise click.BadParameter(f"{bind!r} is not ADDR:PORT, with a port that has one above it", param_hint="--bind")
    return address, int(port)


def check_ports(bind: str) -> None:
    """Whether the port and the next one are free. Raises Failed."""
    address, port = _address(bind)
    for wanted in (port, port + 1):
        _check_free(address, wanted)


def _check_free(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.strip("[]"), port))
        except OSError as error:
            raise Failed(f"cannot serve on {address}:{port}: {error.strerror}; choose another port") from None
