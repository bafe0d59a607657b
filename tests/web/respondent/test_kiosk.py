"""A device that passes from pupil to pupil: its mode is kept from address to address, and covers nothing too soon."""

from urllib.parse import parse_qs, urlsplit

from tests.support.pages import Page
from tests.support.scenario import Scenario
from tests.support.visitor import Visitor


def idle_minutes(page: Page) -> list[str]:
    """After how long the page would be covered; empty where it never is."""
    return [dialog["data-minutes"] for dialog in page.attributes("dialog")]


def test_the_mode_is_kept_through_languages_sending_and_the_next_form(reader: Visitor, on_file: Scenario) -> None:
    path = f"/s/{on_file.code('pupils', '4A')}"
    page = reader.page(f"{path}?kiosk=1")
    switches = [button["formaction"] for button in page.attributes("button") if button.get("name") == "_switch"]
    assert switches
    assert {parse_qs(address[1:])["kiosk"][0] for address in switches} == {"1"}

    sent = reader.send(f"{path}?kiosk=1&lang=en", {"_token": page.token})
    assert parse_qs(urlsplit(sent.location).query) == {"kiosk": ["1"], "lang": ["en"]}
    thanks = reader.page(sent.location)
    again = next(item["data-return"] for item in thanks.attributes("div") if "data-return" in item)
    assert parse_qs(urlsplit(again).query) == {"kiosk": ["1"], "lang": ["en"]}


def test_thanks_on_a_pupils_device_name_the_helpline_in_this_mode_too(reader: Visitor, on_file: Scenario) -> None:
    path = f"/s/{on_file.code('pupils', '4A')}/thanks"
    for mode in ("", "?kiosk=1"):
        assert "tel:116111" in reader.fetch(path + mode).text


def test_an_idle_page_is_covered_after_between_five_and_twenty_minutes(reader: Visitor, on_file: Scenario) -> None:
    (minutes,) = idle_minutes(reader.page(f"/s/{on_file.code('pupils', '4A')}?kiosk=1"))
    assert 5 <= int(minutes) <= 20


def test_outside_the_mode_and_in_anpassad_grundskola_no_page_is_covered(reader: Visitor, on_file: Scenario) -> None:
    path = f"/s/{on_file.code('pupils', '4A')}"
    assert idle_minutes(reader.page(path)) == []
    on_file.change_collections(school_form="anpassad_grundskola")
    del on_file.app  # a link's state may be a second old
    assert idle_minutes(Visitor(on_file.app).page(f"{path}?kiosk=1")) == []


def test_the_thanks_come_with_the_reply_where_the_script_prefers_that(reader: Visitor, on_file: Scenario) -> None:
    link, path = on_file.link("pupils", "4A"), f"/s/{on_file.code('pupils', '4A')}"
    token = reader.page(path).token
    for _ in "once", "again":
        reply = reader.send(path, {"_token": token}, status=200, headers={"Prefer": "return=representation"})
        assert "data-sent" in reply.text
        assert reply.headers["Clear-Site-Data"] == '"cache"'
    assert on_file.received(link) == 1
