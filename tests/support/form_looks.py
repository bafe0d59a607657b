"""The pages that respondents meet, as states of a browser, and what must hold for the looks of every one of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from survey_service.storage.database import Database
from survey_service.storage.schema import migrate
from tests.support.form_in_browser import serving
from tests.support.kinds_round import MANY_GROUPS, PRESCHOOL, TAGS, KindsRound, add_kinds_round
from tests.support.scenario import A_MORNING

SCHEMES = ("light", "dark")
WIDTHS = (320, 768, 1280)

SMALLEST_TARGET = 44

AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}

TOO_SMALL = """least => [...document.querySelectorAll(
    'button, summary, select, textarea, a.button, input:not(.options input), .options > *, nav a')]
    .filter(node => node.checkVisibility())
    .map(node => [node.outerHTML.slice(0, 120), node.getBoundingClientRect()])
    .filter(([, box]) => box.height < least - .5 || box.width < least - .5)
    .map(([html, box]) => `${html} is ${box.width} x ${box.height}`)"""

TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll('main, main *:not(.symbols, .symbols *)')]
    .filter(node => node.checkVisibility() && node.getBoundingClientRect().width > 0)
    .filter(node => { const box = node.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1 })
    .map(node => node.outerHTML.slice(0, 120))"""

SCROLLS_SIDEWAYS = "() => document.documentElement.scrollWidth > innerWidth"


@dataclass(frozen=True)
class Look:
    """A state of a page: where it begins, and what is done there. `closed`: after the last day."""

    path: Callable[[KindsRound], str]
    act: Callable[[Page], None] = lambda _: None
    closed: bool = False


def steps(number: int) -> Callable[[Page], None]:
    """Press Next so often."""

    def act(page: Page) -> None:
        for _ in range(number):
            page.locator("[data-next]").click()

    return act


def _to_the_end(page: Page) -> None:
    while page.locator("[data-next]").is_visible():
        page.locator("[data-next]").click()


def _choose_a_face(page: Page) -> None:
    steps(1)(page)
    page.locator("[name=play]").first.check()


def _follow_up(page: Page) -> None:
    steps(2)(page)
    page.locator("[name=travels][value=bus]").check()
    page.locator("[name=on_bus]").first.check()


def _second_language(page: Page) -> None:
    steps(1)(page)
    page.locator("summary").click()
    page.locator("#second").select_option(index=1)
    page.locator(".second button").click()
    page.locator(".also:visible").first.wait_for()


def _wrong(page: Page) -> None:
    # Past the script, which would not let it through.
    page.evaluate(
        "() => { document.querySelector('[name=minutes]').value = '999';"
        "HTMLFormElement.prototype.submit.call(document.getElementById('answers')) }"
    )
    page.locator("[role=alert] a").first.wait_for()
    page.locator("#q-minutes.wrong").wait_for(state="attached")


def _wrong_step(page: Page) -> None:
    _wrong(page)
    page.locator("[role=alert] a").first.click()


def _sent(page: Page) -> None:
    _to_the_end(page)
    page.locator(".last button[type=submit]").click()
    page.locator("[data-sent]").wait_for()


def _child(site: KindsRound) -> str:
    return site.path("child", "Blåsippan", PRESCHOOL)


def _adult(site: KindsRound) -> str:
    return site.path("adult")


LOOKS = {
    "the page to type a code on": Look(lambda _: "/"),
    "a code that opens nothing": Look(lambda _: "/s/ABC"),
    "a child's first screen": Look(lambda site: site.path("child", "Ekorren", PRESCHOOL)),
    "three faces": Look(_child, _choose_a_face),
    "five faces": Look(_child, steps(2)),
    "yes and no with drawings": Look(_child, steps(3)),
    "information": Look(_child, steps(4)),
    "a choice with drawings": Look(_child, steps(5)),
    "several choices of a child": Look(_child, steps(6)),
    "a child's own words": Look(_child, steps(7)),
    "a child's last screen": Look(_child, _to_the_end),
    "a pupil's scale": Look(lambda site: site.path("pupil", "4A"), steps(1)),
    "a pupil's thanks": Look(lambda site: site.path("pupil", "4A"), _sent),
    "a grown-up's first screen": Look(_adult),
    "scales, a long one and own groups": Look(_adult, steps(1)),
    "an own group among many": Look(lambda site: site.path("adult", "", MANY_GROUPS), steps(1)),
    "choices, a follow-up, a number and own words": Look(_adult, _follow_up),
    "two languages at once": Look(_adult, _second_language),
    "what cannot be taken": Look(_adult, _wrong),
    "what cannot be taken, at its question": Look(_adult, _wrong_step),
    "a grown-up's last screen": Look(_adult, _to_the_end),
    "a grown-up's thanks": Look(_adult, _sent),
    "a guardian's form": Look(lambda site: site.path("guardian"), steps(3)),
    "closed": Look(_adult, closed=True),
}


@dataclass(frozen=True)
class View:
    """How somebody looks at a page."""

    tag: str
    scheme: str
    width: int


ALL_VIEWS = tuple(View(tag, scheme, width) for tag in TAGS for scheme in SCHEMES for width in WIDTHS)


def chosen_views(place: int) -> tuple[View, ...]:
    """Three views of the page at that place, so that every pair of page, language, scheme and width is met."""
    return tuple(
        View(TAGS[turn], SCHEMES[(turn + place) % 2], WIDTHS[(turn + place // 2) % len(WIDTHS)])
        for turn in range(len(TAGS))
    )


@contextmanager
def looked_at(browser: Browser, site: KindsRound, address: str, look: Look, view: View) -> Iterator[Page]:
    """The page in its state."""
    site.clock.now = A_MORNING + timedelta(days=60 if look.closed else 0)
    context = browser.new_context(
        viewport={"width": view.width, "height": 900},
        color_scheme="dark" if view.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        page.goto(f"{address}{look.path(site)}?lang={view.tag}")
        look.act(page)
        yield page
    finally:
        context.close()


def faults_of_looks(page: Page, view: View) -> Iterator[str]:
    """What is wrong with how the page looks, one line a fault."""
    if page.locator("html").get_attribute("lang") != view.tag:
        yield f"is not in {view.tag}"
    # Playwright's own way to evaluate is no script of the page's, so the page's policy does not matter here.
    for violation in Axe().run(page, options=AXE).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
    yield from page.evaluate(TOO_SMALL, SMALLEST_TARGET)
    if page.evaluate(SCROLLS_SIDEWAYS):
        yield "scrolls sideways"
    yield from (f"sticks out: {html}" for html in page.evaluate(TOO_WIDE))


@contextmanager
def served_kinds(home: Path) -> Iterator[tuple[KindsRound, str]]:
    """The round with every kind of question, served, and its address."""
    database = Database(f"sqlite:///{home / 'survey.sqlite'}")
    migrate(database)
    site = add_kinds_round(database, home)
    try:
        with serving(site.app) as address:
            yield site, address
    finally:
        database.dispose()
