"""Leave nothing of what was destroyed in the database's files, and no order in what remains."""

import secrets

from survey_service.storage.database import Connection, Database
from survey_service.storage.installation import SCRUB_ASKED, fact, note_fact
from survey_service.storage.sealed_answers import rewrite_receipts


def ask_for_scrub(connection: Connection) -> None:
    """Note, in the transaction that destroys something, that a scrub must follow even if this process is killed."""
    note_fact(connection, SCRUB_ASKED, secrets.token_hex(8))


def scrub_if_asked(database: Database) -> None:
    """Scrub where it was asked for and has not been done."""
    with database.read() as connection:
        asked = fact(connection, SCRUB_ASKED)
    if asked:
        scrub(database)


def scrub(database: Database) -> None:
    """Rewrite the tables that answers passed through, without deleted rows and in the order of random ids."""
    with database.write() as connection:
        asked = fact(connection, SCRUB_ASKED)
        rewrite_receipts(connection)
    database.scrub()
    with database.write() as connection:
        if fact(connection, SCRUB_ASKED) == asked:  # or something more was destroyed meanwhile
            note_fact(connection, SCRUB_ASKED, "")
