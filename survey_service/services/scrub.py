"""Leave nothing of what was destroyed in the database's files, and no order in what remains."""

from survey_service.storage.database import Database
from survey_service.storage.sealed_answers import rewrite_receipts


def scrub(database: Database) -> None:
    """Rewrite the tables that answers passed through, without deleted rows and in the order of random ids."""
    with database.write() as connection:
        rewrite_receipts(connection)
    database.scrub()
