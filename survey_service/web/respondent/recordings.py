"""Recorded questions: `forms/<form>/audio/<language>/<question>.mp3`, served under names that never change content."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, send_file

from survey_service.web.shared.static_files import A_YEAR, DIGITS

MEDIA_TYPES = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".opus": "audio/ogg"}
PREFIX = "/recordings"


@dataclass(frozen=True)
class Recording:
    """A file with one question and its options read aloud by a person."""

    form: str
    tag: str
    question: str
    file: Path
    name: str


class Recordings:
    """All recordings in the forms folders, found once when a process starts."""

    def __init__(self, folders: Iterable[Path]) -> None:
        found = [
            _recording(file) for folder in folders for file in sorted(folder.glob("*/audio/*/*")) if _is_sound(file)
        ]
        self._by_name = {item.name: item for item in found}
        self._addresses = {(item.form, item.tag, item.question): f"{PREFIX}/{item.name}" for item in found}

    def address(self, form: str, tag: str, question: str) -> str | None:
        """Where a question's recording in a language is, None where nobody recorded it."""
        return self._addresses.get((form, tag, question))

    def install(self, app: Flask) -> None:
        """Serve them, and let templates find them by `recording(form, tag, question)`."""
        app.jinja_env.globals["recording"] = self.address
        app.add_url_rule(f"{PREFIX}/<name>", "recording", self._respond)

    def _respond(self, name: str) -> Response:
        found = self._by_name.get(name)
        if found is None:
            abort(404)
        response = send_file(found.file, mimetype=MEDIA_TYPES[found.file.suffix], conditional=True)
        response.headers["Cache-Control"] = A_YEAR
        return response


def _is_sound(file: Path) -> bool:
    return file.is_file() and file.suffix in MEDIA_TYPES


def _recording(file: Path) -> Recording:
    digits = hashlib.sha256(file.read_bytes()).hexdigest()[:DIGITS]
    return Recording(file.parts[-4], file.parts[-2], file.stem, file, f"{file.stem}.{digits}{file.suffix}")
