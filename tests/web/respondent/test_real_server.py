"""The application under a real server with several processes and threads, on both databases."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import pytest

from survey_service.storage.database import Database
from tests.support.pages import Page
from tests.support.respondent_server import RespondentServer, respondent_server
from tests.support.scenario import Scenario, add_scenario

ANSWERS = {"noisy": "often", "gender": "other"}


@pytest.fixture
def today(database: Database, tmp_path: Path) -> Scenario:
    """The round, open now by the real clock, on each database in turn."""
    return add_scenario(database, tmp_path, datetime.now(UTC))


def test_one_form_sent_ten_times_at_once_counts_once_and_every_reply_is_thanks(today: Scenario) -> None:
    path, link = f"/s/{today.code('pupils', '4A')}", today.link("pupils", "4A")
    with respondent_server(today) as server, ThreadPoolExecutor(10) as senders:
        fields = {"_token": Page(server.get(path).body).token, **ANSWERS}
        replies = list(senders.map(lambda _: server.post(path, fields), range(10)))
    assert {(reply.status, reply.headers["Location"]) for reply in replies} == {(303, f"{path}/thanks")}
    assert today.received(link) == 1
    assert today.opened("pupils", link) == [ANSWERS]


def test_many_forms_sent_at_once_all_count_and_the_last_seat_is_given_once(today: Scenario) -> None:
    path, link = f"/s/{today.code('pupils', '4A')}", today.link("pupils", "4A")
    today.change_link(link, seats=8)
    with respondent_server(today) as server, ThreadPoolExecutor(10) as senders:
        tokens = [Page(server.get(path).body).token for _ in range(12)]
        replies = list(senders.map(lambda token: server.post(path, {"_token": token, **ANSWERS}), tokens))
    statuses = sorted(reply.status for reply in replies)
    assert statuses == [HTTPStatus.SEE_OTHER] * 8 + [HTTPStatus.CONFLICT] * 4
    assert today.opened("pupils", link) == [ANSWERS] * 8


def test_a_client_that_sends_a_megabyte_reads_the_page_that_says_so(today: Scenario) -> None:
    path = f"/s/{today.code('guardians')}"
    with respondent_server(today) as server:
        for _ in range(5):
            reply = server.request("POST", path, b"noisy=" + b"a" * 1_000_000)
            assert reply.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            assert "much larger" in reply.body
    assert today.received(today.link("guardians")) == 0


def test_nothing_that_the_server_writes_tells_who_was_there(today: Scenario) -> None:
    code = today.code("pupils", "4A")
    with respondent_server(today, "--log-level", "debug", "--access-logfile", "-") as server:
        _visit_in_every_way(server, code)
        _send_rubbish(server, f"/s/{code}")
        with today.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE link_code RENAME TO secret_value")
        failed = server.get(f"/s/{today.code('guardians')}")
        written = server.written
    assert failed.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INTERNAL_SERVER_ERROR)
    for told in ("Booting worker", "Invalid request …: gunicorn", "sqlalchemy.exc", "find_by_code"):
        assert told in written
    for trace in (code, code.lower(), "/s/A", "/s/s", "ip=", "Spy", "GET", "POST", "secret", "noisy", "link_code"):
        assert trace not in written, f"{trace!r} in:\n{written}"


def _visit_in_every_way(server: RespondentServer, code: str) -> None:
    path = f"/s/{code}"
    token = Page(server.get(path).body).token
    server.post(path, {"_token": token, **ANSWERS})
    server.post(path, {"_token": token, "noisy": "secret-value"})
    server.get("/s/secret-value")
    server.post("/", {"code": "secret-value"})
    server.request("PUT", path, b"secret-value")
    server.request("POST", path, b"secret-value=" + b"a" * 100_000)


def _send_rubbish(server: RespondentServer, path: str) -> None:
    """Requests that the server itself refuses, before any application sees them."""
    for request in (
        f"GET {path} HTTP/9.9\r\n\r\n",
        f"GET {path} secret-value HTTP/1.1\r\n\r\n",
        f"GET {path} HTTP/1.1\r\nsecret value: x\r\n\r\n",
        f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nsecret-value\r\n",
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nnoisy=secret-value",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
            connection.sendall(request.encode())
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
