"""The one place where a request's language and direction are decided, and where texts and days get them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.support import NullTranslations
from flask import Flask, current_app, g, request

from survey_service.domain.languages import LANGUAGES, SOURCE, Language, preferred
from survey_service.questionnaires.catalogs import Catalogs
from survey_service.web.shared.accepts import accepted_languages


def complete_tags(catalogs: Catalogs) -> tuple[str, ...]:
    """The languages in which everything that a respondent can meet is translated, Swedish first."""
    others = (tag for tag in LANGUAGES if tag != SOURCE and catalogs.respondent_interface_is_complete(tag))
    return (SOURCE, *others)


def install_languages(app: Flask, catalogs: Catalogs, tags: Sequence[str]) -> None:
    """Let the application's templates speak the request's language, one of `tags` (the first is the default)."""
    app.extensions["catalogs"] = catalogs
    app.extensions["tags"] = tuple(tags)
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        lambda text: _texts().gettext(text),
        lambda one, many, number: _texts().ngettext(one, many, number),
        newstyle=True,
        pgettext=lambda context, text: _texts().pgettext(context, text),
        npgettext=lambda context, one, many, number: _texts().npgettext(context, one, many, number),
    )
    environment.globals.update(
        language=language, languages=LANGUAGES, interface_tags=app.extensions["tags"], address_language=address_language
    )
    environment.filters["day"] = day


def language() -> Language:
    """The language of the reply: what the view decided, or what the request asks for."""
    if "language" not in g:
        speak(chosen(current_app.extensions["tags"]))
    found: Language = g.language
    return found


def speak(tag: str) -> None:
    """Decide the language of the reply."""
    g.language = LANGUAGES[tag]


def chosen(offered: tuple[str, ...]) -> str:
    """The tag that the request asks for: by `?lang=`, else by the browser's languages, else the first offered."""
    # Most addresses have no query, and this is asked for every form that is opened.
    if request.query_string and (asked := request.args.get("lang", "")) in offered:
        return asked
    return preferred(list(accepted_languages(request.headers.get("Accept-Language", ""))), offered)


def address_language() -> dict[str, Any]:
    """The `lang` of the next address, where the reader put one into this one; empty otherwise."""
    tag = language().tag
    return {"lang": tag} if request.args.get("lang") == tag else {}


def gettext(text: str, **values: object) -> str:
    """An interface text in the language of the reply, with `%(name)s` filled in."""
    return str(_texts().gettext(text)) % values


def day(when: date) -> str:
    """A day as people write it, `14 september 2026`; an instant is taken in its own time zone."""
    return format_date(when, "d MMMM y", locale=language().locale)


def _texts() -> NullTranslations:
    catalogs: Catalogs = current_app.extensions["catalogs"]
    return catalogs.interface(language().tag)
