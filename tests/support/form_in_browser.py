"""Respondent forms in a real browser: small forms of every kind, who serves them, and what was sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from werkzeug.serving import make_server

from survey_service.questionnaires.form_file import digest, load_forms, to_definition
from survey_service.storage.database import Database
from survey_service.storage.forms import StoredForm, freeze_form, put_form
from survey_service.storage.rounds import find_round, put_round
from survey_service.storage.schema import migrate
from tests.support.project import ROOT
from tests.support.scenario import ROUND, Scenario, add_scenario

SMALL = {"pupils": "steps-child", "guardians": "steps-adult"}
"""The small forms by the collection that asks them."""


@dataclass
class Visitor:
    """Somebody at a browser: their page, and every request it made."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def note(self, request: Request) -> None:
        """Remember a request."""
        self.requests.append(request)

    @property
    def sent(self) -> list[dict[str, list[str]]]:
        """The fields of every POST, in order."""
        return [parse_qs(request.post_data or "") for request in self.requests if request.method == "POST"]

    def next(self, times: int = 1) -> None:
        """Press Next; on the first screen, Begin."""
        for _ in range(times):
            self.page.locator("[data-next]").click()

    def choose(self, question: str, *values: str) -> None:
        """Choose answers to a question that is on the screen."""
        for value in values:
            self.page.locator(f"[name={question}][value={value}]").check()

    def to_the_end(self) -> None:
        """Leave all questions that are left."""
        while self.page.locator("[data-next]").is_visible():
            self.next()

    def send(self) -> None:
        """Press the button that sends, and wait for thanks."""
        self.press_send()
        expect(self.page.locator("[data-sent]")).to_be_visible()

    def press_send(self) -> None:
        """Press the button that sends."""
        self.page.locator(".last button[type=submit]").click()

    @property
    def step(self) -> str:
        """The id of the first question on the screen; `first` or `last` where none is asked."""
        found: str = self.page.evaluate(
            """() => { const step = document.querySelector('.step:not([hidden])');
            return step.querySelector('[data-kind]:not([hidden])')?.id.slice(2)
                ?? (step.classList.contains('first') ? 'first' : 'last') }"""
        )
        return found

    @property
    def token(self) -> str:
        """The form's token, which holds the submission id."""
        return self.page.locator("[name=_token]").input_value()

    @property
    def kept(self) -> str:
        """All that the browser keeps for the site, as text; empty where it is nothing."""
        text: str = self.page.evaluate(
            """() => [...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie].join('')"""
        )
        return text


@dataclass(frozen=True)
class Site:
    """A served scenario."""

    scenario: Scenario
    address: str

    def url(self, collection: str, group: str = "", query: str = "", *, serial: int = 0) -> str:
        """The address of a link's form."""
        return f"{self.address}/s/{self.scenario.code(collection, group, serial=serial)}{query}"

    def received(self, collection: str, group: str = "") -> int:
        """How many submissions a link has taken."""
        return self.scenario.received(self.scenario.link(collection, group))


@contextmanager
def site(home: Path, *, small: bool) -> Iterator[Site]:
    """A scenario on SQLite, with the small forms or with those that are shipped, served by threads."""
    database = Database(f"sqlite:///{home / 'survey.sqlite'}")
    migrate(database)
    scenario = add_scenario(database, home)
    if small:
        _ask_small_forms(database)
    scenario.change_link(scenario.link("pupils", "4A"), seats=1000)  # all tests of a process answer through it
    try:
        with serving(scenario.app) as address:
            yield Site(scenario, address)
    finally:
        database.dispose()


@contextmanager
def serving(app: Flask, port: int | None = None) -> Iterator[str]:
    """The application's address while it serves, on any free port unless one is wanted."""
    server = make_server("127.0.0.1", port or 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def visitor(browser: Browser, url: str, **settings: object) -> Iterator[Visitor]:
    """Somebody who opens a form in a browser of their own; an error in the page's script fails the test."""
    context: BrowserContext = browser.new_context(**settings)  # type: ignore[arg-type]
    somebody = Visitor(context.new_page())
    somebody.page.on("request", somebody.note)
    somebody.page.on("pageerror", lambda error: somebody.errors.append(str(error)))
    somebody.page.goto(url)
    try:
        yield somebody
        assert not somebody.errors, somebody.errors
    finally:
        context.close()


def _ask_small_forms(database: Database) -> None:
    forms = load_forms(ROOT / "tests" / "browser" / "forms")
    with database.write() as connection:
        for form in forms.values():
            put_form(connection, StoredForm(form.id, form.version, digest(form), to_definition(form)))
            freeze_form(connection, form.id, form.version)
        planned = find_round(connection, ROUND)
        assert planned
        asked = (replace(item, form=SMALL.get(item.id, item.form)) for item in planned.collections)
        put_round(connection, replace(planned, collections=tuple(asked)))
