"""Whose survey it is."""

from survey_service.storage.database import Database
from survey_service.storage.organisation import municipality_name

__all__ = ["find_municipality"]


def find_municipality(database: Database) -> str:
    """The municipality's name; empty before the first import."""
    with database.read() as connection:
        return municipality_name(connection) or ""
