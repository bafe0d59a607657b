"""A real gunicorn with the respondent application, in processes of its own, as `serve` starts it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.support.command import environment
from tests.support.scenario import Scenario

COMMAND = (
    *(sys.executable, "-W", "error", "-m", "gunicorn", "--bind", "127.0.0.1:0"),
    *("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket"),
    *("--logger-class", "survey_service.web.shared.quiet_log.QuietLogger"),
)

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en", "User-Agent": "Spy/1.0"}


@dataclass(frozen=True)
class Reply:
    """A reply as a client gets it."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class RespondentServer:
    """A running server; everything it writes is in `log`."""

    port: int
    log: Path

    def get(self, path: str) -> Reply:
        """Fetch a page."""
        return self.request("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> Reply:
        """Send a form; a redirect is not followed."""
        return self.request("POST", path, urlencode(fields).encode())

    def request(self, method: str, path: str, body: bytes | None) -> Reply:
        """One request on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, FORM)
            response = connection.getresponse()
            return Reply(response.status, dict(response.getheaders()), response.read().decode())
        finally:
            connection.close()

    @property
    def written(self) -> str:
        """All that the server has written so far."""
        return self.log.read_text()


@contextmanager
def respondent_server(scenario: Scenario, *options: str) -> Iterator[RespondentServer]:
    """The server for a scenario's database, ready to be asked, and stopped at the end."""
    log = scenario.home / "gunicorn.log"
    command = [*COMMAND, *options, "survey_service.wsgi:respondent()"]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=environment(**scenario.environment), cwd=scenario.home, stdout=output, stderr=output
        )
    try:
        while not (found := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", log.read_text())):
            assert process.poll() is None, log.read_text()
        server = RespondentServer(int(found[1]), log)
        assert server.get("/ready").status == 200, log.read_text()
        yield server
    finally:
        process.terminate()
        process.wait(timeout=60)
