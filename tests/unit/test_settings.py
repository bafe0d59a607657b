"""Settings come from the environment, then from settings.env; a secret that is missing or weak is named."""

import secrets
from pathlib import Path

import pytest

from survey_service.settings import (
    KEYS,
    OFFICE_KEYS,
    RESPONDENT_KEYS,
    WORKER_KEYS,
    MissingSecret,
    SettingsError,
    WeakSecret,
    key_file,
    read_settings,
    shipped,
)

STRONG, OTHER = bytes(range(32)).hex(), bytes(range(32, 64)).hex()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "keys").mkdir()
    return tmp_path


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"SURVEY_HOME": str(home), **more}


def test_without_anything_told_the_defaults_hold(home: Path) -> None:
    settings = read_settings(environment(home))
    assert settings.database_url == f"sqlite:///{home}/survey.sqlite3"
    assert settings.public_url == settings.office_url == "http://127.0.0.1:8000"
    assert settings.sources["SURVEY_DATABASE_URL"] == "default"


def test_home_is_a_folder_beside_where_the_service_was_started(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    assert read_settings({}).home == home / "survey-data"


def test_settings_env_is_read_and_the_environment_goes_before_it(home: Path) -> None:
    (home / "settings.env").write_text(
        "# ours\n\nSURVEY_PUBLIC_URL = https://enkat.example/ \nSURVEY_OFFICE_URL=https://a.example\n"
    )
    settings = read_settings(environment(home, SURVEY_OFFICE_URL="https://b.example"))
    assert (settings.public_url, settings.office_url) == ("https://enkat.example", "https://b.example")
    assert settings.sources["SURVEY_PUBLIC_URL"] == "settings.env"
    assert settings.sources["SURVEY_OFFICE_URL"] == "environment"


def test_a_line_of_settings_env_that_sets_nothing_is_pointed_at(home: Path) -> None:
    (home / "settings.env").write_text("SURVEY_PUBLIC_URL=https://enkat.example\nSURVEY_OFFICE_URL\n")
    with pytest.raises(SettingsError, match=r"settings\.env:2: expected NAME=value"):
        read_settings(environment(home))


def test_settings_env_that_is_not_text_is_named(home: Path) -> None:
    (home / "settings.env").write_bytes(b"SURVEY_PUBLIC_URL=\xff\xfe")
    with pytest.raises(SettingsError, match=r"cannot read .*settings\.env"):
        read_settings(environment(home))


@pytest.mark.parametrize("name", KEYS)
def test_a_missing_key_is_named_with_what_it_is_for_and_what_to_do(home: Path, name: str) -> None:
    with pytest.raises(MissingSecret) as refusal:
        read_settings(environment(home), needs=[name])
    message = str(refusal.value)
    assert f"SURVEY_{name.upper()}_KEY" in message
    assert str(key_file(home, name)) in message
    assert KEYS[name] in message
    assert "survey-service init" in message


@pytest.mark.parametrize(
    ("word", "complaint"),
    [
        ("secret", "not hexadecimal"),
        ("åäö", "not hexadecimal"),
        ("00" * 32, "too weak"),
        ("0123" * 16, "too weak"),
        (STRONG[:-2], "too weak"),
        (STRONG + "00", "too weak"),
    ],
)
def test_a_weak_key_is_refused_and_never_repeated(home: Path, word: str, complaint: str) -> None:
    with pytest.raises(WeakSecret, match=complaint) as refusal:
        read_settings(environment(home, SURVEY_TOKEN_KEY=word), needs=["token"])
    assert "SURVEY_TOKEN_KEY" in str(refusal.value)
    assert word not in str(refusal.value)


def test_a_weak_older_key_is_refused_too(home: Path) -> None:
    with pytest.raises(WeakSecret):
        read_settings(environment(home, SURVEY_TOKEN_KEY=f"{STRONG} {'00' * 32}"), needs=["token"])


def test_a_key_that_is_set_to_nothing_is_missing(home: Path) -> None:
    with pytest.raises(MissingSecret, match="SURVEY_TOKEN_KEY is empty"):
        read_settings(environment(home, SURVEY_TOKEN_KEY=" "), needs=["token"])


def test_a_key_comes_from_its_file_in_home_newest_first(home: Path) -> None:
    key_file(home, "link").write_text(f"{STRONG}\n{OTHER}\n")
    settings = read_settings(environment(home), needs=["link"])
    assert settings.keys["link"] == (bytes.fromhex(STRONG), bytes.fromhex(OTHER))
    assert settings.sources["SURVEY_LINK_KEY"] == str(key_file(home, "link"))


@pytest.mark.parametrize("where", ["environment", "settings.env"])
def test_a_key_may_be_kept_in_any_file(home: Path, where: str) -> None:
    elsewhere = home / "secret"
    elsewhere.write_text(STRONG)
    told = {"SURVEY_LINK_KEY_FILE": str(elsewhere)}
    if where == "settings.env":
        (home / where).write_text(f"SURVEY_LINK_KEY_FILE={elsewhere}\n")
        told = {}
    settings = read_settings(environment(home, **told), needs=["link"])
    assert settings.keys["link"] == (bytes.fromhex(STRONG),)
    assert settings.sources["SURVEY_LINK_KEY"] == str(elsewhere)


def test_the_environment_names_a_file_before_settings_env_gives_a_key(home: Path) -> None:
    (home / "settings.env").write_text(f"SURVEY_LINK_KEY={OTHER}\n")
    (home / "secret").write_text(STRONG)
    told = environment(home, SURVEY_LINK_KEY_FILE=str(home / "secret"))
    assert read_settings(told, needs=["link"]).keys["link"] == (bytes.fromhex(STRONG),)


def test_a_key_of_settings_env_is_told_to_come_from_there(home: Path) -> None:
    (home / "settings.env").write_text(f"SURVEY_LINK_KEY={OTHER}\n")
    settings = read_settings(environment(home), needs=["link"])
    assert settings.keys["link"] == (bytes.fromhex(OTHER),)
    assert settings.sources["SURVEY_LINK_KEY"] == "settings.env"


def test_a_key_file_that_cannot_be_read_is_named(home: Path) -> None:
    key_file(home, "link").mkdir()
    with pytest.raises(SettingsError, match=r"SURVEY_LINK_KEY: cannot read .*link\.key"):
        read_settings(environment(home), needs=["link"])
    key_file(home, "lookup").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"SURVEY_LOOKUP_KEY: cannot read .*lookup\.key"):
        read_settings(environment(home), needs=["lookup"])


