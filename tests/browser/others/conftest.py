"""Fixtures of journeys in Firefox and WebKit. They are run by sh tests/browser/other_browsers.sh, and by it alone."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.form_in_browser import Site
from tests.support.other_browsers import BROWSERS
from tests.support.other_visitor import Opens, Visitor


@pytest.fixture(params=BROWSERS)
def opens(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opens]:
    """Opens an address in a browser of its own, with scripts unless told otherwise."""
    with ExitStack() as open_browsers:

        def somebody(url: str, *, scripts: bool = True) -> Visitor:
            visitor = Visitor(open_browsers.enter_context(BROWSERS[request.param](tmp_path, scripts=scripts)))
            visitor.driver.get(url)
            visitor.see(lambda: visitor.sees("#answers.stepped" if scripts else "#answers:not(.stepped)"))
            return visitor

        yield somebody


@pytest.fixture
def pupil(opens: Opens, small: Site) -> Visitor:
    """A pupil of 4A at the small form."""
    return opens(small.url("pupils", "4A"))


@pytest.fixture
def guardian(opens: Opens, small: Site) -> Visitor:
    """A guardian at the small form."""
    return opens(small.url("guardians"))
