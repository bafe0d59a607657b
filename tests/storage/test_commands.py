"""The survey-service command, as an administrator types it, with right and with wrong input."""

import csv
import os
from contextlib import chdir
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_service.cli import main
from tests.support.command import run_command

ORGANISATION = """\
municipality_code,municipality,operator_code,operator,operator_kind,unit_code,unit_name,school_form,group_name,grade,pupils,guardians,staff,heads,contact_email
0099,Ekviken,1,Ekvikens kommun,municipal,10000001,Sjöskolan,grundskola,4A,4,20,,,,
0099,Ekviken,1,Ekvikens kommun,municipal,10000001,Sjöskolan,grundskola,,,,,12,1,rektor@sjoskolan.example
"""

TODAY = datetime.now(UTC).date()

ROUND = f"""\
round: test
name: {{sv: "Prov"}}
school_year: 2026/27
disposal_decision: "UN 1"
collections:
  - {{id: pupils, school_form: grundskola, audience: pupil, grades: [4], form: pupil-4-6, access: group,
     opens: {TODAY - timedelta(days=1)}, closes: {TODAY + timedelta(days=9)}}}
  - {{id: staff, school_form: grundskola, audience: staff, form: staff-school, access: single-use, spare: 10%,
     opens: {TODAY - timedelta(days=1)}, closes: {TODAY + timedelta(days=9)}}}
"""


