"""Bodies whose Content-Encoding is wrong, odd or missing, as servers send them."""

import gzip
import time
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from scraper.errors import AnswerError
from scraper.http.decompress import decompress
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Answer, Site

PAGE = article_html().encode()
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


ODD_ANSWERS = {
    "no coding: none": ("none", PAGE),
    "no coding: a charset": ("UTF-8", PAGE),
    "no coding: binary": ("binary", PAGE),
    "identity": ("identity", PAGE),
    "gzip that is no gzip": ("gzip", PAGE),
    "brotli that is no brotli": ("br", PAGE),
    "deflate that is no deflate": ("deflate", PAGE),
    "two layers": ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
    "two layers of which one was applied": ("gzip, gzip", gzip.compress(PAGE)),
    "two codings": ("gzip, br", brotli.compress(gzip.compress(PAGE))),
    "a charset beside a coding": ("utf-8, gzip", gzip.compress(PAGE)),
    "in capitals and quotes": ('"GZIP"', gzip.compress(PAGE)),
    "with a parameter": ("gzip;q=1.0", gzip.compress(PAGE)),
    "raw deflate": ("deflate", raw_deflate(PAGE)),
    "gzip under deflate": ("deflate", gzip.compress(PAGE)),
    "gzip without a label": ("", gzip.compress(PAGE)),
    "zeros after a member": ("gzip", gzip.compress(PAGE[:99]) + b"\0" * 40 + gzip.compress(PAGE[99:])),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD_ANSWERS)
def test_an_article_is_read_whatever_its_encoding_is_called(
    site: Site, checker: Checker, case: str
) -> None:
    encoding, body = ODD_ANSWERS[case]
    headers = {"Content-Type": "text/html; charset=utf-8"}
    headers |= {"Content-Encoding": encoding} if encoding else {}
    site.answers["/a"] = Answer(body, headers=headers)
    result = checker(site.url + "/a").result
    assert (result.outcome, result.reason) == ("new", None)
    assert result.article is not None
    assert len(result.article.paragraphs) == 4


@pytest.mark.parametrize("tail", [b"\r\n", b"\n", b"0\r\n\r\n", b"<!-- cached -->"])
@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd"])
def test_what_follows_the_last_member_is_ignored(name: str, tail: bytes) -> None:
    body = decompress(COMPRESSORS[name](PAGE) + tail, name, max_bytes=100_000, url="u")
    assert body == PAGE


def test_a_line_end_after_a_brotli_stream_is_ignored() -> None:
    assert decompress(brotli.compress(PAGE) + b"\r\n", "br", max_bytes=100_000, url="u") == PAGE


def test_a_second_member_that_is_cut_short_is_a_failure() -> None:
    body = gzip.compress(PAGE) + gzip.compress(PAGE)[:-20]
    with pytest.raises(AnswerError, match="cut short"):
        decompress(body, "gzip", max_bytes=100_000, url="u")


@pytest.mark.parametrize("name", ["compress", "sdch", "dcb"])
def test_bytes_in_an_unknown_encoding_are_a_failure(name: str) -> None:
    with pytest.raises(AnswerError, match=f"not requested: {name}"):
        decompress(gzip.compress(PAGE), name, max_bytes=100_000, url="u")


@pytest.mark.parametrize("name", ["gzip", "zstd"])
def test_a_body_of_countless_members_is_a_failure(name: str) -> None:
    with pytest.raises(AnswerError, match="more than 10,000"):
        decompress(COMPRESSORS[name](b"") * 10_001, name, max_bytes=100_000, url="u")


def test_a_body_that_is_encoded_again_and_again_is_a_failure() -> None:
    """Each layer costs as much as the whole body; a header can name thousands."""
    with pytest.raises(AnswerError, match="encoded 1000 times"):
        decompress(PAGE, ", ".join(["deflate"] * 1_000), max_bytes=10_000_000, url="x")


def test_the_padding_after_a_member_is_skipped_at_once() -> None:
    body = (gzip.compress(PAGE) + b"\0" * 2_000_000) * 4
    started = time.process_time()
    assert decompress(body, "gzip", max_bytes=10_000_000, url="x") == PAGE * 4
    assert time.process_time() - started < 0.4
