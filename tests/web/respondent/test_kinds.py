"""Every kind of question: how it stands on the page, what it takes, and what it refuses."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from survey_service.domain.answers import DONT_KNOW, NO_ANSWER, NOT_APPLICABLE, OPTIONS_FROM, group_key
from survey_service.storage.database import Database
from tests.support.kinds_round import FORM_OF, FORMS, MANY_GROUPS, PRESCHOOL, KindsRound, add_kinds_round
from tests.support.pages import Page
from tests.support.visitor import Visitor

IN_ENGLISH = {"Accept-Language": "en"}

FIRST = OPTIONS_FROM
SECOND = OPTIONS_FROM + 1


@pytest.fixture
def kinds(sqlite: Database, tmp_path: Path) -> KindsRound:
    """The round with every kind of question."""
    return add_kinds_round(sqlite, tmp_path)


@pytest.fixture
def visitor(kinds: KindsRound) -> Visitor:
    return Visitor(kinds.app)


@pytest.fixture
def adult(kinds: KindsRound, visitor: Visitor) -> "Sheet":
    """The form for grown-ups, in hand."""
    return Sheet(kinds, visitor, "adult")


@pytest.fixture
def child(kinds: KindsRound, visitor: Visitor) -> "Sheet":
    """The form for children, in hand."""
    return Sheet(kinds, visitor, "child", "Blåsippan", PRESCHOOL)


class Sheet:
    """A form opened by a visitor."""

    def __init__(self, kinds: KindsRound, visitor: Visitor, collection: str, *place: str) -> None:
        self.kinds = kinds
        self.visitor = visitor
        self.collection = collection
        self.link = kinds.link(collection, *place)
        self.path = kinds.path(collection, *place)
        self.page = visitor.page(self.path, headers=IN_ENGLISH)

    def send(self, status: int = HTTPStatus.SEE_OTHER, **fields: Any) -> Page:
        """Send fields with the form's token."""
        fields = {"_token": self.page.token, **fields}
        return Page(self.visitor.send(self.path, fields, status=status, headers=IN_ENGLISH).text)

    def switch(self, tag: str = "en", **fields: Any) -> Page:
        """Press a language's button."""
        return Page(
            self.visitor.send(
                f"{self.path}?lang={tag}", {"_token": self.page.token, "_switch": tag, **fields}, status=HTTPStatus.OK
            ).text
        )

    @property
    def row(self) -> dict[str, int]:
        """The one answer that waits, its bytes by slot."""
        (answer,) = self.kinds.received(self.collection, self.link)
        slots = FORMS[FORM_OF[self.collection]].slots
        return {slot.id: byte for slot, byte in zip(slots, answer.row, strict=True)}


def fieldset(page: Page, question: str) -> dict[str, str]:
    return next(item for item in page.attributes("fieldset") if item["id"] == f"q-{question}")


def fields(page: Page, question: str) -> list[dict[str, str]]:
    named = [*page.attributes("input"), *page.attributes("textarea"), *page.attributes("select")]
    return [item for item in named if item.get("name") == question]


def test_every_question_says_its_kind_and_information_is_no_question(adult: Sheet, child: Sheet) -> None:
    for sheet in (adult, child):
        form = FORMS[FORM_OF[sheet.collection]]
        kinds = [attributes["data-kind"] for _, attributes in sheet.page.elements if "data-kind" in attributes]
        assert kinds == [str(question.kind) for question in form.questions]
        assert len(sheet.page.attributes("fieldset")) == len(form.questions) - 1
        numbers = [f"Question {number} of {len(form.questions) - 1}<" for number in range(1, len(form.questions))]
        assert all(words in sheet.page.html for words in numbers)


def test_one_question_is_one_step_for_a_child_and_one_section_for_a_grown_up(adult: Sheet, child: Sheet) -> None:
    steps = [sum("data-step" in item for item in sheet.page.attributes("section")) for sheet in (adult, child)]
    assert steps == [2 + 2, 8 + 2]
    for sheet in (adult, child):
        headings = [item for item in sheet.page.attributes("h2") if item.get("tabindex") == "-1"]
        assert len(headings) == sum("data-step" in item for item in sheet.page.attributes("section"))


