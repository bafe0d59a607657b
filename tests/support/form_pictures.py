"""Saves pictures of the pages that respondents meet, for people to look at; pictures.sh calls it."""

import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from tests.support.browser import launch_arguments
from tests.support.form_looks import LOOKS, View, looked_at, served_kinds

PICTURES = {
    "pupil-first": ("a child's first screen", View("sv", "light", 768)),
    "pupil-faces": ("three faces", View("sv", "light", 768)),
    "pupil-faces-phone": ("five faces", View("sv", "light", 320)),
    "pupil-scale": ("a pupil's scale", View("sv", "light", 1280)),
    "pupil-scale-dark": ("a pupil's scale", View("sv", "dark", 320)),
    "pupil-thanks": ("a pupil's thanks", View("sv", "light", 768)),
    "guardian-arabic": ("a guardian's form", View("ar", "light", 320)),
    "guardian-wide": ("a guardian's form", View("sv", "light", 1280)),
    "guardian-two-languages": ("two languages at once", View("sv", "light", 768)),
    "guardian-questions": ("choices, a follow-up, a number and own words", View("sv", "light", 768)),
    "guardian-mistake": ("what cannot be taken, at its question", View("sv", "light", 768)),
    "guardian-last": ("a grown-up's last screen", View("sv", "light", 768)),
    "guardian-thanks": ("a grown-up's thanks", View("en", "dark", 768)),
    "closed": ("closed", View("sv", "light", 768)),
    "code": ("the page to type a code on", View("sv", "light", 320)),
}
"""By the name of its file, which page is shown and how."""


def save_pictures(folder: Path) -> None:
    """Write every picture as a file of the folder."""
    with TemporaryDirectory() as home, served_kinds(Path(home)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments())  # type: ignore[arg-type]
        for name, (look, view) in PICTURES.items():
            with looked_at(browser, *site, LOOKS[look], view) as page:
                page.mouse.move(0, 0)
                page.screenshot(path=folder / f"{name}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    save_pictures(Path(sys.argv[1]))
