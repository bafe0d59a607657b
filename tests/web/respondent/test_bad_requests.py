"""Whatever a client sends, the reply is a clear page with the right status, and nothing is stored."""

import io
from http import HTTPStatus
from pathlib import Path

import pytest

from survey_service.services.readiness import Database, DatabaseAway
from survey_service.web.shared.errors import DRAINED_AT_MOST
from tests.support.scenario import Scenario
from tests.support.visitor import Visitor

IN_ENGLISH = {"Accept-Language": "en"}
FORM = "application/x-www-form-urlencoded"
HALF_A_LETTER = b"\xc3"


@pytest.fixture
def path(on_file: Scenario) -> str:
    """The address of a form."""
    return f"/s/{on_file.code('guardians')}"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_method_that_a_page_does_not_know_gets_a_page(reader: Visitor, path: str, method: str) -> None:
    for place in ("/", path):
        response = reader.fetch(place, method, status=HTTPStatus.METHOD_NOT_ALLOWED)
        assert "GET" in response.headers["Allow"]


def test_options_tells_what_may_be_done(reader: Visitor, path: str) -> None:
    response = reader.fetch(path, "OPTIONS")
    assert {"GET", "POST", "HEAD", "OPTIONS"} == set(response.headers["Allow"].replace(" ", "").split(","))


@pytest.mark.parametrize(
    "place", ["/nothing", "/s", "/s/", "/s/a/b", "/s/ABC/thanks/x", "/favicon.ico", "/%00", "/%ff%fe", "/office"]
)
def test_an_unknown_address_gets_a_page(reader: Visitor, place: str) -> None:
    reader.fetch(place, status=HTTPStatus.NOT_FOUND)


@pytest.mark.parametrize("code", ["%ff%fe%fd", "%00", "%F0%9F%98%80", "..%5c..", "A" * 3000, "%20"])
def test_a_strange_code_in_an_address_is_a_mistyped_one(reader: Visitor, code: str) -> None:
    for tail in ("", "/thanks"):
        reader.fetch(f"/s/{code}{tail}", status=HTTPStatus.NOT_FOUND)
    reader.send(f"/s/{code}", {"_token": "x"}, status=HTTPStatus.NOT_FOUND)


@pytest.mark.parametrize(
    "media_type", ["application/json", "text/plain", "", "application/xml", "x", "multipart/mixed"]
)
def test_anything_but_a_form_is_refused(reader: Visitor, path: str, media_type: str) -> None:
    reader.fetch(path, "POST", status=HTTPStatus.BAD_REQUEST, data=b"{}", content_type=media_type)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&&==&",
        b"_token=" + HALF_A_LETTER,
        b"_token=x&child_safe=" + HALF_A_LETTER,
        HALF_A_LETTER + b"=1",
        b"_token=%ff%fe&%00=%00",
        b"_token=x&_token=y",
        b"_switch=" + HALF_A_LETTER,
        b"&".join(b"a%d=1" % number for number in range(3000)),
        bytes(range(256)),
    ],
)
def test_a_damaged_body_is_never_our_fault(on_file: Scenario, reader: Visitor, path: str, body: bytes) -> None:
    response = reader.client.post(path, data=body, content_type=FORM)
    assert response.status_code in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    assert on_file.received(on_file.link("guardians")) == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"--x", b'--x\r\nContent-Disposition: form-data; name="noisy"\r\n\r\n\xff\r\n--x--', b"--x\r\n\r\n--x--"],
)
def test_a_damaged_multipart_body_is_refused(reader: Visitor, path: str, body: bytes) -> None:
    media_type = "multipart/form-data; boundary=x"
    reader.fetch(path, "POST", status=HTTPStatus.BAD_REQUEST, data=body, content_type=media_type)
    reader.fetch(path, "POST", status=HTTPStatus.BAD_REQUEST, data=body, content_type="multipart/form-data")


