"""Somebody who answers a form in Firefox or WebKit: what they do, what they see, and what stays behind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from selenium.common.exceptions import JavascriptException, NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE = 60
"""Seconds to wait for what must come true, on a machine that may be busy."""

BETWEEN_PAGES = (JavascriptException, NoSuchElementException, StaleElementReferenceException)

SHOWN = ".step:not([hidden])"
ANY_ANSWER = """return [...document.querySelectorAll('#answers [name]:not([type=hidden])')]
    .filter((field) => /radio|checkbox/.test(field.type) ? field.checked : field.value).map((field) => field.name)"""
KEPT = "return [...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie].join('')"
STEP = f"""const step = document.querySelector('{SHOWN}');
    return step.querySelector('[data-kind]:not([hidden])')?.id.slice(2)
        ?? (step.classList.contains('first') ? 'first' : 'last')"""


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser of their own. Everything they do waits until the page is ready for it."""

    driver: WebDriver

    def see(self, what: Callable[[], object]) -> None:
        """Wait until it holds; fail where it does not."""
        WebDriverWait(self.driver, PATIENCE, 0.1, BETWEEN_PAGES).until(lambda _: what())

    def all(self, selector: str) -> list[WebElement]:
        """Every element like this, shown or hidden."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def sees(self, selector: str) -> bool:
        """Whether something like this is shown."""
        return any(element.is_displayed() for element in self.all(selector))

    def find(self, selector: str) -> WebElement:
        """The first element like this, shown or hidden, as soon as it is there."""
        self.see(lambda: self.all(selector))
        return self.all(selector)[0]

    def press(self, selector: str) -> None:
        """Click on the first one that is shown."""
        self.see(lambda: self.sees(selector))
        next(element for element in self.all(selector) if element.is_displayed()).click()

    def next(self, times: int = 1) -> None:
        """Press Next; on the first screen, Begin."""
        for _ in range(times):
            self.press("[data-next]")

    def choose(self, question: str, *values: str) -> None:
        """Choose answers to a question that is on the screen."""
        for value in values:
            self.press(f"[name={question}][value={value}]")
            assert self.has_chosen(question, value)

    def write(self, selector: str, text: str) -> None:
        """Type into a field that is on the screen."""
        self.see(lambda: self.sees(selector))
        self.find(selector).send_keys(text)

    def to_the_end(self) -> None:
        """Leave all questions that are left."""
        while self.sees("[data-next]"):
            self.next()

    def press_send(self) -> None:
        """Press the button that sends."""
        self.press(".last button[type=submit]")

    def send(self) -> None:
        """Press the button that sends, and wait for thanks."""
        self.press_send()
        self.see(lambda: self.sees("[data-sent]"))

    def has_chosen(self, question: str, value: str) -> bool:
        """Whether an answer is chosen."""
        return self.find(f"[name={question}][value={value}]").is_selected()

    def stands_at(self, step: str) -> bool:
        """Whether the first question on the screen is this one; `first` or `last` where none is asked."""
        return bool(self.sees("#answers.stepped") and self.step == step)

    @property
    def step(self) -> str:
        """The id of the first question on the screen; `first` or `last` where none is asked."""
        return str(self.run(STEP))

    @property
    def has_focus(self) -> WebElement:
        """The element that has the focus."""
        return self.driver.switch_to.active_element

    @property
    def language(self) -> str:
        """The page's language."""
        return str(self.run("return document.documentElement.lang"))

    @property
    def token(self) -> str:
        """The form's token, which holds the submission id."""
        return str(self.run("return document.querySelector('[name=_token]').value"))

    @property
    def answered(self) -> list[str]:
        """The fields that hold an answer, shown or hidden."""
        return list(self.run(ANY_ANSWER))

    @property
    def kept(self) -> str:
        """All that the browser keeps for the site, as text; empty where it is nothing."""
        return str(self.run(KEPT)) + "".join(cookie["name"] for cookie in self.driver.get_cookies())

    def run(self, script: str) -> Any:
        """What a script of the test's says about the page."""
        return self.driver.execute_script(script)


Opens = Callable[..., Visitor]
"""Opens an address in a browser of its own; without scripts where it is told `scripts=False`."""
