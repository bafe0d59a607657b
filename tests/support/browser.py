"""Finds the browser that the tests use: the system's Chromium, or else the one that Playwright installed."""

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

QUIET_AND_OFFLINE = (
    "--no-sandbox",  # containers run the tests as root
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def system_browser() -> str | None:
    """Path of a browser on the machine that starts; some systems ship a stub of that name which does not."""
    found = (path for name in SYSTEM_NAMES if (path := shutil.which(name)))
    return next((path for path in found if _starts(path)), None)


def launch_arguments() -> dict[str, object]:
    """What Playwright's launch is called with."""
    path = system_browser()
    chosen: dict[str, object] = {"executable_path": path} if path else {}
    return {**chosen, "args": list(QUIET_AND_OFFLINE)}


def _starts(path: str) -> bool:
    command = [path, "--version"]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def _playwright_has_its_own() -> bool:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path).exists()


if __name__ == "__main__":  # tests/run.sh asks whether a browser is there
    sys.exit(0 if system_browser() or _playwright_has_its_own() else 1)
