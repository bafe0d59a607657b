"""A round that is open, with classes, staff and heads who send their answers through the services."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from survey_service.domain.access import Access, Link, key_fingerprint
from survey_service.domain.answer_fields import read_fields
from survey_service.domain.answers import OPTIONS_FROM, answer_context
from survey_service.domain.counting_key import CountingKey, check_word, public_part
from survey_service.domain.form_token import FormToken
from survey_service.domain.organisation import Grades, Group, Headcounts, Operator, Organisation, Unit, UnitSchoolForm
from survey_service.domain.survey_round import Collection, Round
from survey_service.questionnaires.form_file import load_forms
from survey_service.services.apply_round import apply_round
from survey_service.services.confirm_recovery import confirm_recovery
from survey_service.services.enter_link import Entrance, look_up, submission_for
from survey_service.services.forms_in_use import FormInUse, FormsInUse
from survey_service.services.issue_links import IssuedCode, LinkKeys, list_codes
from survey_service.services.open_round import open_round
from survey_service.services.submit_answers import submit_answers
from survey_service.settings import shipped
from survey_service.storage.database import Database
from survey_service.storage.organisation import replace_organisation

OPENED = datetime(2026, 9, 20, 8, tzinfo=UTC)
DURING = datetime(2026, 10, 1, 9, tzinfo=UTC)
CLOSED = datetime(2026, 10, 10, 9, tzinfo=UTC)
FORGOTTEN = datetime(2026, 10, 10, 11, tzinfo=UTC)
"""More than an hour after closing: receipts are gone."""

Fields = Mapping[str, Sequence[str]]

OWN, OTHER = "10000001", "10000002"

ORGANISATION = Organisation(
    "9901",
    "Exempelby",
    operators={"2120009901": Operator("2120009901", "Exempelby kommun", "municipal")},
    units={
        OWN: Unit(OWN, "Ängsskolan", "2120009901"),
        OTHER: Unit(OTHER, "Björkskolan", "2120009901"),
    },
    school_forms={
        (OWN, "grundskola"): UnitSchoolForm(
            OWN,
            "grundskola",
            counts=Headcounts(staff=24),
            groups=(
                Group("4A", Grades(4, 4), Headcounts(pupils=12)),
                Group("4B", Grades(4, 4), Headcounts(pupils=3)),
                Group("5A", Grades(5, 5), Headcounts(pupils=18)),
            ),
        ),
        (OTHER, "grundskola"): UnitSchoolForm(
            OTHER, "grundskola", groups=(Group("4A", Grades(4, 4), Headcounts(pupils=8)),)
        ),
    },
)

PUPILS = Collection(
    id="pupils",
    school_form="grundskola",
    audience="pupil",
    form="pupil-4-6",
    form_version=1,
    access=Access.GROUP,
    opens=date(2026, 9, 14),
    closes=date(2026, 10, 30),
)
STAFF = replace(PUPILS, id="staff", audience="staff", form="staff-school", access=Access.SINGLE_USE)
HEADS = replace(STAFF, id="heads", audience="head", form="head-school")


@dataclass(frozen=True)
class Keys:
    """Every key of an installation, 32 bytes each; a new one has new keys."""

    link: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    lookup: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    token: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    counting: bytes = field(default_factory=lambda: secrets.token_bytes(32))


@dataclass(frozen=True)
class HandedOut:
    """A form on a respondent's device: sending it again is the same submission."""

    code: str
    entrance: Entrance
    token: FormToken
    form: FormInUse

    @property
    def place(self) -> tuple[str, int]:
        """(link id, version) that its answers are counted under."""
        return self.token.link_id, self.token.version

    def row(self, fields: Fields) -> bytes:
        """The answers as one byte for each slot: what nobody may find in any file."""
        answers = read_fields(self.form.form, fields)
        plaintext = self.form.layout.encode(answers, answer_context(*self.place, ""))
        return plaintext[-len(self.form.layout.codes) :]

    def only(self, number: int) -> dict[str, list[str]]:
        """The number-th answer of its link, told from all others: one question answered, with one option.

        There is room for three answers for each question of the form.
        """
        questions = self.form.form.questions
        question = questions[number % len(questions)]
        return {question.id: [question.options[number // len(questions)].id]}


@dataclass(frozen=True)
class OpenRound:
    """An open round with everything that the respondents' side of the service knows of it."""

    database: Database
    keys: Keys
    codes: Sequence[IssuedCode]
    forms: FormsInUse

    @property
    def counting_key(self) -> CountingKey:
        """What the worker holds."""
        return CountingKey([self.keys.counting])

    def codes_of(self, collection_id: str, unit_code: str = OWN, group: str = "") -> list[str]:
        """The codes of one link."""
        place = (collection_id, unit_code, group)
        return [item.code for item in self.codes if _place(item.link) == place]

    def hand_out(self, code: str) -> HandedOut:
        """Open a form with a code."""
        entrance = look_up(self.database, [self.keys.lookup], code)
        form = self.forms.get(entrance.collection.form, entrance.collection.form_version)
        submission_id = submission_for(self.database, entrance, [self.keys.token], code)
        token = FormToken(entrance.link.id, entrance.link.version, form.digest, submission_id)
        return HandedOut(code, entrance, token, form)

    def send(self, handed: HandedOut, fields: Fields, now: datetime = DURING) -> None:
        """Send a form; when this returns, the respondent is thanked."""
        submit_answers(
            self.database,
            entrance=handed.entrance,
            token=handed.token,
            form=handed.form,
            fields=fields,
            sealing_key=public_part(self.keys.counting),
            now=now,
        )


def make_open_round(database: Database, *collections: Collection, round_id: str = "ht-2026") -> OpenRound:
    """Apply and open a round with these collections in a migrated database; the head's form is made up here."""
    keys = Keys()
    link_keys = LinkKeys(link=(keys.link,), lookup=(keys.lookup,))
    forms = load_forms(shipped("forms"))
    forms["head-school"] = replace(forms["staff-school"], id="head-school", audience="head")
    planned = Round(
        id=round_id,
        name={"sv": "Höstens enkät 2026"},
        school_year="2026/27",
        disposal_decision="UN 2026/123",
        link_key=key_fingerprint(keys.link),
        collections=collections,
    )
    with database.write() as connection:
        replace_organisation(connection, ORGANISATION)
    apply_round(database, link_keys, planned, forms, OPENED)
    confirm_recovery(database, keys.counting, check_word(keys.counting))
    open_round(database, planned.id, OPENED)
    return OpenRound(database, keys, list_codes(database, link_keys, planned.id), FormsInUse(database))


def option_of(row: bytes, place: int) -> int | None:
    """Which option stands at a question's place in a row; None where it holds none."""
    return row[place] - OPTIONS_FROM if row[place] >= OPTIONS_FROM else None


def _place(link: Link) -> tuple[str, str, str]:
    return link.collection_id, link.unit_code, link.group
