"""Make an installation: its folder, keys, settings file and database; what is there already is kept."""

import os
import secrets
from pathlib import Path

from survey_service.domain.counting_key import check_word, public_part
from survey_service.settings import KEY_BYTES, KEYS, SettingsError, key_file
from survey_service.storage.database import Database
from survey_service.storage.schema import migrate

SECRET_KEYS = ("link", "lookup", "token", "session", "counting")

SETTINGS_FILE = """\
# Settings of this installation. The environment overrides what stands here.
# Every key is read from keys/NAME.key in this folder unless SURVEY_NAME_KEY or SURVEY_NAME_KEY_FILE says otherwise;
# a key file holds one key a line, the newest first.
SURVEY_PUBLIC_URL={public_url}
SURVEY_OFFICE_URL={office_url}
# SURVEY_DATABASE_URL=postgresql://user@host/database
"""

RECOVERY_SHEET = """\
RECOVERY SHEET FOR THE COUNTING KEY

Without this key no answer that waits can be counted, and no running tally can be opened.
Print this sheet, keep it where the municipality keeps what must not be lost, and delete every copy on screen or disk.

  Key         {key}
  Check word  {word}

To show that the sheet is in safe-keeping, read the check word from it:
  survey-service init --confirm {word}
"""


def set_up(home: Path, public_url: str, office_url: str) -> list[str]:
    """Make what is missing of an installation's folder; returns the names of the keys that were made.

    Raises SettingsError where the folder cannot be written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "keys").mkdir(mode=0o700, exist_ok=True)
        made = [name for name in SECRET_KEYS if _write_once(key_file(home, name), secrets.token_hex(KEY_BYTES))]
        if key_file(home, "counting").exists():
            counting = bytes.fromhex(key_file(home, "counting").read_text(encoding="ascii").split()[0])
            if _write_once(key_file(home, "sealing"), public_part(counting).hex()):
                made.append("sealing")
        settings = home / "settings.env"
        if not settings.exists():
            settings.write_text(SETTINGS_FILE.format(public_url=public_url, office_url=office_url), encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"cannot write to {home}: {error.strerror}") from None
    assert set(made) <= set(KEYS)
    return made


def prepare_database(database: Database) -> None:
    """Bring the database to this version's schema. Raises DatabaseAway."""
    migrate(database)


def recovery_sheet(counting_key: bytes) -> str:
    """The text to print and store: the key in groups of eight digits, and its check word."""
    digits = counting_key.hex()
    groups = " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))
    return RECOVERY_SHEET.format(key=groups, word=check_word(counting_key))


def _write_once(path: Path, key: str) -> bool:
    """Write a key that only its owner can read; False where there is one already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key + "\n")
    return True
