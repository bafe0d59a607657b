"""All commands under one name."""

from survey_service.cli.accounts import account
from survey_service.cli.command import PlainGroup
from survey_service.cli.demo import demo
from survey_service.cli.forms import forms
from survey_service.cli.installation import doctor, init
from survey_service.cli.links import links
from survey_service.cli.organisation import organisation
from survey_service.cli.processes import serve, worker
from survey_service.cli.results import results
from survey_service.cli.rounds import survey_round
from survey_service.cli.simulate import simulate

main = PlainGroup(
    name="survey-service",
    help="Anonymous school surveys for a municipality. Settings come from the environment; see the README.",
    commands=[demo, init, serve, worker, organisation, survey_round, links, results, forms, account, simulate, doctor],
    context_settings={"help_option_names": ["-h", "--help"]},
)
