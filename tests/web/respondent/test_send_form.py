"""Sending a form: stored once and sealed, or given back with its answers and a clear reason; on both databases."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest

from survey_service.domain.form_token import FormToken, FormTokens, new_submission_id
from survey_service.questionnaires.form_file import digest
from tests.support.pages import Page
from tests.support.scenario import A_MORNING, KEYS, Scenario
from tests.support.visitor import Visitor

IN_ENGLISH = {"Accept-Language": "en"}

ANSWERS = {"safe_in_class": "mostly", "noisy": "never", "safe_at_break": "dont_know", "gender": "other"}


class Sheet:
    """The pupil's form of class 4A, opened by a visitor."""

    def __init__(self, scenario: Scenario, visitor: Visitor) -> None:
        self.scenario = scenario
        self.visitor = visitor
        self.link = scenario.link("pupils", "4A")
        self.path = f"/s/{scenario.code('pupils', '4A')}"
        self.token = visitor.page(self.path).token

    def send(self, status: int = HTTPStatus.SEE_OTHER, **fields: str | list[str]) -> Page:
        """Send fields with the form's token, unless told another one."""
        reply = self.visitor.send(self.path, {"_token": self.token, **fields}, status=status, headers=IN_ENGLISH)
        if status == HTTPStatus.SEE_OTHER:
            assert reply.headers["Location"] == f"{self.path}/thanks"
        return Page(reply.text)

    @property
    def stored(self) -> list[dict[str, str]]:
        """All answers of the class."""
        return self.scenario.opened("pupils", self.link)


@pytest.fixture
def sheet(scenario: Scenario, visitor: Visitor) -> Sheet:
    return Sheet(scenario, visitor)


def test_answers_are_stored_as_they_were_sent(sheet: Sheet) -> None:
    sheet.send(**ANSWERS)
    assert sheet.stored == [ANSWERS]


def test_a_form_without_any_answer_may_be_sent(sheet: Sheet) -> None:
    sheet.send()
    assert sheet.stored == [{}]


def test_a_form_sent_ten_times_counts_once_and_every_reply_is_thanks(sheet: Sheet) -> None:
    for _ in range(10):
        sheet.send(**ANSWERS)
    assert sheet.stored == [ANSWERS]


def test_a_repeat_after_closing_still_gets_thanks(sheet: Sheet) -> None:
    sheet.send(**ANSWERS)
    sheet.scenario.mark(closed_at=A_MORNING)
    sheet.send(**ANSWERS)
    assert sheet.scenario.received(sheet.link) == 1


def test_two_forms_of_one_code_are_two_answers(sheet: Sheet, visitor: Visitor) -> None:
    second = Sheet(sheet.scenario, visitor)
    sheet.send(**ANSWERS)
    second.send(noisy="often")
    assert len(sheet.stored) == 2


def test_a_multipart_form_is_a_form_too(sheet: Sheet, visitor: Visitor) -> None:
    fields = {"_token": sheet.token, "noisy": "often"}
    visitor.send(sheet.path, fields, content_type="multipart/form-data")
    assert sheet.stored == [{"noisy": "often"}]


def test_thanks_says_that_the_answers_arrived_and_offers_a_blank_form(sheet: Sheet, visitor: Visitor) -> None:
    sheet.send(**ANSWERS)
    thanks = visitor.fetch(f"{sheet.path}/thanks")
    assert thanks.headers["Clear-Site-Data"] == '"cache"'
    assert "22 oktober 2026" in thanks.text
    links = [link["href"] for link in Page(thanks.text).attributes("a")]
    assert sheet.path in links
    again = visitor.page(sheet.path)
    assert again.checked() == {}
    assert again.token != sheet.token


def test_thanks_offers_no_second_form_on_a_single_use_code_or_after_closing(
    scenario: Scenario, visitor: Visitor
) -> None:
    staff, guardian = (f"/s/{scenario.code(name)}" for name in ("staff", "guardians"))
    assert staff not in visitor.fetch(f"{staff}/thanks").text
    scenario.clock.now = A_MORNING + timedelta(days=40)
    assert f'href="{guardian}"' not in visitor.fetch(f"{guardian}/thanks").text


def test_a_single_use_code_counts_once_however_many_forms_were_opened_with_it(
    scenario: Scenario, visitor: Visitor
) -> None:
    path = f"/s/{scenario.code('staff', serial=3)}"
    tokens = [visitor.page(path).token for _ in range(2)]
    for token in tokens:
        visitor.send(path, {"_token": token})
    assert scenario.received(scenario.link("staff")) == 1


@pytest.mark.parametrize(
    "alter",
    [
        lambda _: "",
        lambda token: token[:-1],
        lambda token: token + "a",
        lambda token: token.replace(":1:", ":2:"),
        lambda token: token.split(".")[0],
        lambda token: token.upper(),
        lambda _: "å.☃:\u0000",
        lambda token: "a:b:c:d." + token.rpartition(".")[2],
        lambda token: token * 50,
    ],
)
def test_an_altered_token_gives_the_form_back_with_its_answers_and_a_token_that_works(
    sheet: Sheet, alter: object
) -> None:
    assert callable(alter)
    page = sheet.send(HTTPStatus.BAD_REQUEST, **ANSWERS, _token=alter(sheet.token))
    assert page.checked() == ANSWERS
    assert _is_said_at_the_top(page)
    assert sheet.stored == []
    sheet.send(**page.checked(), _token=page.token)
    assert sheet.stored == [ANSWERS]