def test_questions_on_one_scale_are_a_list_and_no_table(adult: Sheet) -> None:
    html = adult.page.html
    run = html[html.index('<ul class="run"') : html.index("</ul>", html.index('<ul class="run"'))]
    assert [name for name in ("safe", "calm", "grade") if f'id="q-{name}"' in run] == ["safe", "calm"]
    assert run.count("<li>") == 2
    assert "<table" not in html


def test_a_scale_offers_its_steps_best_first_and_then_the_dont_know(adult: Sheet) -> None:
    values = [item["value"] for item in fields(adult.page, "safe")]
    assert values == ["fully", "mostly", "slightly", "not_at_all", "dont_know"]
    assert {item["type"] for item in fields(adult.page, "safe")} == {"radio"}
    adult.send(safe="mostly", calm="dont_know")
    assert (adult.row["safe"], adult.row["calm"], adult.row["grade"]) == (SECOND, DONT_KNOW, NO_ANSWER)


def test_faces_stand_on_the_page_once_and_carry_words(child: Sheet) -> None:
    ids = [item["id"] for item in child.page.attributes("symbol")]
    assert sorted(ids) == sorted(set(ids))
    assert {"face-1", "face-2", "face-3", "face-4", "face-5"} <= set(ids)
    used = [item["href"] for item in child.page.attributes("use")]
    assert used.count("#face-3") == 2
    assert all(item.get("aria-hidden") == "true" for item in child.page.attributes("svg"))
    assert "<span>Very glad</span>" in child.page.html


def test_questions_and_options_have_their_drawings(child: Sheet) -> None:
    used = {item["href"] for item in child.page.attributes("use")}
    assert {"#play", "#school", "#calm", "#home", "#outdoors", "#yes", "#no"} <= used
    assert used == {f"#{item['id']}" for item in child.page.attributes("symbol")}


def test_a_form_without_drawings_carries_none(adult: Sheet) -> None:
    assert not adult.page.attributes("symbol")


def test_several_choices_are_boxes_that_say_so(adult: Sheet) -> None:
    assert {item["type"] for item in fields(adult.page, "on_bus")} == {"checkbox"}
    assert "n-on_bus" in fieldset(adult.page, "on_bus")["aria-describedby"].split()
    assert "You can choose several." in adult.page.html
    adult.send(travels="bus", on_bus=["driver", "view"])
    assert [adult.row[f"on_bus.{option}"] for option in ("driver", "seats", "view")] == [FIRST, SECOND, FIRST]


def test_a_follow_up_says_its_condition_in_words_and_counts_only_where_it_holds(adult: Sheet) -> None:
    follow_up = fieldset(adult.page, "on_bus")
    assert (follow_up["data-when"], follow_up["data-values"]) == ("travels", "bus dont_know")
    assert "Only if you answered “By bus” or “Don’t know” to question 5." in adult.page.html
    adult.send(travels="walking", on_bus=["driver"])
    assert adult.row["on_bus.driver"] == NOT_APPLICABLE


def test_a_number_is_typed_within_its_bounds(adult: Sheet) -> None:
    typed, dont_know = fields(adult.page, "minutes")
    assert (typed["type"], typed["inputmode"], typed["min"], typed["max"]) == ("number", "numeric", "0", "120")
    assert (dont_know["type"], dont_know["value"]) == ("checkbox", "dont_know")
    adult.send(minutes=" 20 ")
    assert adult.row["minutes"] == SECOND


@pytest.mark.parametrize("typed", ["121", "-1", "1.5", "ten", "1" * 50, "٣"])
def test_a_number_that_cannot_be_is_told_at_the_question_and_stays_to_be_mended(adult: Sheet, typed: str) -> None:
    page = adult.send(HTTPStatus.BAD_REQUEST, minutes=typed, safe="fully")
    number = fields(page, "minutes")[0]
    assert number["value"] == typed
    assert number["aria-invalid"] == "true"
    assert number["aria-describedby"] == "e-minutes"
    assert "Write a whole number from 0 to 120" in page.html
    assert "e-minutes" in fieldset(page, "minutes")["aria-describedby"].split()
    assert "#q-minutes" in [link.get("href") for link in page.attributes("a")]
    assert page.checked()["safe"] == "fully"
    assert adult.kinds.received("adult", adult.link) == []


