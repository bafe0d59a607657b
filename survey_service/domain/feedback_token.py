"""The token of a feedback form: a random id, signed, so that a form sent twice is one text and no form is made up."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence

from itsdangerous import BadSignature, Signer

ID = re.compile(r"[0-9a-f]{32}")


class AlteredFeedbackToken(ValueError):
    """The token was forged or altered, or belongs to something else."""


class FeedbackTokens:
    """Signs tokens with the newest key and accepts all of them."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        # Keys of their own, so that the token of a survey's form is none of a feedback form, nor the other way round.
        own = [hmac.digest(key, b"feedback token", hashlib.sha256) for key in reversed(keys)]
        self._signer = Signer(own, key_derivation="none", digest_method=hashlib.sha256)

    def new(self) -> str:
        """A token with an id that nobody has had."""
        return self._signer.sign(secrets.token_hex(16)).decode("ascii")

    def read(self, text: str) -> str:
        """The id in a token. Raises AlteredFeedbackToken."""
        try:
            found = self._signer.unsign(text).decode("ascii")
        except (BadSignature, UnicodeError):
            raise AlteredFeedbackToken("the signature does not fit") from None
        if not ID.fullmatch(found):
            raise AlteredFeedbackToken("made for something else")
        return found
