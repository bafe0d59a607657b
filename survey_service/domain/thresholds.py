"""How many answers must stand behind what is shown, by outlet: the promise that respondents read and figures keep."""

from collections.abc import Mapping

MINIMUM_ANSWERS = {"public": 10, "unit": 5, "administrator": 5}
"""Fewest answers behind a shown table, by outlet, unless the round asks for more."""


def minimum_answers(outlet: str, thresholds: Mapping[str, Mapping[str, int]]) -> int:
    """The fewest answers behind a table that an outlet shows, in a round with these thresholds; never below ours."""
    return max(MINIMUM_ANSWERS[outlet], thresholds.get(outlet, {}).get("minimum_answers", 0))
