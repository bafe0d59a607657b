"""Firefox and WebKit as tests drive them: a fresh one for everybody who opens a form, with scripts or without."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from selenium.webdriver import FirefoxOptions, Remote, WebKitGTKOptions
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.service import Service

from tests.support.marionette import Marionette
from tests.support.waiting import wait_until

Started = AbstractContextManager[WebDriver]


@contextmanager
def firefox(home: Path, *, scripts: bool) -> Iterator[WebDriver]:
    """Firefox without a window, on a profile of its own."""
    path = shutil.which("firefox-esr") or shutil.which("firefox")
    assert path, "Firefox is missing"
    settings = {"marionette.port": 0, "javascript.enabled": scripts}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
    (home / "user.js").write_text("".join(lines))
    command = [path, "--headless", "--marionette", "--no-remote", "--profile", str(home)]
    listening = home / "MarionetteActivePort"
    with (home / "firefox.log").open("w") as log:
        process = subprocess.Popen(
            command, env={**os.environ, "HOME": str(home)}, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_until(lambda: process.poll() is not None or (listening.exists() and listening.read_text().isdigit()))
        assert process.poll() is None, (home / "firefox.log").read_text()
        connection = Marionette(int(listening.read_text()))
        try:
            yield Remote(command_executor=connection, options=FirefoxOptions())  # type: ignore[arg-type]
        finally:
            connection.close()
    finally:
        # Leaving in good order takes long, and nothing of the profile is kept.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def webkit(home: Path, *, scripts: bool) -> Iterator[WebDriver]:
    """WebKitGTK's own small browser, which keeps nothing when it is driven; it needs a display."""
    # Its driver does not wait for the end of a smooth scroll before it clicks. So this is somebody who wants no motion.
    (home / "gtk-3.0").mkdir()
    (home / "gtk-3.0" / "settings.ini").write_text("[Settings]\ngtk-enable-animations=0\n")
    options = WebKitGTKOptions()
    options.binary_location = str(next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")))
    for argument in ("--automation", *(() if scripts else ("--enable-javascript=false",))):
        options.add_argument(argument)
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home)}
    service = Service(log_output=str(home / "webkit.log"), env=environment)
    service.start()
    try:
        connection = RemoteConnection(client_config=ClientConfig(service.service_url))
        with Remote(command_executor=connection, options=options) as driver:
            yield driver
    finally:
        service.stop()


BROWSERS: dict[str, Callable[..., Started]] = {"firefox": firefox, "webkit": webkit}
"""How each browser is started: with a directory of its own, and `scripts` or not."""
