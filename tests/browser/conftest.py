"""Fixtures of tests that answer forms in a browser: a site with small forms, and one with the shipped ones."""

from collections.abc import Iterator

import pytest

from tests.support.form_in_browser import Site, site


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The small forms of every kind, in Swedish only."""
    with site(tmp_path_factory.mktemp("small"), small=True) as served:
        yield served


@pytest.fixture(scope="session")
def shipped_forms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The forms that are shipped, in all their languages."""
    with site(tmp_path_factory.mktemp("shipped"), small=False) as served:
        yield served
