"""What an administrator typed about the municipality, read field by field: a value, or what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from werkzeug.datastructures import FileStorage

from survey_service.domain.colour import Colour, NotAColour, TooLight, accents
from survey_service.domain.languages import LANGUAGES
from survey_service.domain.logo import (
    LARGEST,
    MOST_PIXELS,
    ActivePicture,
    Logo,
    LogoRefused,
    LogoTooLarge,
    NotAPicture,
    read_logo,
)
from survey_service.domain.municipality import LONGEST_NAME, LONGEST_TEXT, Face, Kind, Texts, TooLong, Words, plain_text
from survey_service.domain.survey_round import LOCAL_TIME
from survey_service.web.shared.language import gettext


@dataclass
class Typed:
    """Fields as they were sent, and what is wrong with them by the fields' names."""

    fields: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    def version(self) -> int:
        """The version that was edited; -1, which no version is, where that cannot be read."""
        text = self.fields.get("version", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000000") else -1

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """A text, cleaned; where it is too long, as it was typed."""
        typed = self.fields.get(name, "")
        try:
            return plain_text(typed, longest)
        except TooLong as error:
            self.wrong[name] = gettext("This is %(number)s characters too long.", number=str(error))
            return typed


def read_face(typed: Typed, upload: FileStorage | None, logo_now: str) -> tuple[Face, Logo | None]:
    """Name, colour and logo; a new logo where one was uploaded."""
    name = " ".join(typed.text("name", LONGEST_NAME).split())
    logo = _logo(typed, upload)
    kept = "" if "remove_logo" in typed.fields else logo_now
    return Face(name, _colour(typed), logo.name if logo else kept), logo


def read_words(typed: Typed, kinds: Iterable[Kind], now: datetime) -> Words:
    """Texts of those kinds in every language, and what is said about the assessment of accessibility."""
    texts: Texts = {
        kind: {tag: typed.text(f"{kind}-{tag}") for tag in LANGUAGES if typed.fields.get(f"{kind}-{tag}", "").strip()}
        for kind in kinds
    }
    assessed = _day(typed, now)
    words = Words(texts, assessed, "conforms" in typed.fields)
    if words.conforms and not words.fully_conformant:
        typed.wrong["conforms"] = gettext(
            "Only a dated test can say so: give its day and, in Swedish, its method, and name no shortcoming."
        )
    return words


def _colour(typed: Typed) -> str:
    text = typed.fields.get("colour", "").strip()
    if not text:
        return ""
    try:
        colour = Colour.parse(text)
        accents(colour)
    except NotAColour:
        typed.wrong["colour"] = gettext("This is no colour: write # and six digits of 0–9 and a–f, such as #0a4a57.")
        return text[:LONGEST_NAME]
    except TooLight:
        typed.wrong["colour"] = gettext(
            "This colour is too light. To be read on a light page (contrast 7:1) it would have to be darkened until "
            "nobody recognised it. Choose a darker one."
        )
        return text
    return str(colour)


def _logo(typed: Typed, upload: FileStorage | None) -> Logo | None:
    if upload is None or not upload.filename:
        return None
    try:
        return read_logo(upload.stream.read(LARGEST + 1))
    except LogoRefused as refused:
        typed.wrong["logo"] = _why(refused)
        return None


def _why(refused: LogoRefused) -> str:
    words = {
        LogoTooLarge: gettext(
            "The picture is too large: at most %(bytes)s kB, and %(pixels)s pixels along either side.",
            bytes=LARGEST // 1024,
            pixels=MOST_PIXELS,
        ),
        NotAPicture: gettext("The file is no whole PNG or SVG picture."),
        ActivePicture: gettext(
            "The picture holds something that runs, links or fetches, so it was refused: %(found)s. "
            "Save it as plain SVG, or as PNG.",
            found=str(refused),
        ),
    }
    return words[type(refused)]


def _day(typed: Typed, now: datetime) -> date | None:
    text = typed.fields.get("assessed", "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        typed.wrong["assessed"] = gettext("This is no day: write it as 2026-11-21.")
        return None
    if day > now.astimezone(LOCAL_TIME).date():
        typed.wrong["assessed"] = gettext("This day has not come yet.")
    return day
