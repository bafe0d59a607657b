"""Whether the service can take answers now."""

from survey_service.storage.database import Database, DatabaseAway
from survey_service.storage.links import find_by_code

__all__ = ["Database", "DatabaseAway", "check_ready"]


def check_ready(database: Database) -> None:
    """Look for a link as a respondent's request does. Raises DatabaseAway."""
    with database.read() as connection:
        find_by_code(connection, [b""])
