"""The municipal office: sign in, watch the answers come in, find links, close a round, settle how pages look."""

from pathlib import Path

from survey_service.web.admin import links, rounds, settings, sign_in
from survey_service.web.shared.office_application import Area

AREA = Area(Path(__file__).parent, (sign_in.pages, rounds.pages, links.pages, settings.pages))
