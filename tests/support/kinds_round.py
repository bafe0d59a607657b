"""An open round with forms that hold every kind of question, in three languages: the given of page tests."""

import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from flask import Flask

from survey_service.domain.access import Access, Link, derive_code, key_fingerprint
from survey_service.domain.answers import AnswerLayout, CountedAnswer, answer_context
from survey_service.domain.counting_key import CountingKey
from survey_service.domain.organisation import Grades, Group, Headcounts, Operator, Organisation, Unit, UnitSchoolForm
from survey_service.domain.survey_round import LOCAL_TIME, Collection, Round
from survey_service.questionnaires.catalogs import Catalogs
from survey_service.questionnaires.form_file import digest, load_forms, to_definition
from survey_service.services.issue_links import issue_links
from survey_service.settings import Settings, shipped
from survey_service.storage.database import Database
from survey_service.storage.forms import StoredForm, freeze_form, put_form
from survey_service.storage.links import links_of
from survey_service.storage.organisation import replace_organisation
from survey_service.storage.rounds import mark_collection, put_round
from survey_service.storage.sealed_answers import waiting
from survey_service.web.respondent.application import create_respondent
from tests.support.scenario import A_MORNING, KEYS, LINK_KEYS, ROUND, Clock

KINDS = Path(__file__).parent / "kinds"
TAGS = ("sv", "en", "ar")

SCHOOL, MANY_GROUPS, PRESCHOOL = "10000001", "10000002", "10000003"

FORMS = load_forms(KINDS / "forms") | load_forms(shipped("forms"))

FORM_OF = {"adult": "kinds-adult", "child": "kinds-child", "pupil": "pupil-4-6", "guardian": "guardian-school"}


def _school(code: str, groups: int) -> UnitSchoolForm:
    named = [Group(f"4{chr(ord('A') + place)}", Grades(4, 4), Headcounts(pupils=20)) for place in range(groups)]
    return UnitSchoolForm(code, "grundskola", groups=tuple(named))


ORGANISATION = Organisation(
    "9901",
    "Exempelby",
    operators={"2120009901": Operator("2120009901", "Exempelby kommun", "municipal")},
    units={
        SCHOOL: Unit(SCHOOL, "Ängsskolan", "2120009901"),
        MANY_GROUPS: Unit(MANY_GROUPS, "Stora skolan", "2120009901"),
        PRESCHOOL: Unit(PRESCHOOL, "Förskolan Solrosen", "2120009901"),
    },
    school_forms={
        (SCHOOL, "grundskola"): _school(SCHOOL, 3),
        (MANY_GROUPS, "grundskola"): _school(MANY_GROUPS, 13),
        (PRESCHOOL, "forskola"): UnitSchoolForm(
            PRESCHOOL,
            "forskola",
            groups=(Group("Blåsippan", None, Headcounts(pupils=14)), Group("Ekorren", None, Headcounts(pupils=3))),
        ),
    },
)


@dataclass
class KindsRound:
    """The round on a database, and the application with the catalogs of these forms."""

    database: Database
    home: Path
    clock: Clock

    @cached_property
    def app(self) -> Flask:
        """A respondent application that knows the test forms' translations."""
        keys = {name: (key,) for name, key in KEYS.items() if name in ("lookup", "token", "sealing")}
        settings = Settings(self.home, str(self.database.url), "http://localhost", "http://localhost", keys)
        return create_respondent(
            settings, self.database, catalogs=Catalogs(catalogs_in(self.home)), clock=self.clock, pause_seconds=0
        )

    def link(self, collection_id: str, group: str = "", unit_code: str = SCHOOL) -> Link:
        """The link as it stands now."""
        with self.database.read() as connection:
            there = {(link.unit_code, link.group): link for link in links_of(connection, ROUND, collection_id)}
        return there[unit_code, group]

    def path(self, collection_id: str, group: str = "", unit_code: str = SCHOOL) -> str:
        """The address of a form."""
        link = self.link(collection_id, group, unit_code)
        return f"/s/{derive_code(KEYS['link'], link.id, link.version, 0)}"

    def received(self, collection_id: str, link: Link) -> list[CountedAnswer]:
        """The waiting answers of a link, opened with the counting key."""
        form = FORMS[FORM_OF[collection_id]]
        context = answer_context(link.id, link.version, digest(form))
        key = CountingKey([KEYS["counting"]])
        with self.database.read() as connection:
            boxes = waiting(connection, link.id, link.version)
        return [AnswerLayout(form).decode(key.open_answer(box), context) for _, box in boxes]


def catalogs_in(home: Path) -> Path:
    """A folder with the shipped interface texts and forms, and besides them the test forms' translations."""
    folder = home / "translations"
    shutil.copytree(shipped("translations"), folder, dirs_exist_ok=True)
    for own in (KINDS / "translations").glob("*/LC_MESSAGES/forms.po"):
        place = folder / own.relative_to(KINDS / "translations")
        place.parent.mkdir(parents=True, exist_ok=True)
        known = place.read_text(encoding="utf-8") if place.is_file() else _header(own)
        place.write_text(known + "\n" + own.read_text(encoding="utf-8").partition("\n\n")[2], encoding="utf-8")
    return folder


def add_kinds_round(database: Database, home: Path) -> KindsRound:
    """Fill a migrated, empty database with the municipality and its open round."""
    with database.write() as connection:
        replace_organisation(connection, ORGANISATION)
        for name in FORM_OF.values():
            form = FORMS[name]
            put_form(connection, StoredForm(form.id, form.version, digest(form), to_definition(form)))
            freeze_form(connection, form.id, form.version)
        put_round(connection, _round())
    issue_links(database, LINK_KEYS, ROUND)
    with database.write() as connection:
        for collection_id in FORM_OF:
            mark_collection(connection, ROUND, collection_id, opened_at=A_MORNING - timedelta(days=7))
    return KindsRound(database, home, Clock(A_MORNING))


def _header(file: Path) -> str:
    return file.read_text(encoding="utf-8").partition("\n\n")[0] + "\n"


def _round() -> Round:
    today = A_MORNING.astimezone(LOCAL_TIME).date()
    adult = Collection(
        id="adult",
        school_form="grundskola",
        audience="guardian",
        form=FORM_OF["adult"],
        form_version=1,
        access=Access.UNIT,
        opens=today - timedelta(days=7),
        closes=today + timedelta(days=21),
    )
    return Round(
        id=ROUND,
        name={"sv": "Höstens enkät", "en": "Autumn survey"},
        school_year="2026/27",
        disposal_decision="UN 2026/123",
        link_key=key_fingerprint(KEYS["link"]),
        collections=(
            adult,
            replace(adult, id="guardian", form=FORM_OF["guardian"]),
            replace(adult, id="pupil", audience="pupil", form=FORM_OF["pupil"], access=Access.GROUP),
            replace(
                adult, id="child", audience="child", school_form="forskola", form=FORM_OF["child"], access=Access.GROUP
            ),
        ),
    )
