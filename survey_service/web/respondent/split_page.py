"""A page compressed once around a gap, so that what differs for every reader is put in without compressing anew."""

import struct
import zlib
from dataclasses import dataclass

GZIP_HEADER = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])
"""Deflate, no name, no time, no operating system: the same for every page."""

RAW_DEFLATE = -zlib.MAX_WBITS
LONGEST_FILLING = 0xFFFF
"""What one stored block of deflate can hold."""


@dataclass(frozen=True)
class SplitPage:
    """The page before and after the gap: as raw deflate, with what the checksum of the whole needs."""

    before: bytes
    before_crc: int
    before_length: int
    after: bytes
    after_plain: bytes

    @classmethod
    def around_gap(cls, before: bytes, after: bytes) -> "SplitPage":
        """Compress both sides as well as can be: it is done once."""
        first = zlib.compressobj(9, zlib.DEFLATED, RAW_DEFLATE)
        # The full flush ends on a byte and forgets what came before, so any block may follow.
        opening = first.compress(before) + first.flush(zlib.Z_FULL_FLUSH)
        last = zlib.compressobj(9, zlib.DEFLATED, RAW_DEFLATE)
        return cls(opening, zlib.crc32(before), len(before), last.compress(after) + last.flush(), after)

    def gzipped(self, filling: bytes) -> bytes:
        """The whole page as one gzip member, `filling` (at most 65 535 bytes) in the gap as a stored block."""
        size = len(filling)
        stored = struct.pack("<BHH", 0, size, LONGEST_FILLING - size) + filling
        crc = zlib.crc32(self.after_plain, zlib.crc32(filling, self.before_crc))
        length = self.before_length + size + len(self.after_plain)
        return b"".join((GZIP_HEADER, self.before, stored, self.after, struct.pack("<II", crc, length)))

    def plain(self, filling: bytes) -> bytes:
        """The whole page for a reader that takes no gzip: rare, so the rest is unpacked for it."""
        before = zlib.decompressobj(RAW_DEFLATE).decompress(self.before)
        return before + filling + self.after_plain
