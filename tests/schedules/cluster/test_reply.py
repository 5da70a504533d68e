"""A worker's reply is data: what it says is checked field by field, and against the request."""

import hashlib
import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.check.observe import Extracted, Observation, Request, Unchanged, observe
from schedules.cluster.reply import PackedReply, ReplyError, pack_reply, unpack_reply
from scraper.errors import (
    AnswerError,
    FetchError,
    NoAnswerInTimeError,
    NoDescriptorsError,
    NoRouteError,
    PrivateAddressError,
    RedirectError,
    RefusedError,
    ScraperError,
    UnresolvedError,
    UrlError,
)
from scraper.fetch import Response, Validators
from storage.snapshots.store import compress_page
from tests.support.pages import article_html

URL = "https://example.org/news/1"
NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
HTML = article_html(
    head=f'<link rel="canonical" href="{URL}"><meta property="og:url" content="/news/2">'
)
PAGE = Response(URL, URL, 200, {"content-type": "text/html", "etag": '"a"'}, HTML.encode(), 1)
MAX_BODY = 1_000_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def unpack(packed: Any, request: Request | None = None) -> Observation:
    return unpack_reply(packed, request or Request(URL), max_body=MAX_BODY)


def altered(change: Callable[[dict[str, Any]], Any]) -> PackedReply:
    """The reply to a request for PAGE, with a change of its JSON."""
    text, body = pack_reply(observe(Request(URL), NOON, PAGE), keeps_unchanged=True)
    reply = json.loads(text)
    change(reply)
    return json.dumps(reply).encode(), body


@pytest.mark.parametrize(
    "answer",
    [PAGE, replace(PAGE, status=404), replace(PAGE, status=503, headers={"retry-after": "30"}),
     replace(PAGE, body=b"<p>"), FetchError(URL, "no answer"), AnswerError(URL, "broken"),
     UrlError(URL, "no address"), RefusedError(URL, "robots.txt"), RedirectError("https://example.org/2", "elsewhere")],
    ids=["article", "missing", "unavailable", "empty", "no answer", "broken", "bad address", "refused", "redirect"],
)  # fmt: skip
def test_a_reply_brings_home_what_was_observed(answer: Any) -> None:
    observation = observe(Request(URL), NOON, answer)
    brought = unpack(pack_reply(observation, keeps_unchanged=False))
    assert repr(brought.error) == repr(observation.error)
    same = replace(observation, page_text=None, error=None)
    assert replace(brought, error=None) == same


@pytest.mark.parametrize(
    "kind",
    [NoAnswerInTimeError, NoDescriptorsError, NoRouteError, PrivateAddressError, UnresolvedError],
)
def test_a_worker_says_why_no_connection_was_made(kind: type[ScraperError]) -> None:
    """Whether the host is to blame depends on it."""
    observation = observe(Request(URL), NOON, kind(URL, "no luck"))
    assert type(unpack(pack_reply(observation, keeps_unchanged=False)).error) is kind


def test_the_dates_of_an_article_are_times_or_days() -> None:
    observation = observe(Request(URL), NOON, PAGE)
    assert isinstance(observation.content, Extracted)
    article = observation.content.article
    for published_at in (NOON, NOON.date(), None):
        content = Extracted(replace(article, published_at=published_at))
        packed = pack_reply(replace(observation, content=content), keeps_unchanged=True)
        brought = unpack(packed).content
        assert isinstance(brought, Extracted)
        assert brought.article.published_at == published_at
        assert type(brought.article.published_at) is type(published_at)


def test_a_worker_says_which_addresses_a_page_gives_as_its_own() -> None:
    observation = observe(Request(URL), NOON, PAGE)
    assert observation.claims == (URL, "https://example.org/news/2")
    assert unpack(pack_reply(observation, keeps_unchanged=False)).claims == observation.claims


def test_not_modified_comes_home() -> None:
    request = Request(URL, Validators(etag='"a"'))
    observation = observe(request, NOON, replace(PAGE, status=304, body=b""))
    assert unpack(pack_reply(observation, keeps_unchanged=True), request).verdict is None


