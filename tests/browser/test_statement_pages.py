"""The pages that say what the service is, and those on which the office settles it, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from survey_service.domain.logo import read_logo
from survey_service.domain.municipality import Face, Words
from survey_service.services.accessibility_feedback import give_feedback, read_feedback
from survey_service.services.change_settings import change_face, change_words, face_to_edit
from survey_service.services.manage_accounts import add_account
from survey_service.services.sign_in import make_sign_in_link
from survey_service.storage.database import Database
from survey_service.storage.schema import migrate
from tests.support.form_in_browser import serving
from tests.support.logos import SVG
from tests.support.office import ADMIN, Clock, office_on
from tests.support.scenario import Scenario, add_scenario
from tests.support.small_municipality import DURING

STATEMENTS = ["/about", "/about?voice=child", "/privacy", "/accessibility", "/accessibility/thanks", "/nowhere"]
OFFICE = [f"/office/{path}" for path in ("settings", "settings/texts", "settings/units/10000001", "feedback")]

WORDS = Words(
    {
        "support": {"sv": "Kuratorn Kim finns i rum 12, måndag till torsdag.\nSkolsköterskan Sam finns i rum 14."},
        "contact": {"sv": "Enkäten: 0123-456 78, enkat@exempelby.example"},
        "results": {"sv": "Resultaten kommer i mars, på kommunens webbplats."},
    }
)

AAA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
AAA_RULES = {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}


@pytest.fixture
def scenario(tmp_path: Path) -> Iterator[Scenario]:
    """A round on SQLite, in a municipality that has set everything."""
    database = Database(f"sqlite:///{tmp_path / 'survey.sqlite'}")
    migrate(database)
    scenario = add_scenario(database, tmp_path)
    change_face(database, 0, Face("Exempelby kommun", "#c8102e"), read_logo(SVG))
    change_words(database, 0, WORDS, scenario.clock())
    give_feedback(database, "1" * 32, "Knappen läses inte upp.", scenario.clock())
    add_account(database, ADMIN, "admin")
    yield scenario
    database.dispose()


@pytest.fixture
def address(scenario: Scenario) -> Iterator[str]:
    """Where the respondent application serves."""
    with serving(scenario.app) as address:
        yield address


@pytest.fixture
def office(scenario: Scenario) -> Iterator[str]:
    """Where the office serves."""
    with serving(office_on(scenario.database, Clock())) as address:
        yield address


def assert_accessible(page: Page, *, enhanced: bool) -> None:
    options = {**AAA, "rules": AAA_RULES} if enhanced else AAA
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0, f"{page.url} scrolls sideways"


def signed_in(browser: Browser, office: str, scenario: Scenario, **settings: object) -> Page:
    page = browser.new_context(**{"locale": "en", **settings}).new_page()  # type: ignore[arg-type]
    page.goto(make_sign_in_link(scenario.database, office, ADMIN, DURING))
    page.get_by_role("main").get_by_role("button").click()
    return page


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_statements_and_thanks_are_accessible_in_the_municipalitys_colour(
    browser: Browser, address: str, scenario: Scenario, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 740}
    page = browser.new_context(locale="sv-SE", color_scheme=scheme, viewport=size).new_page()  # type: ignore[arg-type]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    thanks = [f"/s/{scenario.code(name, group)}/thanks" for name, group in (("pupils", "4A"), ("guardians", ""))]
    for path in [*STATEMENTS, *thanks]:
        page.goto(address + path)
        assert_accessible(page, enhanced=True)
        heights = page.locator("footer a, .call").evaluate_all("all => all.map(a => a.getBoundingClientRect().height)")
        assert min(heights) >= 44
    assert page.locator(".logo").evaluate("logo => logo.complete && logo.naturalWidth > 0")
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert page.context.cookies() == []
    page.context.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_settings_are_accessible(
    browser: Browser, office: str, scenario: Scenario, scheme: str, width: int
) -> None:
    page = signed_in(browser, office, scenario, color_scheme=scheme, viewport={"width": width, "height": 740})
    for path in OFFICE:
        page.goto(office + path)
        assert_accessible(page, enhanced=False)
    page.goto(office + OFFICE[0])
    page.get_by_label("Colour").fill("#ffff00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("too light")
    assert_accessible(page, enhanced=False)
    page.context.close()


def test_feedback_is_sent_by_keyboard_alone_and_without_scripts(
    browser: Browser, address: str, scenario: Scenario
) -> None:
    page = browser.new_context(locale="en", java_script_enabled=False).new_page()
    page.goto(f"{address}/accessibility")
    page.get_by_role("textbox").press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("The button is silent")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    assert "The button is silent" in [item.text for item in read_feedback(scenario.database)]
    page.context.close()


def test_an_administrator_looks_at_a_colour_and_then_keeps_it_with_a_logo(
    browser: Browser, office: str, scenario: Scenario
) -> None:
    page = signed_in(browser, office, scenario)
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Colour").fill("#005293")
    page.get_by_role("button", name="Look at the colour").click()
    picture = page.get_by_role("img", name="A chosen answer")
    assert picture.evaluate("shown => shown.complete && shown.naturalWidth > 0")
    assert face_to_edit(scenario.database)[1].colour == "#c8102e"
    page.get_by_label("Logo", exact=True).set_input_files({"name": "x.svg", "mimeType": "", "buffer": SVG + b"\n"})
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    assert face_to_edit(scenario.database)[1].colour == "#005293"
    page.context.close()
