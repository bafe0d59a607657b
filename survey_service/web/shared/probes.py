"""The two addresses that machines ask: whether the process is alive, and whether it can do its work."""

from flask import Flask, Response

from survey_service.services.readiness import Database, check_ready


def install_probes(app: Flask, database: Database) -> None:
    """Add `/health` (alive) and `/ready` (the database answers too; 503 where it does not)."""

    @app.get("/health")
    def health() -> Response:
        return Response("alive\n", mimetype="text/plain")

    @app.get("/ready")
    def ready() -> Response:
        check_ready(database)
        return Response("ready\n", mimetype="text/plain")
