"""The counting key's recovery sheet: no round opens before somebody has shown that they keep it."""

import hashlib

from survey_service.domain.counting_key import check_word, public_part
from survey_service.storage.database import Connection, Database
from survey_service.storage.installation import RECOVERY_CONFIRMED, fact, note_fact


class RecoveryUnconfirmed(Exception):
    """Nobody has confirmed that the counting key's recovery sheet is in safe-keeping."""


class WrongCheckWord(Exception):
    """The check word does not belong to this counting key."""


def confirm_recovery(database: Database, counting_key: bytes, word: str) -> None:
    """Note that the recovery sheet was stored: its check word was read from it. Raises WrongCheckWord."""
    digits = "".join(symbol for symbol in word if symbol.isdigit())
    if digits != check_word(counting_key).replace("-", ""):
        raise WrongCheckWord("this is not the check word of the counting key's recovery sheet")
    with database.write() as connection:
        note_fact(connection, RECOVERY_CONFIRMED, _fingerprint(counting_key))


def require_confirmed(connection: Connection) -> None:
    """Raises RecoveryUnconfirmed."""
    if fact(connection, RECOVERY_CONFIRMED) is None:
        raise RecoveryUnconfirmed(
            "the counting key's recovery sheet is not confirmed: store the sheet that `survey-service init` wrote, "
            "then run `survey-service init --confirm CHECK-WORD` with the word that stands on it"
        )


def is_confirmed(database: Database, counting_key: bytes) -> bool:
    """Whether the sheet of this counting key was confirmed."""
    with database.read() as connection:
        return fact(connection, RECOVERY_CONFIRMED) == _fingerprint(counting_key)


def _fingerprint(counting_key: bytes) -> str:
    return hashlib.sha256(public_part(counting_key)).hexdigest()[:16]
