"""What Alembic runs: inside the service with its own connection, or by hand with SURVEY_HOME's database."""

from alembic import context
from sqlalchemy import Connection

from survey_service.settings import read_settings
from survey_service.storage.database import Database
from survey_service.storage.schema import metadata


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with Database(read_settings().database_url).write() as connection:
        run(connection)
