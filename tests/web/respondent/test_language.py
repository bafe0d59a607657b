"""Languages: chosen by address or browser, switched around the answers already given, stored with none of them."""

from http import HTTPStatus

import pytest

from survey_service.domain.languages import LANGUAGES
from tests.support.pages import Page
from tests.support.scenario import Scenario
from tests.support.visitor import Visitor


@pytest.mark.parametrize(
    ("query", "browser", "spoken"),
    [
        ("", "sv", "sv"),
        ("", "en", "en"),
        ("", "en-GB,en;q=0.9,sv;q=0.8", "en"),
        ("", "sv;q=0.5,en;q=0.6", "en"),
        ("", "en;q=0", "sv"),
        ("", "tlh,fr;q=0.9", "sv"),
        ("", "", "sv"),
        ("", ";;,q=,\x7f", "sv"),
        ("?lang=en", "sv", "en"),
        ("?lang=sv", "en", "sv"),
        ("?lang=tlh", "en", "en"),
        ("?lang=", "en", "en"),
        ("?lang=%ff", "sv", "sv"),
        ("?lang=../../etc", "sv", "sv"),
    ],
)
def test_the_address_decides_the_language_then_the_browser_then_swedish(
    on_file: Scenario, reader: Visitor, query: str, browser: str, spoken: str
) -> None:
    for path in ("/", f"/s/{on_file.code('pupils', '4A')}", "/s/ABC"):
        status = HTTPStatus.NOT_FOUND if path == "/s/ABC" else HTTPStatus.OK
        page = reader.page(f"{path}{query}", status=status, headers={"Accept-Language": browser})
        assert page.attributes("html") == [{"lang": spoken, "dir": LANGUAGES[spoken].direction}]


def test_a_collection_offers_only_the_languages_it_wants(on_file: Scenario, reader: Visitor) -> None:
    on_file.change_collections(languages=("sv",))
    page = reader.page(f"/s/{on_file.code('guardians')}?lang=en", headers={"Accept-Language": "en"})
    assert page.attributes("html")[0]["lang"] == "sv"
    assert not [button for button in page.attributes("button") if button.get("name") == "_switch"]


def test_each_language_is_a_button_with_its_own_name_language_and_direction(on_file: Scenario, reader: Visitor) -> None:
    page = reader.page(f"/s/{on_file.code('guardians')}")
    buttons = [button for button in page.attributes("button") if button.get("name") == "_switch" and "lang" in button]
    assert [(button["value"], button["lang"], button["dir"], button["formaction"]) for button in buttons] == [
        (tag, tag, language.direction, f"?lang={tag}") for tag, language in LANGUAGES.items()
    ]
    assert all(language.name in page.html for language in LANGUAGES.values())


def test_switching_keeps_the_answers_and_the_submission_and_stores_nothing(
    scenario: Scenario, visitor: Visitor
) -> None:
    path, link = f"/s/{scenario.code('pupils', '4A')}", scenario.link("pupils", "4A")
    given = {"noisy": "never", "gender": "girl"}
    token = visitor.page(path).token
    english = Page(
        visitor.send(f"{path}?lang=en", {"_token": token, "_switch": "en", **given}, status=HTTPStatus.OK).text
    )
    assert english.attributes("html")[0]["lang"] == "en"
    assert english.checked() == given
    assert english.token == token
    assert scenario.received(link) == 0
    sent = visitor.send(f"{path}?lang=en", {"_token": english.token, **english.checked()})
    assert sent.headers["Location"] == f"{path}/thanks?lang=en"
    assert visitor.page(sent.headers["Location"]).attributes("html")[0]["lang"] == "en"
    visitor.send(path, {"_token": token, **given})
    assert scenario.opened("pupils", link) == [given]


def test_switching_with_a_damaged_token_or_strange_fields_still_keeps_the_answers(
    on_file: Scenario, reader: Visitor
) -> None:
    path = f"/s/{on_file.code('pupils', '4A')}"
    fields = {"_token": "x", "_switch": "en", "noisy": "never", "strange": "1", "gender": "?"}
    page = Page(reader.send(f"{path}?lang=en", fields, status=HTTPStatus.OK).text)
    assert page.checked() == {"noisy": "never"}
    reader.send(path, {"_token": page.token, "noisy": "never"})


def test_a_language_without_all_texts_of_a_form_is_not_offered(on_file: Scenario, reader: Visitor) -> None:
    catalogs = on_file.app.extensions["desk"].pages._catalogs
    catalogs.form_is_complete = lambda _, tag: tag == "sv"
    page = reader.page(f"/s/{on_file.code('guardians')}?lang=en", headers={"Accept-Language": "en"})
    assert page.attributes("html")[0]["lang"] == "sv"
