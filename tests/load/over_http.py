"""Forms opened and answers sent over HTTP, in turn with the reference views, so that both meet the same machine."""

import gzip
import http.client
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from survey_service.storage.sealed_answers import receipts_per_link
from tests.load.generator import CONNECTIONS, LoadFailed, Run, get_request, post_request, send, write_requests
from tests.load.reference import URL_VARIABLE, make_table
from tests.load.servers import Server, serving
from tests.load.town import Place, Town, make_town

REFERENCE = "tests.load.reference:reference()"
RESPONDENT = "survey_service.wsgi:respondent()"

SEATS = 1_000_000
WARM = 6
"""So often is each form opened before anything is measured: each process renders every class's page once."""

FEWEST_MADE, MARGIN = 3000, 2.0
"""Sent forms that are made beforehand for a second, and how many more than the fastest run so far needed."""


@dataclass(frozen=True)
class Measured:
    """One run and the processor time it took the server, in milliseconds for each request."""

    run: Run
    cpu: float


@dataclass(frozen=True)
class Comparison:
    """Runs of a reference view and of ours, in pairs as they were made one after the other."""

    reference: list[Measured]
    ours: list[Measured]

    @property
    def ratio(self) -> float:
        """Our rate as a share of the reference's: the median of the pairs."""
        return median(b.run.rate / a.run.rate for a, b in zip(self.reference, self.ours, strict=True))

    @property
    def cpu_ratio(self) -> float:
        """The same by processor time of the web processes: what the ratio would be if nothing else took time."""
        return median(a.cpu / b.cpu for a, b in zip(self.reference, self.ours, strict=True))


@dataclass(frozen=True)
class OverHttp:
    """All that was measured over HTTP on one engine; `page_bytes` is the form as it is sent, compressed.

    `opened` are forms of a few classes at once, `opened_apart` forms of which each one is another class's.
    """

    opened: Comparison
    opened_apart: Comparison
    sent: Comparison
    thanked: Measured
    page_bytes: int
    page_plain_bytes: int


@dataclass(frozen=True)
class Effort:
    """How long and how often is measured; `classes` open their forms at once, of `town` there are."""

    seconds: float
    pairs: int
    classes: int
    town: int


def measure_http(place: Place, effort: Effort) -> OverHttp:
    """Open and send forms on one engine. Raises LoadFailed where an answer was refused or lost."""
    with place.empty() as database, TemporaryDirectory(dir=place.folder) as folder:
        town = make_town(database, effort.town, seats=SEATS)
        make_table(database)
        url = {URL_VARIABLE: town.settings["SURVEY_DATABASE_URL"]}
        first = f"/s/{town.issued[0].code}"
        with serving(REFERENCE, "/ok", url) as reference, serving(RESPONDENT, first, town.settings) as ours:
            bench = Bench(town, reference, ours, Path(folder), effort)
            plain, compressed = _page_bytes(ours.port, first)
            return OverHttp(
                opened=bench.open_forms(effort.classes),
                opened_apart=bench.open_forms(effort.town),
                sent=bench.send_answers(),
                thanked=bench.thank(effort.classes),
                page_bytes=compressed,
                page_plain_bytes=plain,
            )


@dataclass
class Bench:
    """The two servers side by side, and the folder for requests."""

    town: Town
    reference: Server
    ours: Server
    folder: Path
    effort: Effort
    fastest: float = 0.0
    thanked_for: int = 0
    runs: int = 0

    def open_forms(self, classes: int) -> Comparison:
        """The one-line page, the forms of so many classes, and so on in turn."""
        page = self._file("ok", [get_request("/ok")])
        forms = self._file("forms", list(self.town.open_requests(classes)))
        opened = 0
        while opened < WARM * classes:
            opened += self._measured(self.ours, forms).run.requests
        self._measured(self.reference, page)
        return self._in_turn(lambda: self._measured(self.reference, page), lambda: self._measured(self.ours, forms))

    def send_answers(self) -> Comparison:
        """The durable row, the sealed answer, and so on in turn; every answer is looked for afterwards."""
        row = self._file("insert", [post_request("/insert", {"answer": "yes"})])
        self._measured(self.reference, row)
        return self._in_turn(lambda: self._measured(self.reference, row), self._send)

    def thank(self, classes: int) -> Measured:
        """The page that follows a sent form."""
        paths = [f"/s/{item.code}/thanks" for item in self.town.issued[:classes]]
        return self._measured(self.ours, self._file("thanks", [get_request(path) for path in paths]))

    def _send(self) -> Measured:
        made = int(self.effort.seconds * max(FEWEST_MADE, MARGIN * self.fastest))
        measured = self._measured(self.ours, self._file("answers", list(self.town.send_requests(made))))
        if measured.run.requests >= made - CONNECTIONS:
            raise LoadFailed(f"more than {made} forms could be sent in a run: make more of them beforehand")
        self.fastest = max(self.fastest, measured.run.rate)
        self.thanked_for += measured.run.requests
        self.runs += 1
        with self.town.database.read() as connection:
            received = sum(receipts_per_link(connection).values())
        # When a run ends, each connection may have one answer under way that is stored though nobody reads its reply.
        if not self.thanked_for <= received <= self.thanked_for + self.runs * CONNECTIONS:
            raise LoadFailed(f"{self.thanked_for} answers were thanked for and {received} were received")
        return measured

    def _in_turn(self, reference: Callable[[], Measured], ours: Callable[[], Measured]) -> Comparison:
        pairs = [(reference(), ours()) for _ in range(self.effort.pairs)]
        return Comparison([pair[0] for pair in pairs], [pair[1] for pair in pairs])

    def _measured(self, server: Server, requests: Path) -> Measured:
        before = server.cpu_seconds()
        run = send(server.port, requests, self.effort.seconds)
        return Measured(run, 1000 * (server.cpu_seconds() - before) / run.requests)

    def _file(self, name: str, requests: list[bytes]) -> Path:
        file = self.folder / name
        write_requests(file, requests)
        return file


def _page_bytes(port: int, path: str) -> tuple[int, int]:
    """(plain, compressed) size of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.getheader("Content-Encoding") != "gzip":
        raise LoadFailed(f"{path} was not compressed")
    return len(gzip.decompress(content)), len(content)
