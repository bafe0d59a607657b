"""The languages the service knows: tag, direction, own name, and the CLDR locale that formats for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A language as pages name and lay it out; `locale` is the CLDR identifier for dates and plurals."""

    tag: str
    name: str
    direction: str
    locale: str


LANGUAGES: dict[str, Language] = {
    language.tag: language
    for language in (
        Language("sv", "Svenska", "ltr", "sv"),
        Language("en", "English", "ltr", "en_GB"),
        Language("ar", "العربية", "rtl", "ar"),
    )
}

SOURCE = "sv"
"""Form texts are written in Swedish; every other language is a translation of it."""


def preferred(wanted: list[str], offered: tuple[str, ...]) -> str:
    """The first of a reader's `wanted` tags that is `offered` (region ignored), else the first one offered."""
    for tag in wanted:
        for candidate in (tag.lower(), tag.lower().partition("-")[0]):
            if candidate in offered:
                return candidate
    return offered[0]