def test_a_form_cut_off_on_its_way_is_not_taken_for_a_short_one(sheet: Sheet, visitor: Visitor) -> None:
    page = Page(visitor.send(sheet.path, {"noisy": "often"}, status=HTTPStatus.BAD_REQUEST).text)
    assert page.checked() == {"noisy": "often"}
    assert sheet.stored == []


@pytest.mark.parametrize("other", ["guardians", "staff", "pupils 4B"])
def test_a_token_of_another_form_or_link_is_refused(sheet: Sheet, visitor: Visitor, other: str) -> None:
    foreign = visitor.page(f"/s/{sheet.scenario.code(*other.split())}").token
    sheet.send(HTTPStatus.BAD_REQUEST, _token=foreign, **ANSWERS)
    assert sheet.stored == []


def test_a_token_signed_with_another_key_is_refused(sheet: Sheet) -> None:
    parts = FormToken(sheet.link.id, 1, digest(sheet.scenario.form("pupils")), new_submission_id())
    sheet.send(HTTPStatus.BAD_REQUEST, _token=FormTokens([KEYS["link"]]).sign(parts), **ANSWERS)
    sheet.send(_token=FormTokens([KEYS["token"]]).sign(parts), **ANSWERS)
    assert sheet.stored == [ANSWERS]


@pytest.mark.parametrize(
    "value", ["Never", "no_answer", "not_applicable", "yes", "\ufffd", "<b>", ["never", "often"], "a" * 10_000]
)
def test_a_value_that_no_option_has_points_to_its_question(sheet: Sheet, value: str | list[str]) -> None:
    page = sheet.send(HTTPStatus.BAD_REQUEST, safe_in_class="mostly", noisy=value)
    assert page.checked()["safe_in_class"] == "mostly"
    assert "#q-noisy" in [link["href"] for link in page.attributes("a")]
    assert _is_said_at_the_top(page)
    assert page.token == sheet.token
    assert sheet.stored == []


@pytest.mark.parametrize("name", ["unknown", "safe_in_class ", "_other", "", "<script>", "å" * 200, "__class__"])
def test_an_unknown_field_gives_the_form_back_with_its_answers(sheet: Sheet, name: str) -> None:
    page = sheet.send(HTTPStatus.BAD_REQUEST, **ANSWERS, **{name: "x"})
    assert page.checked() == ANSWERS
    assert _is_said_at_the_top(page)
    assert sheet.stored == []


def test_dont_know_is_refused_where_the_question_does_not_offer_it(sheet: Sheet) -> None:
    sheet.send(HTTPStatus.BAD_REQUEST, gender="dont_know")
    assert sheet.stored == []


def test_more_answers_than_seats_stay_on_the_page_until_the_teacher_adds_one(sheet: Sheet, visitor: Visitor) -> None:
    sheet.scenario.change_link(sheet.link, seats=1)
    late = Sheet(sheet.scenario, visitor)
    sheet.send(**ANSWERS)
    page = late.send(HTTPStatus.CONFLICT, **ANSWERS)
    assert page.checked() == ANSWERS
    assert page.token == late.token
    assert "Tell your teacher" in page.html
    sheet.scenario.change_link(sheet.link, seats=2)
    late.send(**ANSWERS)
    assert len(sheet.stored) == 2


def test_a_form_open_at_closing_may_be_sent_for_the_grace_and_not_after(sheet: Sheet) -> None:
    midnight = datetime(2026, 10, 22, 22, tzinfo=UTC)
    sheet.scenario.clock.now = midnight + timedelta(minutes=14, seconds=59)
    sheet.send(**ANSWERS)
    sheet.scenario.clock.now = midnight + timedelta(minutes=15)
    late = sheet.send(HTTPStatus.GONE, _token=_another(sheet), **ANSWERS)
    assert "has closed" in late.html
    assert sheet.stored == [ANSWERS]


def test_a_form_whose_link_was_replaced_meanwhile_is_not_taken(sheet: Sheet) -> None:
    sheet.scenario.replace_link(sheet.link)
    page = sheet.send(HTTPStatus.GONE, **ANSWERS)
    assert "has been replaced" in page.html
    assert sheet.stored == []


def test_the_code_page_is_what_a_form_sent_to_a_wrong_code_gets(sheet: Sheet, visitor: Visitor) -> None:
    visitor.send("/s/ABC", {"_token": sheet.token}, status=HTTPStatus.NOT_FOUND)


def _another(sheet: Sheet) -> str:
    token = FormToken(sheet.link.id, 1, digest(sheet.scenario.form("pupils")), new_submission_id())
    return FormTokens([KEYS["token"]]).sign(token)


def _is_said_at_the_top(page: Page) -> bool:
    roles = [attributes.get("role") for _, attributes in page.elements]
    names = [name for name, _ in page.elements]
    return "alert" in roles and roles.index("alert") < names.index("form")
