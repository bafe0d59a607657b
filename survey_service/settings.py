"""Everything the service is told from outside: one frozen record read from the environment and `settings.env`."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

KEY_BYTES = 32
FEWEST_DISTINCT_BYTES = 8

KEYS = {
    "link": "derives the codes on links and cards",
    "lookup": "finds a link by its code",
    "token": "signs the forms that are handed out",
    "session": "signs sign-in sessions of the office",
    "sealing": "seals answers; public",
    "counting": "opens sealed answers; private",
}
"""Every key and what it is for. Each process reads only those it needs."""

RESPONDENT_KEYS = frozenset({"lookup", "token", "sealing"})
OFFICE_KEYS = frozenset({"link", "lookup", "session"})
WORKER_KEYS = frozenset({"counting"})


class SettingsError(Exception):
    """A setting is missing or cannot be used; the message names it and what to do."""


class MissingSecret(SettingsError):
    """A key that this process needs was not given."""


class WeakSecret(SettingsError):
    """A key is too short or too regular to protect anything."""


@dataclass(frozen=True)
class Settings:
    """What the service was told. A key that the process does not need stays an empty tuple.

    Keys are 32 bytes each, newest first: the first one makes, all of them are accepted.
    `sources` tells for every setting name where its value came from, for people who look for mistakes.
    """

    home: Path
    database_url: str
    public_url: str
    office_url: str
    keys: Mapping[str, tuple[bytes, ...]] = field(repr=False)
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def forms_folders(self) -> tuple[Path, ...]:
        """Where questionnaires are read from: the shipped ones, then the municipality's own."""
        own = self.home / "forms"
        return (shipped("forms"), own) if own.is_dir() else (shipped("forms"),)


def shipped(name: str) -> Path:
    """The folder `forms`, `translations` or `migrations`, in an installed package or beside a checkout."""
    package = Path(__file__).parent
    installed = package / "shipped" / name
    return installed if installed.is_dir() else package.parent / name


def key_file(home: Path, name: str) -> Path:
    """Where `init` writes a key and where a process looks for it unless told otherwise."""
    return home / "keys" / f"{name}.key"


def read_settings(environ: Mapping[str, str] = os.environ, needs: Collection[str] = ()) -> Settings:
    """Settings from the environment, then from `settings.env` in SURVEY_HOME, then defaults.

    Raises MissingSecret or WeakSecret for a key in `needs`, and SettingsError where a file cannot be read.
    """
    home = Path(environ.get("SURVEY_HOME", "survey-data")).absolute()
    written = _read_env_file(home / "settings.env")
    sources: dict[str, str] = {"SURVEY_HOME": "environment" if "SURVEY_HOME" in environ else "default"}

    def value(name: str, default: str) -> str:
        for source, place in (("environment", environ), ("settings.env", written)):
            if name in place:
                sources[name] = source
                return place[name]
        sources[name] = "default"
        return default

    public_url = value("SURVEY_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
    return Settings(
        home=home,
        database_url=value("SURVEY_DATABASE_URL", f"sqlite:///{home / 'survey.sqlite3'}"),
        public_url=public_url,
        office_url=value("SURVEY_OFFICE_URL", public_url).rstrip("/"),
        keys={name: _read_keys(name, (environ, written), home, sources) if name in needs else () for name in KEYS},
        sources=sources,
    )


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        written = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read {path}: {error}") from None
    pairs = {}
    for number, line in enumerate(written.splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals:
            raise SettingsError(f"{path}:{number}: expected NAME=value")
        pairs[name.strip()] = value.strip()
    return pairs


def _read_keys(
    name: str, places: tuple[Mapping[str, str], Mapping[str, str]], home: Path, sources: dict[str, str]
) -> tuple[bytes, ...]:
    variable = f"SURVEY_{name.upper()}_KEY"
    # The environment comes first, whether it gives the key itself or the name of its file.
    told = next((place for place in places if variable in place or f"{variable}_FILE" in place), {})
    if variable in told:
        sources[variable], text = "environment" if told is places[0] else "settings.env", told[variable]
    else:
        path = Path(told.get(f"{variable}_FILE", key_file(home, name)))
        sources[variable] = str(path)
        try:
            text = path.read_text(encoding="ascii")
        except FileNotFoundError:
            raise MissingSecret(
                f"{variable} is not set and {path} does not exist (this key {KEYS[name]}): "
                "run `survey-service init`, or point to the key"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{variable}: cannot read {path}: {error}") from None
    keys = tuple(_key(variable, word) for word in text.split())
    if not keys:
        raise MissingSecret(f"{variable} is empty (this key {KEYS[name]})")
    return keys


def _key(variable: str, word: str) -> bytes:
    try:
        key = bytes.fromhex(word)
    except ValueError:
        raise WeakSecret(f"{variable} is not hexadecimal: expected {2 * KEY_BYTES} digits") from None
    if len(key) != KEY_BYTES or len(set(key)) < FEWEST_DISTINCT_BYTES:
        raise WeakSecret(f"{variable} is too weak: expected {2 * KEY_BYTES} random hexadecimal digits")
    return key