def test_who_does_not_know_a_number_says_so(adult: Sheet) -> None:
    adult.send(minutes=["", "dont_know"])
    assert adult.row["minutes"] == DONT_KNOW
    assert page_gives_back(adult, minutes=["", "dont_know"])["minutes"] == "dont_know"


def test_own_words_are_bounded_and_warn_of_names(adult: Sheet, child: Sheet) -> None:
    (area,) = fields(adult.page, "words")
    assert area["maxlength"] == "200"
    assert area["aria-describedby"] == "r-words"
    assert "Name nobody, yourself included" in adult.page.html
    assert "Write nobody’s name" in child.page.html
    page = adult.send(HTTPStatus.BAD_REQUEST, words="å" * 201)
    assert "å" * 201 in page.html
    assert "The text is too long" in page.html
    adult.send(words="<b>Bra</b>\r\nskola")


def test_who_is_asked_for_own_words_is_told_at_the_start_that_they_are_read(
    kinds: KindsRound, visitor: Visitor, adult: Sheet, child: Sheet
) -> None:
    assert "at the municipality first, and then perhaps at <bdi>Ängsskolan</bdi>" in adult.page.html
    assert "is read by grown-ups later" in child.page.html
    assert "in your own words is read" not in visitor.fetch(kinds.path("guardian"), headers=IN_ENGLISH).text


def test_own_words_come_back_as_text_and_no_markup(adult: Sheet) -> None:
    page = adult.switch(words="</textarea><script>alert(1)</script>\nI dag")
    assert "&lt;/textarea&gt;&lt;script&gt;" in page.html


def test_few_groups_are_buttons_and_many_are_a_list(kinds: KindsRound, visitor: Visitor, adult: Sheet) -> None:
    assert [item["value"] for item in fields(adult.page, "group")] == ["4A", "4B", "4C", ""]
    many = visitor.page(kinds.path("adult", "", MANY_GROUPS), headers=IN_ENGLISH)
    (chosen,) = fields(many, "group")
    assert chosen["id"] == "n-group"
    assert len([item for item in many.attributes("option") if item["value"].startswith("4")]) == 13


def test_an_own_group_is_counted_for_or_declined(adult: Sheet) -> None:
    adult.send(group="4B")
    (answer,) = adult.kinds.received("adult", adult.link)
    assert answer.group == group_key("4B")
    assert page_gives_back(adult, group="4C")["group"] == "4C"


def test_who_declines_to_name_a_group_is_counted_without_one(adult: Sheet) -> None:
    adult.send(group="", safe="fully")
    (answer,) = adult.kinds.received("adult", adult.link)
    assert answer.group == bytes(8)


@pytest.mark.parametrize(
    "given",
    [
        {"group": "5C"},
        {"group": ["4A", "4B"]},
        {"safe": "glad"},
        {"on_bus": ["driver", "wheels"], "travels": "bus"},
        {"travels": ["bus", "walking"]},
        {"grade": "dont_know"},
    ],
)
def test_what_a_question_does_not_offer_is_refused_and_pointed_at(adult: Sheet, given: dict[str, Any]) -> None:
    page = adult.send(HTTPStatus.BAD_REQUEST, **given)
    wrong = next(iter(given))
    assert fieldset(page, wrong)["class"] == "wrong"
    assert f"#q-{wrong}" in [link.get("href") for link in page.attributes("a")]
    assert adult.kinds.received("adult", adult.link) == []


def test_information_takes_no_answer(adult: Sheet) -> None:
    assert not fields(adult.page, "pause")
    adult.send(HTTPStatus.BAD_REQUEST, pause="yes")