@dataclass(frozen=True)
class Office:
    """A folder and the settings of an installation in it."""

    folder: Path
    settings: dict[str, str]

    def __call__(self, *words: str) -> Result:
        """Run a command, from the folder."""
        cleared = {name: None for name in os.environ if name.startswith("SURVEY_")}
        with chdir(self.folder):
            return CliRunner().invoke(main, words, env=cleared | self.settings)

    def write(self, name: str, text: str) -> str:
        """A file in the folder."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


def installed(folder: Path, **settings: str) -> Office:
    """An installation that was made by `init`, and no more."""
    office = Office(folder, {"SURVEY_HOME": str(folder / "home"), **settings})
    sheet = office("init")
    assert sheet.exit_code == 0, sheet.output
    word = sheet.stdout.split("Check word")[1].split()[0]
    assert office("init", "--confirm", word).exit_code == 0
    return office


def opened(office: Office) -> Office:
    """The same, with an organisation and an open round."""
    for words in (
        ("organisation", "import", office.write("units.csv", ORGANISATION)),
        ("round", "apply", office.write("round.yaml", ROUND)),
        ("round", "open", "test"),
    ):
        done = office(*words)
        assert done.exit_code == 0, done.output
    return office


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Office:
    return installed(tmp_path, SURVEY_DATABASE_URL=database_url)


@pytest.fixture
def open_office(office: Office) -> Office:
    return opened(office)


@pytest.fixture(scope="module")
def unchanging_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """One open round for all commands that are refused."""
    return opened(installed(tmp_path_factory.mktemp("office")))


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file's rows by column."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_whole_round_can_be_run_by_commands_alone(open_office: Office) -> None:
    assert open_office("links", "export", "test", "--output", "links.csv").exit_code == 0
    links = rows(open_office.folder / "links.csv")
    staff = [row for row in links if row["collection"] == "staff"]
    assert [row["expected"] for row in links if row["collection"] == "pupils"] == ["20"]
    assert len(staff) == 14  # twelve and a tenth, rounded up
    assert [row["code"] for row in staff] == sorted(row["code"] for row in staff)

    assert open_office("worker", "--once").exit_code == 0
    assert "pupils (open" in open_office("round", "status", "test").stdout

    closed = open_office("round", "close", "test")
    assert "compiled: pupils, staff" in closed.stdout, closed.stderr
    assert open_office("results", "export", "test", "--output", "tallies.csv").exit_code == 0
    tallies = rows(open_office.folder / "tallies.csv")
    assert {row["status"] for row in tallies} == {"empty"}
    assert {row["n"] for row in tallies} == {""}


def test_a_second_time_the_same_changes_nothing(open_office: Office) -> None:
    open_office("links", "export", "test", "--output", "before.csv")

    assert "0 added, 0 changed" in open_office("organisation", "import", "units.csv").stdout
    assert open_office("round", "apply", "round.yaml").exit_code == 0
    assert "nothing" in open_office("round", "open", "test").stdout

    open_office("links", "export", "test", "--output", "after.csv")
    assert rows(open_office.folder / "before.csv") == rows(open_office.folder / "after.csv")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("round", "status", "no-such"), "no round is called no-such; there are: test"),
        (("round", "close", "no-such"), "no round is called no-such"),
        (("round", "close", "test", "--collection", "heads"), "has no collection heads; it has: pupils, staff"),
        (("links", "export", "no-such"), "no round is called no-such"),
        (("links", "export", "test", "--unit", "9"), "no unit has the code 9"),
        (("links", "export", "test", "--output", "no/such/folder.csv"), "no/such/folder.csv"),
        (("results", "export", "test"), "has no release yet"),
        (("results", "export", "test", "--output", "x.csv"), "has no release yet"),
        (("organisation", "import", "missing.csv"), "missing.csv"),
        (("organisation", "export", "units.pdf"), "must end in"),
        (("round", "apply", "missing.yaml"), "missing.yaml"),
        (("account", "add", "not-an-address", "--role", "admin"), "is not an e-mail address"),
        (("account", "link", "nobody@example.org"), "nobody@example.org"),
        (("forms", "check", "no-such-form"), "no form is called no-such-form"),
        (("init", "--confirm", "0000-0000-0000-0000"), "not the check word"),
        (("simulate", "test", "--responses", "1", "--url", "ftp://x"), "is not an http address"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_clear_line(
    unchanging_office: Office, words: tuple[str, ...], said: str
) -> None:
    failed = unchanging_office(*words)

    assert failed.exit_code == 1
    assert said in failed.stderr
    assert failed.stderr.count("\n") == 1, failed.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("round",),
        ("no-such-command",),
        ("round", "status"),
        ("simulate", "test", "--responses", "0"),
        ("demo", "--port", "x"),
        ("serve", "--bind", "nowhere"),
    ],
)
def test_wrong_use_has_a_status_of_its_own(unchanging_office: Office, words: tuple[str, ...]) -> None:
    assert unchanging_office(*words).exit_code == 2


def test_every_command_has_help(unchanging_office: Office) -> None:
    for name in main.commands:
        assert unchanging_office(name, "--help").exit_code == 0


def test_the_command_works_as_a_process_and_says_no_more_than_it_must(tmp_path: Path) -> None:
    failed = run_command("round", "list", cwd=tmp_path, settings={"SURVEY_HOME": str(tmp_path / "home")})

    assert failed.returncode == 1
    assert failed.stdout == ""
    assert failed.stderr == f"there is no database at {tmp_path}/home/survey.sqlite3: run `survey-service init`\n"


def test_a_full_disk_leaves_no_half_file(open_office: Office) -> None:
    failed = open_office("links", "export", "test", "--output", "/dev/full")

    assert failed.exit_code == 1
    assert failed.stderr.strip() == "/dev/full: cannot be written: No space left on device"


def test_every_mistake_of_a_bad_organisation_file_is_named_with_its_line(office: Office) -> None:
    bad = ORGANISATION.replace("grundskola,4A,4,20", "grundskol,4A,4,-3")

    failed = office("organisation", "import", office.write("bad.csv", bad))

    assert failed.exit_code == 1
    assert failed.stderr.count("bad.csv:2") >= 2, failed.stderr


def test_a_round_does_not_open_before_the_recovery_sheet_is_confirmed(tmp_path: Path) -> None:
    office = Office(tmp_path, {"SURVEY_HOME": str(tmp_path / "home")})
    office("init")
    office("organisation", "import", office.write("units.csv", ORGANISATION))
    office("round", "apply", office.write("round.yaml", ROUND))

    failed = office("round", "open", "test")

    assert failed.exit_code == 1
    assert "recovery sheet is not confirmed" in failed.stderr


def test_commands_before_init_say_to_run_it(tmp_path: Path) -> None:
    failed = Office(tmp_path, {"SURVEY_HOME": str(tmp_path / "home")})("round", "list")

    assert failed.exit_code == 1
    assert "survey-service init" in failed.stderr


def test_a_weak_key_is_refused_by_name(office: Office) -> None:
    weak = Office(office.folder, office.settings | {"SURVEY_LINK_KEY": "00" * 32})

    failed = weak("links", "export", "test")

    assert failed.exit_code == 1
    assert "SURVEY_LINK_KEY is too weak" in failed.stderr


@pytest.mark.parametrize("url", ["nonsense", "mysql://localhost/survey", "postgresql"])
def test_a_database_address_that_is_none_is_refused_by_name(unchanging_office: Office, url: str) -> None:
    failed = Office(unchanging_office.folder, unchanging_office.settings | {"SURVEY_DATABASE_URL": url})(
        "round", "list"
    )

    assert failed.exit_code == 1
    assert failed.stderr.startswith("SURVEY_DATABASE_URL ")


def test_keys_and_sheet_are_readable_by_their_owner_only(office: Office) -> None:
    keys = sorted((office.folder / "home" / "keys").iterdir())

    assert len(keys) == 6
    assert {key.stat().st_mode & 0o077 for key in keys} == {0}


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file stands where the folder should be")

    failed = Office(tmp_path, {"SURVEY_HOME": str(tmp_path / "home")})("init")

    assert failed.exit_code == 1
    assert f"cannot write to {tmp_path / 'home'}" in failed.stderr


def test_the_doctor_finds_a_sound_installation_sound_once_the_worker_has_worked(open_office: Office) -> None:
    open_office("worker", "--once")

    sound = open_office("doctor", "--scrub")

    assert sound.exit_code == 0, sound.stdout
    assert "MEND" not in sound.stdout
    for secret in (open_office.folder / "home" / "keys").iterdir():
        assert secret.read_text(encoding="ascii").strip() not in sound.stdout + os.linesep
