"""What a reader's headers accept; every spelling of them is worked out once, for there are few and it takes time."""

from functools import lru_cache

from werkzeug.datastructures import Accept, LanguageAccept
from werkzeug.http import parse_accept_header

SPELLINGS_KEPT = 500


@lru_cache(SPELLINGS_KEPT)
def accepted_languages(header: str) -> tuple[str, ...]:
    """The tags of an Accept-Language header, the most wanted first."""
    return tuple(tag for tag, quality in parse_accept_header(header, LanguageAccept) if quality > 0)


@lru_cache(SPELLINGS_KEPT)
def takes_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header allows gzip."""
    return parse_accept_header(header, Accept)["gzip"] > 0