def test_a_broken_code_field_is_a_mistyped_code(reader: Visitor) -> None:
    body = b"code=" + HALF_A_LETTER
    reader.fetch("/", "POST", status=HTTPStatus.NOT_FOUND, data=body, content_type=FORM)
    reader.fetch("/", "POST", status=HTTPStatus.NOT_FOUND, data=b"{}", content_type="application/json")


@pytest.mark.parametrize("media_type", [FORM, "multipart/form-data; boundary=x"])
def test_a_megabyte_is_refused_unread_but_drained(reader: Visitor, path: str, media_type: str) -> None:
    body = io.BytesIO(b"noisy=" + b"a" * 1_000_000)
    response = reader.fetch(
        path, "POST", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, input_stream=body, content_type=media_type,
        content_length=1_000_006, headers=IN_ENGLISH,
    )  # fmt: skip
    assert "much larger" in response.text
    assert body.read() == b""


def test_no_more_than_a_bounded_amount_is_drained(reader: Visitor, path: str) -> None:
    size = DRAINED_AT_MOST + 1_000_000
    body = io.BytesIO(bytes(size))
    reader.fetch(
        path, "POST", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, input_stream=body, content_type=FORM,
        content_length=size,
    )  # fmt: skip
    assert body.tell() < size


def test_many_small_parts_are_too_much(reader: Visitor, path: str) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n'
    reader.fetch(
        path, "POST", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, data=part * 600 + b"--x--",
        content_type="multipart/form-data; boundary=x",
    )  # fmt: skip


def test_a_database_that_is_away_keeps_the_answers_on_the_previous_page(
    on_file: Scenario, reader: Visitor, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = reader.page(path).token

    def away(_: Database) -> None:
        raise DatabaseAway("gone")

    monkeypatch.setattr(Database, "write", away)
    monkeypatch.setattr(Database, "read", away)
    response = reader.send(
        path, {"_token": token, "child_safe": "mostly"}, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=IN_ENGLISH
    )
    assert "still on the previous page" in response.text
    assert response.headers["Retry-After"] == "60"
    reader.fetch("/ready", status=HTTPStatus.SERVICE_UNAVAILABLE)
    reader.fetch("/health")
    reader.fetch("/")
    reader.fetch("/s/ABC", status=HTTPStatus.NOT_FOUND)
    monkeypatch.undo()
    reader.send(path, {"_token": token, "child_safe": "mostly"})
    assert on_file.opened("guardians", on_file.link("guardians")) == [{"child_safe": "mostly"}]


def test_something_unexpected_gets_a_page_with_advice(
    reader: Visitor, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret value")

    monkeypatch.setattr("survey_service.web.respondent.views.submit_answers", fail)
    token = reader.page(path).token
    response = reader.send(path, {"_token": token}, status=HTTPStatus.INTERNAL_SERVER_ERROR, headers=IN_ENGLISH)
    assert "still on the previous page" in response.text
    assert "secret" not in response.text


def test_machines_are_told_alive_and_ready(visitor: Visitor) -> None:
    assert visitor.fetch("/health").text == "alive\n"
    assert visitor.fetch("/ready").text == "ready\n"


def test_a_database_without_its_tables_is_not_ready(tmp_path: Path, on_file: Scenario) -> None:
    on_file.database = Database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    assert on_file.app.test_client().get("/ready").status_code == HTTPStatus.SERVICE_UNAVAILABLE
    on_file.database.dispose()


def test_a_static_file_is_kept_for_a_year_under_its_hashed_name_and_there_under_no_other(
    on_file: Scenario, reader: Visitor
) -> None:
    url = on_file.app.jinja_env.globals["static_url"]
    assert callable(url)
    address = url("base.css")
    plain = reader.fetch(address)
    packed = reader.fetch(address, headers={"Accept-Encoding": "gzip"})
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.mimetype == "text/css"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data)
    for name in ("base.css", "base.000000000000.css", "..%2ftokens.css", ""):
        reader.fetch(f"/static/{name}", status=HTTPStatus.NOT_FOUND)
