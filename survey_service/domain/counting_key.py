"""What the private counting key does: opens sealed answers and keeps the running tallies closed."""

import hashlib
from collections.abc import Sequence

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import Aead

CHECK_WORD_GROUPS = 4


class Unopenable(ValueError):
    """None of the counting keys opens it: damaged, forged, or sealed to a key that was lost."""


class CountingKey:
    """The counting keys of a process, newest first; older ones only open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._boxes = [SealedBox(PrivateKey(key)) for key in keys]
        self._tallies = [Aead(hashlib.blake2b(key, digest_size=32, person=b"running-tally").digest()) for key in keys]

    def open_answer(self, box: bytes) -> bytes:
        """The plaintext of a sealed answer. Raises Unopenable."""
        for private in self._boxes:
            try:
                return bytes(private.decrypt(box))
            except (CryptoError, ValueError, TypeError):
                continue
        raise Unopenable("sealed answer")

    def close_tally(self, cells: bytes, link_id: str, version: int, group_key: str = "") -> bytes:
        """A running tally encrypted for its link, version and own group (XChaCha20-Poly1305)."""
        return bytes(self._tallies[0].encrypt(cells, aad=_place(link_id, version, group_key)))

    def open_tally(self, closed: bytes, link_id: str, version: int, group_key: str = "") -> bytes:
        """A running tally's cells. Raises Unopenable where it is damaged or stands under another link."""
        for aead in self._tallies:
            try:
                return bytes(aead.decrypt(closed, aad=_place(link_id, version, group_key)))
            except (CryptoError, ValueError):
                continue
        raise Unopenable(f"running tally of link {link_id} version {version}")


def public_part(counting_key: bytes) -> bytes:
    """The sealing key that belongs to a counting key."""
    return bytes(PrivateKey(counting_key).public_key)


def check_word(counting_key: bytes) -> str:
    """What stands on the recovery sheet to prove that it was read: sixteen digits in groups of four."""
    digits = str(int.from_bytes(hashlib.blake2b(counting_key, person=b"recovery-sheet").digest()))[-16:]
    return "-".join(digits[start : start + 4] for start in range(0, 4 * CHECK_WORD_GROUPS, 4))


def _place(link_id: str, version: int, group_key: str) -> bytes:
    return f"{link_id}\0{version}\0{group_key}".encode()
