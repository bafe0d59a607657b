"""Lets the service start its own processes as `python -m survey_service.cli`."""

from survey_service.cli.main import main

main()
