"""Sealing an answer to the public key: whoever holds only this can close boxes and never open one."""

from nacl.public import PublicKey, SealedBox


def seal(sealing_key: bytes, plaintext: bytes) -> bytes:
    """A box that only the counting key opens; always 48 bytes longer than the plaintext (X25519, XSalsa20-Poly1305)."""
    return bytes(SealedBox(PublicKey(sealing_key)).encrypt(plaintext))