@pytest.mark.parametrize("keeps_unchanged", [True, False])
def test_an_unchanged_article_is_sent_without_its_text(keeps_unchanged: bool) -> None:
    first = observe(Request(URL), NOON, PAGE)
    request = Request(URL, known_sha256=first.fetch.sha256)
    second = observe(request, NOON + timedelta(hours=1), PAGE)
    packed = pack_reply(second, keeps_unchanged=keeps_unchanged)
    assert b"Monday" not in packed[0]
    assert (packed[1] is not None) == keeps_unchanged
    assert unpack(packed, request).content == Unchanged()
    if keeps_unchanged:
        assert unpack(packed, request) == second


@pytest.mark.parametrize(
    "change",
    [
        lambda reply: reply["fetch"].update(url="https://victim.example/"),
        lambda reply: reply["page"].update(final_url="https://victim.example/"),
        lambda reply: reply["fetch"].update(sha256="0" * 64),
        lambda reply: reply["fetch"].update(http_status="200"),
        lambda reply: reply["fetch"].update(size=2**70),
        lambda reply: reply["fetch"].update(fetched_at="2026-05-14T12:00:00"),
        lambda reply: reply["fetch"].update(snapshot={}),
        lambda reply: reply["page"].update(body="x"),
        lambda reply: reply.update(claims=[1]),
        lambda reply: reply.update(claims=["https://victim.example/"] * 5),
        lambda reply: reply["page"].update(status=True),
        lambda reply: reply["page"].update(headers={"a": 1}),
        lambda reply: reply["content"].update({"is": "Request"}),
        lambda reply: reply["content"].update({"is": "Unchanged"}),
        lambda reply: reply.update(content={"is": "Unchanged"}),
        lambda reply: reply["content"]["article"].update(headline=None),
        lambda reply: reply["content"]["article"].update(headline="\ud800"),
        lambda reply: reply["content"]["article"].update(paragraphs="text"),
        lambda reply: reply["content"]["article"].update(paragraphs=[["text"]]),
        lambda reply: reply["content"]["article"].update(more=1),
        lambda reply: reply["content"]["article"].pop("byline"),
        lambda reply: reply.update(content=None),
        lambda reply: reply.update(verdict={"is": "Verdict", "outcome": "edited", "reason": "", "wait": None}),
        lambda reply: reply.update(verdict={"is": "Verdict", "outcome": "failed", "reason": "", "wait": 1e300}),
        lambda reply: reply.update(failure={"is": "Failure", "name": "SystemExit", "url": URL, "reason": ""}),
        lambda reply: reply.update(page=None),
        lambda reply: reply.update(boilerplate=[]),
        lambda reply: reply.pop("link"),
    ],
)  # fmt: skip
def test_a_reply_that_cannot_be_is_refused(change: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(ReplyError):
        unpack(altered(change))


@pytest.mark.parametrize(
    "packed",
    [None, "text", (), (b"{}",), (b"{}", None), (b"", None), ("{}", None), (b"[" * 100_000, None), (b"null", b""),
     (pickle.dumps({}), None), (b'{"is": NaN}', b"x")],
)  # fmt: skip
def test_what_is_no_reply_is_refused(packed: Any) -> None:
    with pytest.raises(ReplyError):
        unpack(packed)


@given(JSON, st.none() | st.binary(max_size=20))
def test_no_json_is_more_than_an_error(value: Any, body: bytes | None) -> None:
    with pytest.raises(ReplyError):
        unpack((json.dumps(value).encode(), body))


def test_a_page_that_grows_beyond_the_settings_is_refused() -> None:
    bomb = bytes(50 * MAX_BODY)
    text, _ = altered(lambda reply: reply["fetch"].update(sha256=hashlib.sha256(bomb).hexdigest()))
    with pytest.raises(ReplyError, match="larger than the settings allow"):
        unpack((text, compress_page(bomb, None)))
