"""The Babel extractor of questionnaires: every text of their files, with its message context."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from survey_service.questionnaires.form_format import FormFile, ScalesFile, format_problems
from survey_service.questionnaires.lined_yaml import Place, read_document

Extracted = tuple[int, str, tuple[str, str], list[str]]
"""Line, the function that the text is as good as passed to, its message context and text, comments (none)."""

_TEXTS = ("title", "introduction", "text", "help", "dont_know")
_PARTS = ("sections", "questions", "indexes")


class UnreadableForm(Exception):
    """A file whose texts cannot be extracted before it is mended; its text is one line a problem."""


def extract_form(
    fileobj: IO[bytes],
    keywords: Any,  # noqa: ARG001  # these three belong to Babel's interface and mean nothing in a form
    comment_tags: Any,  # noqa: ARG001
    options: Any,  # noqa: ARG001
) -> Iterator[Extracted]:
    """The texts of the file in reading order, in the contexts that domain.form.Form.translated passes.

    A text that stands twice in one context is yielded twice: Babel makes one message of both.
    Raises UnreadableForm where the file has not the shape of scales or of a form.
    """
    document = read_document(Path(getattr(fileobj, "name", "form.yaml")), fileobj.read())
    data = document.data
    model = FormFile if isinstance(data, dict) and "form" in data else ScalesFile
    if problems := document.problems or list(format_problems(model, document)):
        raise UnreadableForm("\n".join(map(str, problems)))
    parts = (
        [((), data["form"], data)]
        if model is FormFile
        else [((scale_id,), f"scale.{scale_id}", scale) for scale_id, scale in data.items()]
    )
    for place, context, part in parts:
        for where, message_context, text in _texts(part, place, context, data.get("form", "")):
            yield document.line(where), "pgettext", (message_context, text.strip()), []


def _texts(part: dict[str, Any], place: Place, context: str, form: str) -> Iterator[tuple[Place, str, str]]:
    for key, value in part.items():
        if key in _TEXTS and isinstance(value, str):
            yield (*place, key), context, value
        if key in _PARTS or key == "options":
            for number, inner in enumerate(value):
                if isinstance(inner, dict):
                    own = f"{form}.{inner['id']}" if key in _PARTS else context
                    yield from _texts(inner, (*place, key, number), own, form)
