"""A page put together from compressed parts is the page, for any reader of gzip."""

import gzip
import io
import secrets
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.web.respondent.split_page import LONGEST_FILLING, SplitPage


@given(before=st.binary(max_size=3000), filling=st.binary(max_size=600), after=st.binary(max_size=600))
def test_whatever_the_parts_the_member_unpacks_to_the_page(before: bytes, filling: bytes, after: bytes) -> None:
    page = SplitPage.around_gap(before, after)
    whole = before + filling + after
    assert gzip.decompress(page.gzipped(filling)) == whole
    assert page.plain(filling) == whole


def test_a_strict_reader_finds_one_complete_member_and_nothing_behind_it() -> None:
    page = SplitPage.around_gap("å".encode() * 40_000, b"</form>").gzipped(b"token")
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    assert reader.decompress(page) == "å".encode() * 40_000 + b"token</form>"
    assert reader.eof
    assert reader.unused_data == b""


def test_a_reader_that_takes_a_byte_at_a_time_gets_the_page() -> None:
    page = SplitPage.around_gap(b"before" * 1000, b"after").gzipped(b"gap")
    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)
    read = b"".join(reader.decompress(page[place : place + 1]) for place in range(len(page)))
    assert read == b"before" * 1000 + b"gap" + b"after"


@pytest.mark.parametrize("size", [0, 1, LONGEST_FILLING])
def test_a_gap_takes_from_nothing_up_to_a_whole_block(size: int) -> None:
    filling = secrets.token_bytes(size)
    page = SplitPage.around_gap(b"<p>", b"</p>")
    assert gzip.GzipFile(fileobj=io.BytesIO(page.gzipped(filling))).read() == b"<p>" + filling + b"</p>"


def test_a_damaged_page_is_noticed_by_its_reader() -> None:
    page = bytearray(SplitPage.around_gap(b"<p>", b"</p>").gzipped(b"token"))
    page[page.index(b"token")] ^= 1
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(bytes(page))
