"""Static files under names that hold their content's hash, so that browsers may keep them for a year."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

from survey_service.web.shared.accepts import takes_gzip

A_YEAR = "public, max-age=31536000, immutable"
DIGITS = 12

IDLE = re.compile(rb"^[ \t]*//.*\n|^[ \t]+|\n(?=\n)", re.MULTILINE)
"""What a script can do without: lines that are comments, empty lines and indentation."""


@dataclass(frozen=True)
class StaticFile:
    """A file's content as it is sent, plain and compressed."""

    media_type: str
    plain: bytes
    compressed: bytes


class StaticFiles:
    """All static files of an application, read once: there are few, and they are small."""

    def __init__(self, prefix: str, folders: Iterable[Path]) -> None:
        self._prefix = prefix
        self._urls: dict[str, str] = {}
        self._files: dict[str, StaticFile] = {}
        for folder in folders:
            for path in sorted(folder.glob("*")) if folder.is_dir() else ():
                self._add(path)

    def url(self, name: str) -> str:
        """The address of a file known by its plain name. Raises KeyError where there is none."""
        return self._urls[name]

    def install(self, app: Flask) -> None:
        """Serve the files, and let templates find them by `static_url('name')`."""
        app.jinja_env.globals["static_url"] = self.url
        app.add_url_rule(f"{self._prefix}/<name>", "static", self._respond)

    def _add(self, path: Path) -> None:
        content = path.read_bytes()
        if path.suffix == ".js":
            content = IDLE.sub(b"", content)
        hashed = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:DIGITS]}{path.suffix}"
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self._files[hashed] = StaticFile(media_type, content, gzip.compress(content, mtime=0))
        self._urls[path.name] = f"{self._prefix}/{hashed}"

    def _respond(self, name: str) -> Response:
        file = self._files.get(name) or abort(404)
        response = Response(file.plain, mimetype=file.media_type)
        if takes_gzip(request.headers.get("Accept-Encoding", "")) and len(file.compressed) < len(file.plain):
            response = Response(file.compressed, mimetype=file.media_type, headers={"Content-Encoding": "gzip"})
        response.headers["Cache-Control"] = A_YEAR
        response.headers["Vary"] = "Accept-Encoding"
        return response