@pytest.mark.parametrize("needs", [RESPONDENT_KEYS, OFFICE_KEYS, WORKER_KEYS, frozenset()])
def test_a_process_reads_only_the_keys_it_needs(home: Path, needs: frozenset[str]) -> None:
    for name in KEYS:
        key_file(home, name).write_text(secrets.token_hex(32) if name in needs else "unreadable nonsense")
    settings = read_settings(environment(home), needs=needs)
    assert {name for name, keys in settings.keys.items() if keys} == needs


def test_no_process_but_the_worker_opens_answers() -> None:
    assert "counting" not in RESPONDENT_KEYS | OFFICE_KEYS
    assert {"counting"} == WORKER_KEYS
    assert "link" not in RESPONDENT_KEYS


def test_keys_do_not_show_when_settings_are_printed(home: Path) -> None:
    settings = read_settings(environment(home, SURVEY_LINK_KEY=STRONG), needs=["link"])
    assert STRONG not in repr(settings)
    assert repr(bytes.fromhex(STRONG)) not in repr(settings)


def test_the_municipalitys_own_forms_are_read_after_those_that_are_shipped(home: Path) -> None:
    assert read_settings(environment(home)).forms_folders == (shipped("forms"),)
    (home / "forms").mkdir()
    assert read_settings(environment(home)).forms_folders == (shipped("forms"), home / "forms")
