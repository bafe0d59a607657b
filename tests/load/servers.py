"""Starts applications as `survey-service serve` starts them, and tells how much processor time they took."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from survey_service.cli.processes import RESPONDENT_LOG, _gunicorn
from tests.support.command import environment

WORKERS = 2
START_SECONDS = 30
STOP_SECONDS = 15
TOLD = 2000
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running gunicorn: its port, and the processes that answer."""

    port: int
    workers: tuple[int, ...]

    def cpu_seconds(self) -> float:
        """Processor time that its workers have taken so far, in user and system mode."""
        return sum(cpu_ticks(pid) for pid in self.workers) / TICKS


@contextmanager
def serving(application: str, path: str, settings: Mapping[str, str]) -> Iterator[Server]:
    """The application (`module:factory()`) on a free port with two workers of four threads, warm and at last stopped.

    `path` is fetched until it answers. Raises TimeoutError where it does not, with what the server said.
    """
    port = _free_port()
    # The very options of `serve`, so that what is measured is what runs.
    *command, _ = _gunicorn(f"127.0.0.1:{port}", WORKERS, "respondent")
    command += ["--logger-class", RESPONDENT_LOG, application]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment(**settings), stdout=log, stderr=log)
        try:
            _wait(port, path, process)
            yield Server(port, _children(process.pid))
        except BaseException:
            log.seek(0)
            sys.stderr.write(log.read().decode(errors="replace")[-TOLD:])
            raise
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def cpu_ticks(pid: int) -> int:
    """What a process took so far, utime and stime together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _children(pid: int) -> tuple[int, ...]:
    return tuple(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
                pass
        except (URLError, OSError):
            time.sleep(0.05)
        else:
            if len(_children(process.pid)) == WORKERS:
                return
    raise TimeoutError(f"the server does not answer at {path}")
