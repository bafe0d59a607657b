"""A whole invented municipality, ready to click through."""

import os
import threading
import time
import urllib.request
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from random import Random
from urllib.error import URLError

import click

from survey_service.cli.command import Failed, installation, now
from survey_service.cli.processes import check_ports, running
from survey_service.cli.simulate import Door, Respondent, invent
from survey_service.domain.access import Access, key_fingerprint, spaced
from survey_service.domain.counting_key import check_word
from survey_service.domain.survey_round import LOCAL_TIME, State
from survey_service.outputs.spreadsheet import write_csv
from survey_service.outputs.whole_file import whole_file
from survey_service.questionnaires.form_file import load_forms
from survey_service.questionnaires.round_file import read_round
from survey_service.services.apply_round import apply_round
from survey_service.services.confirm_recovery import confirm_recovery
from survey_service.services.demo_municipality import demo_municipality
from survey_service.services.import_organisation import import_organisation
from survey_service.services.issue_links import IssuedCode, LinkKeys, list_codes
from survey_service.services.manage_accounts import add_account
from survey_service.services.open_round import open_round
from survey_service.services.organisation_file import organisation_rows
from survey_service.services.round_status import list_rounds_status
from survey_service.services.set_up import prepare_database, set_up
from survey_service.services.sign_in import make_sign_in_link
from survey_service.settings import KEYS, Settings, read_settings
from survey_service.storage.database import Database

ROUND = "demo-now"
ADMINISTRATOR = "admin@example.org"
DAYS_OPEN = timedelta(days=21)
FIRST_ANSWERS = 300
START_SECONDS = 30
SCHOOL_YEAR_BEGINS = 7

ROUND_FILE = """\
round: demo-now
name: {{sv: "Enkäten för alla att prova", en: "The survey for everyone to try"}}
school_year: "{school_year}"
disposal_decision: "Invented for the demo"
collections:
  - {{id: pupil, school_form: grundskola, audience: pupil, grades: [4, 5, 6], form: pupil-4-6, access: group,
     access_by_unit: {{"99000002": single-use}}, per: group, opens: {opens}, closes: {closes}}}
  - {{id: guardian, school_form: grundskola, audience: guardian, form: guardian-school, access: unit,
     opens: {opens}, closes: {closes}}}
  - {{id: staff, school_form: grundskola, audience: staff, form: staff-school, access: single-use, per: unit,
     spare: 10%, opens: {opens}, closes: {closes}}}
"""


@click.command()
@click.option("--port", type=click.IntRange(1, 65534), default=8000, show_default=True, help="The office is at PORT+1.")
@click.option("--directory", type=click.Path(path_type=Path), default=Path("survey-demo"), show_default=True)
def demo(port: int, directory: Path) -> None:
    """Make an invented municipality with an open round in a directory, and serve it until Ctrl-C.

    Started again it continues where it was.
    """
    bind = f"127.0.0.1:{port}"
    check_ports(bind)
    home = directory.absolute()
    os.environ |= {
        "SURVEY_HOME": str(home),
        "SURVEY_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SURVEY_OFFICE_URL": f"http://127.0.0.1:{port + 1}",
    }
    is_new = _prepare(home)
    with running(bind, 2, os.environ) as processes:
        with installation(*KEYS) as (settings, database):
            _wait_until_ready(settings.public_url)
            _welcome(settings, database)
            people = invent(database, _keys(settings), ROUND, FIRST_ANSWERS, Random(1)) if is_new else []  # noqa: S311
        threading.Thread(target=_answer, args=(people, settings.public_url), daemon=True).start()
        processes.watch()


def _prepare(home: Path) -> bool:
    """Make what is missing of the demo. Tells whether its round is new."""
    set_up(home, os.environ["SURVEY_PUBLIC_URL"], os.environ["SURVEY_OFFICE_URL"])
    settings = read_settings(needs=KEYS)
    prepare_database(Database(settings.database_url))
    with installation(*KEYS) as (settings, database):
        counting = settings.keys["counting"][0]
        confirm_recovery(database, counting, check_word(counting))
        known = {item.id: item.state for item in list_rounds_status(database, now())}
        if ROUND not in known:
            with whole_file(home / "organisation.csv") as stream:
                write_csv(stream, organisation_rows(demo_municipality()))
            import_organisation(database, home / "organisation.csv", _keys(settings))
        if known.get(ROUND) in (None, State.PLANNED, State.OPEN):
            _apply(settings, database)
            open_round(database, ROUND, now())
        add_account(database, ADMINISTRATOR, "admin")
    return ROUND not in known


def _apply(settings: Settings, database: Database) -> None:
    """Write the round's file and take it; a round that is open already stays open for another three weeks."""
    opened = [
        collection.opens
        for item in list_rounds_status(database, now())
        for collection in item.collections
        if item.id == ROUND
    ]
    today = now().astimezone(LOCAL_TIME).date()
    opens = min([today, *opened])
    first_year = opens.year if opens.month >= SCHOOL_YEAR_BEGINS else opens.year - 1
    text = ROUND_FILE.format(
        school_year=f"{first_year}/{(first_year + 1) % 100:02}", opens=opens, closes=today + DAYS_OPEN
    )
    file = settings.home / f"{ROUND}.yaml"
    file.write_text(text, encoding="utf-8")
    forms = load_forms(*settings.forms_folders)
    planned = read_round(file, forms, key_fingerprint(settings.keys["link"][0]))
    apply_round(database, _keys(settings), planned, forms, now())


def _welcome(settings: Settings, database: Database) -> None:
    codes = list_codes(database, _keys(settings), ROUND)
    sign_in = make_sign_in_link(database, settings.office_url, ADMINISTRATOR, now())

    def first(audience: str, access: Access) -> IssuedCode:
        return next(item for item in codes if item.collection.audience == audience and item.link.access is access)

    pupil, guardian, staff = (
        first("pupil", Access.GROUP),
        first("guardian", Access.UNIT),
        first("staff", Access.SINGLE_USE),
    )
    click.echo(
        f"""
The demo municipality is open for answers. Stop it with Ctrl-C; start it again and it continues.

  A pupil's link        {settings.public_url}/s/{pupil.code}   (class {pupil.link.group})
  A guardian's link     {settings.public_url}/s/{guardian.code}
  A staff code          {spaced(staff.code)}   to type at {settings.public_url}/
  Sign in to the office {sign_in}
                        (works once, within 15 minutes)

Other commands work on it with  SURVEY_HOME={settings.home}
"""
    )


def _answer(people: list[Respondent], url: str) -> None:
    """Let the first people answer while the demo is already being looked at."""
    door = Door(url)
    for person in people:
        with suppress(OSError, HTTPException):
            door.answer(person)


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=1):  # noqa: S310 - our own address
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise Failed("the service did not start; what it said stands above")


def _keys(settings: Settings) -> LinkKeys:
    return LinkKeys(settings.keys["link"], settings.keys["lookup"])
