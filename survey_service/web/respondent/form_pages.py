"""Form pages: rendered and compressed once for all who get the same one, or anew around answers already given."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field

from flask import render_template

from survey_service.domain.answer_fields import Answers
from survey_service.domain.form import Form
from survey_service.domain.languages import LANGUAGES, Language
from survey_service.questionnaires.catalogs import Catalogs
from survey_service.services.enter_link import Entrance
from survey_service.services.forms_in_use import FormInUse
from survey_service.web.respondent.face import face
from survey_service.web.respondent.form_parts import numbered, parts, symbols_of
from survey_service.web.respondent.kept import Kept
from survey_service.web.respondent.split_page import SplitPage
from survey_service.web.respondent.symbols import Symbols
from survey_service.web.shared.language import chosen, language, speak

PAGES_KEPT = 2_000
"""About ten kilobytes each."""

FORMS_KEPT = 500

IDLE_MINUTES = 10
"""After how long without a touch a shared device in kiosk mode covers what somebody left there."""

PageKey = tuple[str, str, tuple[str, int], str, str, tuple[str, ...], bool, bool, int]
"""All that a page shows: form digest, language, the municipality's face, unit, group, own groups, whether few, and
whether kiosk with its minutes."""

TranslatedForms = Kept[tuple[str, str], Form]
"""Forms by digest and language."""


@dataclass(frozen=True)
class Problem:
    """Why a sent form comes back: `kind` chooses the words, `questions` are those concerned."""

    kind: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What one respondent has in hand: a form at a link, perhaps with answers already given.

    `groups` are those to choose an own group from, `second` the tag of a language shown beside the first,
    `step` where the respondent was, `kiosk` whether the device passes from one to the next.
    """

    form: FormInUse
    entrance: Entrance
    answers: Answers = field(default_factory=dict)
    problem: Problem | None = None
    groups: tuple[str, ...] = ()
    second: str = ""
    step: str = ""
    kiosk: bool = False

    @property
    def few(self) -> bool:
        """Whether so few are asked that their results will never be shown on their own, by any outlet."""
        return 0 < self.entrance.link.expected < min(face().municipality.minimums.values())

    @property
    def idle_minutes(self) -> int:
        """When a shared device covers the page, 0 for never: pupils of anpassad grundskola may take any time."""
        hurried = self.kiosk and not self.entrance.collection.school_form.startswith("anpassad")
        return IDLE_MINUTES if hurried else 0


class FormPages:
    """Renders sheets in the language of the reply. One object serves a process."""

    def __init__(self, catalogs: Catalogs, symbols: Symbols) -> None:
        self._catalogs = catalogs
        self._symbols = symbols
        self._gap = secrets.token_hex(16)  # random, so that no text of a form can hold it
        self._pages: Kept[PageKey, SplitPage] = Kept(PAGES_KEPT)
        self._translated = TranslatedForms(FORMS_KEPT)
        self._tags: Kept[tuple[str, tuple[str, ...]], tuple[str, ...]] = Kept(FORMS_KEPT)

    def speak(self, form: FormInUse, wanted: Collection[str]) -> None:
        """Decide the language of the reply: one that the form is complete in and the collection wants."""
        speak(chosen(self.tags(form, wanted)))

    def tags(self, form: FormInUse, wanted: Collection[str]) -> tuple[str, ...]:
        """The languages that a form is offered in; `wanted` empty means every one it has."""
        key = form.digest, tuple(wanted)
        return self._tags.get(key, lambda: self._catalogs.offered(form.form, wanted or None))

    def blank(self, sheet: Sheet) -> SplitPage:
        """The page of a sheet without answers, with a gap for the token."""
        entrance = sheet.entrance
        place = (
            face().key,
            entrance.unit_name,
            entrance.link.group,
            sheet.groups,
            sheet.few,
            sheet.kiosk,
            sheet.idle_minutes,
        )
        return self._pages.get((sheet.form.digest, language().tag, *place), lambda: self._split(sheet))

    def filled(self, sheet: Sheet, token: str) -> str:
        """The page of a sheet with its answers and what is wrong with it."""
        return self._render(sheet, token)

    def _split(self, sheet: Sheet) -> SplitPage:
        before, _, after = self._render(sheet, self._gap).partition(self._gap)
        return SplitPage.around_gap(before.encode(), after.encode())

    def _render(self, sheet: Sheet, token: str) -> str:
        form = self._translate(sheet.form, language().tag)
        second = self._second(sheet)
        also = self._translate(sheet.form, second.tag) if second else None
        problem = sheet.problem
        return render_template(
            "respondent/form.html",
            form=form,
            also=also,
            second=second,
            parts=parts(form, also, sheet.answers, problem.questions if problem else (), sheet.groups),
            last=len(numbered(form, sheet.groups)),
            symbols=self._symbols.inlined(symbols_of(form)),
            unit_name=sheet.entrance.unit_name,
            group=sheet.entrance.link.group,
            groups=sheet.groups,
            few=sheet.few,
            kiosk=sheet.kiosk,
            idle_minutes=sheet.idle_minutes,
            tags=self.tags(sheet.form, sheet.entrance.collection.languages),
            problem=problem,
            start_step=sheet.step,
            token=token,
        )

    def _second(self, sheet: Sheet) -> Language | None:
        """The second language, where grown-ups answer and it is one that the form has, and not the first."""
        others = set(self.tags(sheet.form, sheet.entrance.collection.languages)) - {language().tag}
        wanted = sheet.second if sheet.form.form.voice == "adult" else ""
        return LANGUAGES[wanted] if wanted in others else None

    def _translate(self, source: FormInUse, tag: str) -> Form:
        return self._translated.get((source.digest, tag), lambda: self._catalogs.translate_form(source.form, tag))
