"""The WSGI applications: `gunicorn 'survey_service.wsgi:respondent()'`."""

from flask import Flask

from survey_service.settings import OFFICE_KEYS, RESPONDENT_KEYS, read_settings
from survey_service.storage.database import Database


def respondent() -> Flask:
    """The respondent application, from the environment. Raises SettingsError where it cannot run."""
    # Imported here, so that a process that takes answers never loads a line of the office, nor the other way round.
    from survey_service.web.respondent.application import create_respondent  # noqa: PLC0415

    settings = read_settings(needs=RESPONDENT_KEYS)
    return create_respondent(settings, Database(settings.database_url))


def office() -> Flask:
    """The office application, from the environment. Raises SettingsError where it cannot run."""
    from survey_service.web.admin import AREA  # noqa: PLC0415
    from survey_service.web.shared.office_application import make_office  # noqa: PLC0415

    settings = read_settings(needs=OFFICE_KEYS)
    return make_office(settings, Database(settings.database_url), [AREA])
