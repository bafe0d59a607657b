"""The office in a real browser: figures that live, what happens without contact, and accessibility."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from survey_service.services.manage_accounts import add_account
from survey_service.services.sign_in import make_sign_in_link, sign_out
from survey_service.storage.database import Database
from tests.support.office import ADMIN, Clock, office_on
from tests.support.small_municipality import DURING, add_municipality, migrated, show_answers

BETWEEN_POLLS = 11_000
HT = "/office/rounds/ht-2026"
PAGES = ["/office/rounds", HT, f"{HT}/units/10000001", f"{HT}/links/10000002", f"{HT}/close", "/office/nowhere"]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application's address while it serves."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def on_file(tmp_path: Path) -> Iterator[Database]:
    """The small municipality with an administrator and some answers."""
    with migrated(f"sqlite:///{tmp_path / 'survey.sqlite'}") as database:
        add_municipality(database)
        add_account(database, ADMIN, "admin")
        show_answers(database, "pupils", "10000001", "4B", 18)
        show_answers(database, "guardians", "10000002", "", 12)
        yield database


@pytest.fixture
def address(on_file: Database) -> Iterator[str]:
    with serving(office_on(on_file, Clock())) as address:
        yield address


def signed_in(browser: Browser, address: str, database: Database, **settings: object) -> Page:
    """A page of somebody from the office, showing the open round."""
    page = browser.new_context(**{"locale": "en", **settings}).new_page()  # type: ignore[arg-type]
    page.goto(make_sign_in_link(database, address, ADMIN, DURING))
    page.get_by_role("main").get_by_role("button").click()
    expect(page).to_have_url(f"{address}{HT}")
    return page


@pytest.fixture
def live(browser: Browser, address: str, on_file: Database) -> Iterator[Page]:
    """A page of the open round, on which time passes as the test says."""
    page = signed_in(browser, address, on_file)
    page.clock.install()
    page.reload()
    yield page
    page.context.close()


def test_figures_rise_on_the_open_page_and_nobody_loses_their_place(live: Page, on_file: Database) -> None:
    unit = live.get_by_role("link", name="Ängsskolan").first
    unit.focus()
    show_answers(on_file, "pupils", "10000001", "4B", 21)

    with live.expect_response("**/figures") as first:
        live.clock.run_for(BETWEEN_POLLS)

    assert first.value.status == 200
    expect(live.get_by_role("row", name="4B")).to_contain_text("21")
    expect(live.get_by_role("status")).to_have_text("33 of 116 have answered, 28\N{NO-BREAK SPACE}%")
    expect(unit).to_be_focused()

    with live.expect_response("**/figures") as second:
        live.clock.run_for(BETWEEN_POLLS)
    assert second.value.status == 304


def test_a_page_without_contact_says_how_old_its_figures_are(live: Page) -> None:
    live.route("**/figures", lambda route: route.abort())
    live.clock.run_for(BETWEEN_POLLS)
    expect(live.locator("#age")).to_contain_text("No contact with the survey office")
    live.unroute_all()
    live.clock.run_for(BETWEEN_POLLS)
    expect(live.locator("#age")).to_contain_text("Figures as they were at")


def test_an_open_page_of_somebody_who_signed_out_elsewhere_asks_them_to_sign_in(live: Page, on_file: Database) -> None:
    sign_out(on_file, ADMIN)
    live.clock.run_for(BETWEEN_POLLS)
    expect(live.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_without_scripts_the_page_is_whole_and_has_a_link_to_renew_it(
    browser: Browser, address: str, on_file: Database
) -> None:
    page = signed_in(browser, address, on_file, java_script_enabled=False)
    show_answers(on_file, "pupils", "10000001", "4B", 21)
    page.get_by_role("link", name="Renew").click()
    expect(page.get_by_role("row", name="4B")).to_contain_text("21")
    page.context.close()


@pytest.mark.parametrize("locale", ["sv", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_phone(
    browser: Browser, address: str, on_file: Database, scheme: str, locale: str
) -> None:
    phone = {"width": 360, "height": 740}
    page = signed_in(browser, address, on_file, color_scheme=scheme, locale=locale, viewport=phone)
    for path in PAGES:
        page.goto(address + path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}\n{found.generate_report()}"
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider == 0, f"{path} scrolls sideways"
    page.context.close()
