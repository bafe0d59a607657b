"""Logs that tell an operator what is wrong and nobody who was here: no address, path, code, message or value."""

import sys
import traceback
from typing import Any

from gunicorn.glogging import Logger

ABOUT_A_REQUEST = (
    "Error handling",
    "Exception in post_request hook",
    "HTTP/2",
    "Invalid request",
    "Socket error",
)
"""How gunicorn's lines begin that come from one request, and may hold its address, path or content."""


def described(error: BaseException | None) -> str:
    """An exception and what caused it: classes and places in the code, never a message, which may hold a value."""
    told = []
    while error is not None:
        way = traceback.extract_tb(error.__traceback__)
        places = [f"{place.filename}:{place.lineno} {place.name}" for place in reversed(way)]
        told.append(" < ".join([f"{type(error).__module__}.{type(error).__qualname__}", *places]))
        error = error.__cause__ or error.__context__
    return "; caused by ".join(told)


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's logger (`--logger-class`) without anything about single requests but what failed."""

    def access(self, *_: Any, **__: Any) -> None:
        """Nothing: there is no access log."""

    def debug(self, *_: Any, **__: Any) -> None:
        """Nothing: at this level gunicorn writes the path of every request."""

    def warning(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """A warning; of one about a request, only which rule it broke."""
        self._tell(super().warning, msg, args, kwargs)

    def exception(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """In full where the server could not start or go on; of a request, only class and places."""
        self._tell(super().exception, msg, args, kwargs)

    def _tell(self, write: Any, msg: object, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        about = next((start for start in ABOUT_A_REQUEST if str(msg).startswith(start)), None)
        if about is None:
            write(msg, *args, **kwargs)
        else:
            super().error("%s …: %s", about, described(sys.exc_info()[1]))