ANSWERS = {
    "group": "4B",
    "safe": "mostly",
    "grade": "seven",
    "travels": "bus",
    "on_bus": ["driver", "view"],
    "minutes": "35",
    "words": "Bussen\när sen.",
}


def page_gives_back(sheet: Sheet, **given: Any) -> dict[str, str]:
    return sheet.switch(**given).checked()


def test_switching_gives_every_kind_of_answer_back(adult: Sheet) -> None:
    page = adult.switch("sv", **ANSWERS)
    checked = [(item["name"], item["value"]) for item in page.attributes("input") if "checked" in item]
    assert checked == [
        ("group", "4B"),
        ("safe", "mostly"),
        ("grade", "seven"),
        ("travels", "bus"),
        ("on_bus", "driver"),
        ("on_bus", "view"),
    ]
    assert fields(page, "minutes")[0]["value"] == "35"
    assert "Bussen\när sen.</textarea>" in page.html


def test_the_step_goes_along_with_a_switch(adult: Sheet) -> None:
    form = next(item for item in adult.switch("sv", _step="3").attributes("form") if item.get("id") == "answers")
    assert form["data-start-step"] == "3"
    first = next(item for item in adult.page.attributes("form") if item.get("id") == "answers")
    assert "data-start-step" not in first


def test_a_second_language_stands_under_the_first_outside_legends_and_labels(adult: Sheet) -> None:
    page = adult.switch("en", **ANSWERS, _second="sv")
    beside = [item for item in page.attributes("p") if item.get("class") == "also"]
    assert {(item["lang"], item["dir"]) for item in beside} == {("sv", "ltr")}
    assert "b-safe" in fieldset(page, "safe")["aria-describedby"].split()
    assert all("Mitt barn är tryggt" not in text for text in inside(page.html, "legend"))
    assert all("Till fots" not in text for text in inside(page.html, "label"))
    walking = next(item for item in fields(page, "travels") if item["value"] == "walking")
    assert walking["aria-describedby"] == "o-travels-walking"
    assert page.checked()["travels"] == "bus"
    chosen = [item["value"] for item in page.attributes("option") if "selected" in item]
    assert chosen == ["sv"]


def test_an_option_that_is_the_same_in_both_languages_stands_once(adult: Sheet) -> None:
    page = adult.switch("en", _second="sv")
    assert not [item for item in fields(page, "grade") if "aria-describedby" in item]


@pytest.mark.parametrize("second", ["", "en", "tlh", "sv\0", "../sv"])
def test_no_second_language_but_another_one_that_the_form_has(adult: Sheet, second: str) -> None:
    page = adult.switch("en", _second=second)
    assert not [item for item in page.attributes("p") if item.get("class") == "also"]


def test_children_read_one_language_at_a_time(child: Sheet) -> None:
    assert not child.page.attributes("details") or "Two languages at once" not in child.page.html
    page = child.switch("en", _second="sv")
    assert not [item for item in page.attributes("p") if item.get("class") == "also"]


def test_where_an_adult_reads_both_are_told_that_the_adult_sees_the_answers(child: Sheet) -> None:
    assert "The grown-up sees what you answer." in child.page.html
    assert "You see the answers: tell nobody what they were." in child.page.html
    assert "No teacher and no friend" not in child.page.html


def test_a_group_too_small_to_be_shown_is_told_so_at_the_start(kinds: KindsRound, visitor: Visitor) -> None:
    words = "always counted together with other groups"
    assert words in visitor.fetch(kinds.path("child", "Ekorren", PRESCHOOL), headers=IN_ENGLISH).text
    assert words not in visitor.fetch(kinds.path("child", "Blåsippan", PRESCHOOL), headers=IN_ENGLISH).text


def test_grown_ups_keep_a_draft_and_children_do_not(adult: Sheet, child: Sheet) -> None:
    kept = ["data-keeps-draft" in sheet.page.attributes("form")[0] for sheet in (adult, child)]
    assert kept == [True, False]


def inside(html: str, tag: str) -> list[str]:
    """What stands inside every element of a name."""
    return [part.partition(f"</{tag}>")[0] for part in html.split(f"<{tag}")[1:]]
