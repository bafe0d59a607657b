"""Export the organisation as the file from which it can be imported again."""

from pathlib import Path

from survey_service.outputs.spreadsheet import WRITERS
from survey_service.outputs.whole_file import CannotWrite, whole_file
from survey_service.services.find import existing_organisation
from survey_service.services.organisation_file import organisation_rows
from survey_service.storage.database import Database


def export_organisation(database: Database, path: str | Path) -> None:
    """Write the organisation to a .csv or .xlsx file, or as CSV to standard output (`-`).

    Raises NoOrganisation, CannotWrite; then no file is left.
    """
    suffix = ".csv" if str(path) == "-" else Path(path).suffix.lower()
    if suffix not in WRITERS:
        raise CannotWrite(f"{path}: the name must end in {' or '.join(WRITERS)}")
    with database.read() as connection:
        organisation = existing_organisation(connection)
    with whole_file(path) as stream:
        WRITERS[suffix](stream, organisation_rows(organisation))
