"""The two views that ours are measured against: one that does nothing, and one that stores one row durably."""

import os
import uuid
from http import HTTPStatus

from flask import Flask, Response, redirect
from sqlalchemy import Column, MetaData, String, Table, insert
from werkzeug.wrappers import Response as AnyResponse

from survey_service.storage.database import Database

URL_VARIABLE = "LOAD_DATABASE_URL"

stored = Table("load_reference", MetaData(), Column("id", String(36), primary_key=True))


def make_table(database: Database) -> None:
    """The table of one column that the reference view writes to."""
    with database.write() as connection:
        stored.create(connection)


def reference() -> Flask:
    """The reference application, for the database that the environment names."""
    app = Flask(__name__)
    database = Database(os.environ[URL_VARIABLE])

    @app.get("/ok")
    def ok() -> Response:
        return Response("ok")

    @app.post("/insert")
    def insert_one() -> AnyResponse:
        with database.write() as connection:
            connection.execute(insert(stored), {"id": str(uuid.uuid4())})
        return redirect("/ok", HTTPStatus.SEE_OTHER)

    return app
