"""The survey-service command."""

from survey_service.cli.main import main

__all__ = ["main"]
