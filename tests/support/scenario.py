"""A small municipality with a round that is open, on a real database: the given of tests that send forms."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from flask import Flask

from survey_service.domain.access import Access, Link, derive_code, key_fingerprint
from survey_service.domain.answers import AnswerLayout, answer_context
from survey_service.domain.counting_key import CountingKey, public_part
from survey_service.domain.form import Form
from survey_service.domain.organisation import Grades, Group, Headcounts, Operator, Organisation, Unit, UnitSchoolForm
from survey_service.domain.survey_round import LOCAL_TIME, Collection, Round
from survey_service.questionnaires.form_file import digest, load_forms, to_definition
from survey_service.services.issue_links import LinkKeys, issue_links
from survey_service.services.replace_link import replace_link
from survey_service.settings import Settings, shipped
from survey_service.storage.database import Database
from survey_service.storage.forms import StoredForm, freeze_form, put_form
from survey_service.storage.links import change_link, links_of
from survey_service.storage.organisation import replace_organisation
from survey_service.storage.rounds import mark_collection, put_round
from survey_service.storage.sealed_answers import receipts_per_link, waiting
from survey_service.web.respondent.application import create_respondent

NAMES = ("link", "lookup", "token", "session", "counting")
KEYS = {name: bytes(range(place, place + 32)) for place, name in enumerate(NAMES)}
KEYS["sealing"] = public_part(KEYS["counting"])

LINK_KEYS = LinkKeys((KEYS["link"],), (KEYS["lookup"],))

ROUND = "now"
UNIT, OTHER_UNIT = "10000001", "10000002"

A_MORNING = datetime(2026, 10, 1, 8, tzinfo=UTC)

ORGANISATION = Organisation(
    "9901",
    "Exempelby",
    operators={"2120009901": Operator("2120009901", "Exempelby kommun", "municipal")},
    units={
        UNIT: Unit(UNIT, "Ängsskolan", "2120009901"),
        OTHER_UNIT: Unit(OTHER_UNIT, "Björkskolan", "2120009901"),
    },
    school_forms={
        (UNIT, "grundskola"): UnitSchoolForm(
            UNIT,
            "grundskola",
            counts=Headcounts(staff=6),
            groups=(
                Group("4A", Grades(4, 4), Headcounts(pupils=22)),
                Group("4B", Grades(4, 4), Headcounts(pupils=1)),
            ),
        ),
        (OTHER_UNIT, "grundskola"): UnitSchoolForm(
            OTHER_UNIT, "grundskola", groups=(Group("5", Grades(5, 5), Headcounts(pupils=12)),)
        ),
    },
)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Scenario:
    """The database with everything in it, and the keys that all the processes have between them."""

    database: Database
    clock: Clock
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a respondent process."""
        keys = {f"SURVEY_{name.upper()}_KEY": KEYS[name].hex() for name in ("lookup", "token", "sealing")}
        url = self.database.url.render_as_string(hide_password=False)
        return {"SURVEY_HOME": str(self.home), "SURVEY_DATABASE_URL": url, **keys}

    @cached_property
    def app(self) -> Flask:
        """A respondent application that does not make failed codes wait."""
        keys = {name: (key,) for name, key in KEYS.items() if name in ("lookup", "token", "sealing")}
        settings = Settings(self.home, str(self.database.url), "http://localhost", "http://localhost", keys)
        return create_respondent(settings, self.database, clock=self.clock, pause_seconds=0)

    def link(self, collection_id: str, group: str = "", unit_code: str = UNIT) -> Link:
        """The link as it stands now."""
        with self.database.read() as connection:
            there = {(link.unit_code, link.group): link for link in links_of(connection, ROUND, collection_id)}
        return there[unit_code, group]

    def code(self, collection_id: str, group: str = "", *, serial: int = 0, unit_code: str = UNIT) -> str:
        """A code of the link's current version."""
        link = self.link(collection_id, group, unit_code)
        return derive_code(KEYS["link"], link.id, link.version, serial)

    def form(self, collection_id: str) -> Form:
        """The form of a collection, in Swedish."""
        return FORMS[FORM_OF[collection_id]]

    def replace_link(self, link: Link) -> None:
        """Put a new version in a link's place."""
        replace_link(self.database, LINK_KEYS, link.id)

    def received(self, link: Link) -> int:
        """How many submissions a link's current version has taken."""
        with self.database.read() as connection:
            return receipts_per_link(connection).get((link.id, link.version), 0)

    def opened(self, collection_id: str, link: Link) -> list[dict[str, str]]:
        """The waiting answers of a link's current version, opened with the counting key."""
        form = self.form(collection_id)
        layout, context = AnswerLayout(form), answer_context(link.id, link.version, digest(form))
        names = {question: {byte: value for value, byte in codes.items()} for question, codes in layout.codes.items()}
        key = CountingKey([KEYS["counting"]])
        with self.database.read() as connection:
            boxes = waiting(connection, link.id, link.version)
        rows = [layout.decode(key.open_answer(box), context).row for _, box in boxes]
        return [
            {question: names[question][byte] for question, byte in zip(layout.codes, row, strict=True) if byte}
            for row in rows
        ]

    def change_link(self, link: Link, **values: object) -> None:
        """Change a link's columns, such as its seats."""
        with self.database.write() as connection:
            change_link(connection, link.id, **values)

    def change_collections(self, **values: object) -> None:
        """Change fields of every collection's plan, such as its last day; which of them have opened stays."""
        with self.database.write() as connection:
            put_round(connection, _round(self.clock.now, **values))

    def mark(self, **instants: datetime) -> None:
        """Note when every collection was opened or closed."""
        with self.database.write() as connection:
            for collection_id in FORM_OF:
                mark_collection(connection, ROUND, collection_id, **instants)


FORM_OF = {"pupils": "pupil-4-6", "guardians": "guardian-school", "staff": "staff-school"}
FORMS = load_forms(shipped("forms"))


def add_scenario(database: Database, home: Path, now: datetime = A_MORNING, *, opened: bool = True) -> Scenario:
    """Fill a migrated, empty database with the municipality and its round, open around `now` or still planned."""
    with database.write() as connection:
        replace_organisation(connection, ORGANISATION)
        for name in FORM_OF.values():
            form = FORMS[name]
            put_form(connection, StoredForm(form.id, form.version, digest(form), to_definition(form)))
            freeze_form(connection, form.id, form.version)
        put_round(connection, _round(now))
    issue_links(database, LINK_KEYS, ROUND)
    scenario = Scenario(database, Clock(now), home)
    if opened:
        scenario.mark(opened_at=now - timedelta(days=7))
    return scenario


def _round(now: datetime, **values: object) -> Round:
    today = now.astimezone(LOCAL_TIME).date()
    pupils = Collection(
        id="pupils",
        school_form="grundskola",
        audience="pupil",
        form=FORM_OF["pupils"],
        form_version=1,
        access=Access.GROUP,
        opens=today - timedelta(days=7),
        closes=today + timedelta(days=21),
    )
    guardians = replace(pupils, id="guardians", audience="guardian", form=FORM_OF["guardians"], access=Access.UNIT)
    staff = replace(pupils, id="staff", audience="staff", form=FORM_OF["staff"], access=Access.SINGLE_USE)
    return Round(
        id=ROUND,
        name={"sv": "Höstens enkät", "en": "Autumn survey"},
        school_year="2026/27",
        disposal_decision="UN 2026/123",
        link_key=key_fingerprint(KEYS["link"]),
        collections=tuple(replace(item, **values) for item in (pupils, guardians, staff)),
    )
