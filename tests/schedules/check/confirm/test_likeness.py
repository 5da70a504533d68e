"""A paywall that comes is no edit; a text that gets shorter on a page that always asks to subscribe is one."""

import pytest

from schedules.check.confirm.likeness import is_teaser
from scraper.article import Article
from tests.support.checker import Checker
from tests.support.site import Answer, Site

SENTENCE = "The harbour bridge opened to traffic on Monday after two years of repair."
PARAGRAPHS = tuple(f"Part {number}. {SENTENCE}" for number in range(10))
NOTICE = "Subscribe to continue reading."
LEDGERS = (
    "The lock keeper of Tarnwick has counted every barge since 1988, and last year there were 214 of them.",
    "Her ledgers fill two shelves in the pump house, where the damp has begun to curl the oldest pages.",
    "A student from the university has photographed 31 volumes so far and reads out the names at night.",
    "The canal trust wants to publish the list before the lock is rebuilt, if it can find the money.",
)
LABEL = "<aside><p>For subscribers only: the secret harbour of Ossel</p></aside>"
PROMPT = "<p>Already a subscriber? Sign in to continue reading.</p>"


def article(*paragraphs: str) -> Article:
    return Article("https://example.org/a", "Bridge", paragraphs=paragraphs)


FULL = article(*PARAGRAPHS)


@pytest.mark.parametrize(
    ("paragraphs", "lines", "expected"),
    [
        (PARAGRAPHS[:3], (NOTICE,), True),
        ((*PARAGRAPHS[:3], NOTICE), (NOTICE,), True),
        ((*PARAGRAPHS[:2], "Part 2. The harbour bridge opened …"), (NOTICE,), True),
        (PARAGRAPHS[:3], ("Related stories",), False),
        (PARAGRAPHS[:9], (NOTICE,), False),
        ((PARAGRAPHS[1], PARAGRAPHS[2]), (NOTICE,), False),
        ((PARAGRAPHS[0], PARAGRAPHS[2]), (NOTICE,), False),
        ((NOTICE,), (NOTICE,), False),
        (tuple("abcdefghijkl"), (NOTICE,), False),
    ],
    ids=[
        "the first paragraphs", "with the notice among them", "cut in a sentence", "without a notice",
        "nearly all of it", "not the beginning", "a paragraph missing", "the notice alone", "more paragraphs",
    ],
)  # fmt: skip
def test_a_teaser_is_the_beginning_with_a_notice(
    paragraphs: tuple[str, ...], lines: tuple[str, ...], expected: bool
) -> None:
    assert is_teaser(FULL, article(*paragraphs), lines) is expected


def serve(site: Site, paragraphs: int, *, above: str = "", below: str = "") -> str:
    """Serve the first paragraphs of the article; gives its address."""
    body = "".join(f"<p>{text}</p>" for text in LEDGERS[:paragraphs])
    html = (
        "<!doctype html><html lang=en><head><title>The ledgers of the lock</title></head><body>"
        f"{above}<main><article><h1>The ledgers of the lock</h1>{body}{below}</article></main>"
        "<footer><p>Imprint</p></footer></body></html>"
    )
    site.answers["/news/lock"] = Answer(html.encode(), headers={"Content-Type": "text/html"})
    return f"{site.url}/news/lock"


def outcomes(checker: Checker, url: str, *hours: float) -> list[str]:
    """The outcomes of checks after each of these times."""
    found = []
    for step in hours:
        checker.clock.skip(hours=step)
        found.append(checker(url).result.outcome)
    return found


def test_a_last_paragraph_that_leaves_beside_a_constant_notice_is_an_edit_at_once(
    site: Site, checker: Checker
) -> None:
    url = serve(site, 3, above=LABEL)
    checker(url)
    serve(site, 2, above=LABEL)
    assert outcomes(checker, url, 3) == ["edited"]


def test_two_last_paragraphs_that_leave_beside_a_constant_notice_count_after_hours(
    site: Site, checker: Checker
) -> None:
    url = serve(site, 4, above=LABEL)
    checker(url)
    serve(site, 2, above=LABEL)
    assert outcomes(checker, url, 3, 4, 4) == ["failed", "failed", "edited"]


@pytest.mark.parametrize("above", ["", LABEL], ids=["no notice before", "another notice before"])
def test_a_paywall_that_comes_is_no_edit_however_long_it_stays(
    site: Site, checker: Checker, above: str
) -> None:
    url = serve(site, 4, above=above)
    checker(url)
    serve(site, 2, above=above, below=PROMPT)
    assert outcomes(checker, url, 3, 4, 4, 30, 200) == ["blocked"] * 5
    serve(site, 4, above=above)
    assert outcomes(checker, url, 8) == ["unchanged"]
