"""Links and their codes: derived from a key, never stored, and safe to type, print and read aloud."""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
SEPARATORS = "-–—·._\N{HYPHEN}\N{NON-BREAKING HYPHEN}"
RANDOM_SYMBOLS = 11
CODE_SYMBOLS = RANDOM_SYMBOLS + 1
"""Eleven random symbols of five bits are 55 bits; the twelfth checks the others."""

FIELD_POLYNOMIAL = 0b100101
"""x^5 + x^2 + 1, which makes the 32 symbols a field in which the check symbol is computed."""

SEATS_BEYOND_EXPECTED = 3


class MistypedCode(ValueError):
    """What was typed cannot be a code: wrong length, a strange character, or the check symbol disagrees."""


class UnknownCode(LookupError):
    """The code is well formed, but no link has it."""


class LinkRefused(Exception):
    """A link that exists does not admit its holder now; each reason is a class of its own."""


class NotYetOpen(LinkRefused):
    """The collection has not opened."""


class Closed(LinkRefused):
    """The collection has closed for this unit."""


class Replaced(LinkRefused):
    """A newer version of the link took this one's place."""


class Used(LinkRefused):
    """A single-use code was used before."""


class NoSeatsLeft(LinkRefused):
    """The link has taken as many answers as it has seats."""


class Access(StrEnum):
    """How a collection's links are handed out."""

    GROUP = "group"
    UNIT = "unit"
    SINGLE_USE = "single-use"


@dataclass(frozen=True)
class Link:
    """An entrance to one collection for one group or unit. It carries no person.

    `codes` is how many codes its current version has: one, or one for each card of a single-use link.
    `seats` is how many answers the version takes, None where there is no limit.
    """

    id: str
    round_id: str
    collection_id: str
    unit_code: str
    group: str
    access: Access
    version: int
    codes: int
    expected: int
    seats: int | None = None
    final: bool = False


def derive_code(link_key: bytes, link_id: str, version: int, serial: int) -> str:
    """The code of one link version and card, without spaces: the same for ever, so it can be reprinted."""
    message = f"code\0{link_id}\0{version}\0{serial}".encode()
    number = int.from_bytes(hmac.digest(link_key, message, hashlib.sha256)[:8])
    symbols = [(number >> (5 * place)) & 31 for place in range(RANDOM_SYMBOLS)]
    return "".join(ALPHABET[symbol] for symbol in [*symbols, _check_symbol(symbols)])


def read_code(typed: str) -> str:
    """The code that was meant: case, spaces, dashes and look-alikes do not matter. Raises MistypedCode."""
    if len(typed) > 4 * CODE_SYMBOLS:
        raise MistypedCode("a code has twelve letters and digits")
    bare = "".join(typed.upper().split()).translate(LOOK_ALIKES)
    code = "".join(symbol for symbol in bare if symbol not in SEPARATORS)
    if len(code) != CODE_SYMBOLS or any(symbol not in ALPHABET for symbol in code):
        raise MistypedCode("a code has twelve letters and digits")
    *symbols, check = (ALPHABET.index(symbol) for symbol in code)
    if _check_symbol(symbols) != check:
        raise MistypedCode("the code's last symbol does not fit the others")
    return code


def spaced(code: str) -> str:
    """The code as people read it: three blocks of four."""
    return "-".join(code[start : start + 4] for start in range(0, CODE_SYMBOLS, 4))


def look_up_hash(lookup_key: bytes, code: str) -> bytes:
    """What the database knows a code by, 32 bytes; without the key it leads nowhere."""
    return hmac.digest(lookup_key, b"look-up\0" + code.encode("ascii"), hashlib.sha256)


def single_use_submission(token_key: bytes, code: str) -> str:
    """The submission id of a single-use code, so that its receipt means *used*: 32 hexadecimal digits."""
    return hmac.digest(token_key, b"single-use\0" + code.encode("ascii"), hashlib.sha256).hex()[:32]


def key_fingerprint(key: bytes) -> str:
    """A short public name for a key, 16 hexadecimal digits, by which a round remembers which one it uses."""
    return hmac.digest(key, b"fingerprint", hashlib.sha256).hex()[:16]


def _check_symbol(symbols: list[int]) -> int:
    """Weighted sum over GF(32) with distinct weights: catches every single slip and every swap of two."""
    weight, total = 1, 0
    for symbol in symbols:
        weight = _times(weight, 2)
        total ^= _times(weight, symbol)
    return total


def _times(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 32:
            left ^= FIELD_POLYNOMIAL
        right >>= 1
    return product
