"""The token that a handed-out form carries: which form it is and the submission's random id, signed."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer

PARTS = 4
DIGEST_SHOWN = 16


class AlteredToken(ValueError):
    """The token was forged or altered, or belongs to another link or form."""


@dataclass(frozen=True)
class FormToken:
    """What a handed-out form says of itself. No time and no language: it lives as long as the link."""

    link_id: str
    version: int
    form_digest: str
    submission_id: str


def new_submission_id() -> str:
    """A random id, 32 hexadecimal digits."""
    return secrets.token_hex(16)


class FormTokens:
    """Signs tokens with the newest key and accepts all of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        own = [hmac.digest(key, b"form token", hashlib.sha256) for key in reversed(keys)]
        self._signer = Signer(own, key_derivation="none", digest_method=hashlib.sha256)

    def sign(self, token: FormToken) -> str:
        """The token as text that is safe in HTML: letters, digits, `-`, `_`, `:` and `.`."""
        parts = (token.link_id, str(token.version), token.form_digest[:DIGEST_SHOWN], token.submission_id)
        return self._signer.sign(":".join(parts)).decode("ascii")

    def read(self, text: str, link_id: str, form_digest: str) -> FormToken:
        """The token of a form of that link. Raises AlteredToken."""
        try:
            parts = self._signer.unsign(text).decode("ascii").split(":")
        except (BadSignature, UnicodeError):
            raise AlteredToken("the signature does not fit") from None
        if len(parts) != PARTS or parts[0] != link_id or parts[2] != form_digest[:DIGEST_SHOWN]:
            raise AlteredToken("made for another link or form")
        return FormToken(link_id, int(parts[1]), form_digest, parts[3])
