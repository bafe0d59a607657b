"""What the application logs tells what is wrong, and nothing of who met it or what they sent."""

import io
import logging
from http import HTTPStatus
from threading import Event, Thread

import pytest
from gunicorn.config import Config

from survey_service.settings import MissingSecret, read_settings
from survey_service.web.respondent.failed_codes import FailedCodes
from survey_service.web.shared.quiet_log import QuietLogger, described
from tests.support.scenario import Scenario
from tests.support.visitor import Visitor


def test_an_unexpected_error_is_told_by_route_class_and_place(
    on_file: Scenario, reader: Visitor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = on_file.code("guardians")

    def fail(*_: object, **__: object) -> None:
        try:
            {}["first-secret"]
        except KeyError as error:
            raise RuntimeError("second-secret") from error

    token = reader.page(f"/s/{code}").token
    monkeypatch.setattr("survey_service.web.respondent.views.submit_answers", fail)
    reader.send(f"/s/{code}", {"_token": token, "child_safe": "mostly"}, status=HTTPStatus.INTERNAL_SERVER_ERROR)
    (record,) = caplog.records
    line = record.getMessage()
    for told in ("/s/<code>", "builtins.RuntimeError", "views.py:", "caused by builtins.KeyError"):
        assert told in line
    for trace in (code, "secret", "mostly", token, "127.0.0.1", "werkzeug/"):
        assert trace not in line
    assert record.exc_info is None


def test_the_usual_course_of_things_is_not_logged_at_all(
    on_file: Scenario, reader: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = f"/s/{on_file.code('guardians')}"
    token = reader.page(path).token
    reader.send(path, {"_token": token, "child_safe": "mostly"})
    reader.send(path, {"_token": token, "child_safe": "?"}, status=HTTPStatus.BAD_REQUEST)
    reader.fetch("/s/ABC", status=HTTPStatus.NOT_FOUND)
    assert [record for record in caplog.records if record.name.startswith(("survey_service", "werkzeug"))] == []


def test_failed_codes_raise_one_alert_that_names_none_of_them(caplog: pytest.LogCaptureFixture) -> None:
    failed = FailedCodes(pause_seconds=0, alert_from=10)
    for _ in range(9):
        failed.note()
    assert caplog.records == []
    for _ in range(9):
        failed.note()
    (record,) = caplog.records
    assert record.getMessage() == "10 codes that open nothing were tried within a minute"


def test_only_one_thread_waits_for_a_failed_code(monkeypatch: pytest.MonkeyPatch) -> None:
    asleep, awake, waited = Event(), Event(), []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        asleep.set()
        assert awake.wait(60)

    monkeypatch.setattr("survey_service.web.respondent.failed_codes.time.sleep", sleep)
    failed = FailedCodes(pause_seconds=30)
    first = Thread(target=failed.note)
    first.start()
    assert asleep.wait(60)
    failed.note()  # would wait for ever here, were it to wait at all
    awake.set()
    first.join()
    assert waited == [1.0], "a second at most, whatever the setting"


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(written: io.StringIO) -> QuietLogger:
    config = Config()
    config.set("loglevel", "debug")
    config.set("accesslog", "-")
    logger = QuietLogger(config)
    for log in (logger.error_log, logger.access_log):
        log.handlers = [logging.StreamHandler(written)]
    return logger


def test_what_gunicorn_says_of_single_requests_loses_all_that_is_theirs(
    logger: QuietLogger, written: io.StringIO
) -> None:
    logger.access(None, None, {}, None)
    logger.debug("%s %s", "GET", "/s/secret")
    try:
        int("secret")
    except ValueError:
        logger.warning("Invalid request from ip=10.0.0.1: secret")
        logger.exception("Error handling request %s %s", "GET", "/s/secret")
        logger.exception("Error handling request %s", "/s/secret")
        logger.exception("Socket error processing request.")
        logger.exception("HTTP/2 socket error")
    lines = written.getvalue()
    assert lines.count("builtins.ValueError < ") == 5
    for trace in ("secret", "10.0.0.1", "GET", "Traceback"):
        assert trace not in lines


def test_what_gunicorn_says_of_itself_is_kept(logger: QuietLogger, written: io.StringIO) -> None:
    logger.info("Booting worker with pid: %s", 1)
    logger.critical("WORKER TIMEOUT (pid:%s)", 2)
    logger.warning("Worker (pid:%s) was sent SIGTERM!", 3)
    try:
        read_settings({"SURVEY_HOME": "/nowhere"}, needs=["token"])
    except MissingSecret:
        logger.exception("Exception in worker process")
    lines = written.getvalue()
    for told in ("pid: 1", "TIMEOUT (pid:2)", "(pid:3)", "Traceback", "SURVEY_TOKEN_KEY is not set"):
        assert told in lines


def test_nothing_is_described_as_nothing() -> None:
    assert described(None) == ""
