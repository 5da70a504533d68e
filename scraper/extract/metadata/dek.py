"""The standfirst: what stands between headline and body and is neither.

A visible one wins. A description from the tags counts only where it says something
that the first paragraphs do not, and speaks of this article.
"""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from scraper.extract.dates.parse import VISIBLE
from scraper.extract.html.document import Page, Sourced
from scraper.extract.html.jsonld import unescape
from scraper.extract.html.nearby import Block, blocks_inside
from scraper.extract.html.tags import bare, fold, long_words
from scraper.patterns import pattern

DEK_MARK = pattern(
    r"(?:^|[\s_-])(?:dek|deck|stand-?first|sub-?title|sub-?tit(?!le)|sub-?head(?:line|er|ing)?|sub-?titulo|summary|abstract"
    r"|lead|lede|leadtext|intro(?:duction|text)?|teaser-?text|excerpt|chapo|chapeau|bajada|entradilla|subtitulo"
    r"|sottotitolo|occhiello|sommario|ingress|vorspann|unterzeile|einleitung|standfirst|tagline"
    r"|article-?(?:description|summary|intro|lead|subtitle|dek)|story-?(?:description|summary|intro)|news_subtitle"
    r"|ab_subtitle|art_sum|sub_tit|mid-?title(?:-?text)?|sub_title|editor_note|linha-?fina|manchet|onderkop|onderkop|leadin|alternativeheadline"
    r"|description)(?:$|[\s_-]|[A-Z0-9])",
    re.I,
)
CAMEL = pattern(r"(?<=[a-z])(?=[A-Z])")
FURNITURE = pattern(
    r"share|social|author|byline|caption|photo|image|credit|date|time|breadcrumb|comment|tags?\b|related|button"
    r"|signature|kicker|overline|topline|dachzeile|spitzmarke|eyebrow|cookie|newsletter|subscribe|toolbar|font",
    re.I,
)
METAS = ("og:description", "description", "twitter:description", "sailthru.description")
CELLS = ("td", "th")
PROBE = 40  # characters
MAX_CLAIM = 2_000
START = 60  # letters of a description that is the beginning of the body
MIN_CLAIM = 40  # of a description that may be a standfirst
CJK = pattern("[\u2e80-\uffdc]")
HANGUL = pattern("[가-힣]")
IDEOGRAPHS = pattern("[ぁ-ヿ一-鿿]{8}")
REPORTER = pattern(r"^(?:本[报報]|特[约約])?[^\s，。“”]{0,6}(?:记者|記者)|기자(?:\s+\S+@\S+)?$")
# What a reader may not do with the page, in a line of its own below the headline.
NOTICE = pattern(
    r"転載|無断複製|무단\s?(?:전재|복제)|转载|轉載|all rights reserved|\breprints?\b", re.I
)
WORD = pattern(r"\w{2,}")
STOP = pattern(r"[.。!?]$|[가-힣]다$")
SCREEN = 14  # blocks after the headline that may come before the body
MIN_DEK, MAX_DEK = 18, 700
LONG = 90  # characters of a block that is surely a paragraph
MAX_LINES = 9
MIN_SHARED = 3  # words that a description and the article share
MIN_LINES = 2  # of a standfirst that nothing marks
MAX_BARE_LINE = 60  # characters of one of them
TOLD_SHARE = 0.4  # of their words begin like words of the text that follows
SAID = 80  # of 100: the text has the description in it
SAME = 90  # of 100: two texts say the same


def read_dek(page: Page, headline: str, blocks: tuple[Block, ...]) -> Sourced:
    """The standfirst and its source; its lines joined by a line feed where it has several."""
    claims = descriptions(page)
    if shown := _shown(headline, blocks, claims):
        return shown, "visible"
    # Korean papers put it in the body's own element, far below the headline.
    inside = blocks_inside(page.tags.body) if page.tags.body is not None else ()
    if shown := _shown(headline, inside, claims):
        return shown, "visible"
    if written := page.claim("subheadline"):
        return fold(written), "fusion"  # the newsroom's own field, on a page drawn by script
    claims = [claim for claim in claims if MIN_CLAIM <= len(claim) <= MAX_DEK and "|" not in claim]
    if claims and (told := _described(page, headline, claims, (*blocks, *inside))):
        return told, "description"
    return None, None


def descriptions(page: Page) -> list[str]:
    """What the page's tags say that it is about, each once."""
    described = [page.claim("description"), *(page.tags.meta(name) for name in METAS)]
    return list(dict.fromkeys(fold(unescape(text)[:MAX_CLAIM]) for text in described if text))


def _described(
    page: Page, headline: str, claims: list[str], blocks: tuple[Block, ...]
) -> str | None:
    """The first description that is no beginning of the body, and that a reader meets."""
    text = bare(" ".join(block.text for block in blocks))
    claims = [claim for claim in claims if text and _start(claim)[:START] not in text]
    claims = [claim for claim in claims if _is_on_page(claim, page)]
    if not claims:
        return None
    about = long_words(" ".join([headline, *(block.text for block in blocks[:SCREEN])]))
    return next((claim for claim in claims if _is_dek(claim, headline, text, about)), None)


def _start(claim: str) -> str:
    return bare(claim.rstrip("…. "))


def _shown(headline: str, blocks: tuple[Block, ...], claims: list[str]) -> str | None:
    for at, block in enumerate(blocks[:SCREEN]):
        if not _may_be(block, headline):
            if _is_paragraph(block):
                return None
            continue
        marked = is_marked(block.marks)
        claimed = any(_same(block.text, claim) for claim in claims)
        bold = block.is_bold and (len(block.text) < LONG or bool(HANGUL.search(block.text)))
        if (marked or claimed or bold or _has_lines(at, blocks)) and not _is_body(at, blocks):
            dek = _with_lines(at, blocks)
            more = dek.count("\n")
            return dek if not more or any(map(_is_text, blocks[at + more + 1 :])) else None
        if _is_paragraph(block):
            return None
    return None


def _may_be(block: Block, headline: str) -> bool:
    # A Korean, Japanese or Chinese character says about as much as two Latin letters.
    shortest = MIN_DEK // 2 if CJK.search(block.text) else MIN_DEK
    if not shortest <= len(block.text) <= MAX_DEK or _is_furniture(block.marks):
        return False
    if len(block.text) < LONG and (VISIBLE.search(block.text) or REPORTER.search(block.text)):
        return False
    if len(block.text) < LONG and NOTICE.search(block.text):
        return False
    if block.tag == "li" or (block.tag in CELLS and not block.is_bold):
        return False
    if len(block.text) > 2 * len(headline):
        return True  # too long to be the headline again
    return fuzz.ratio(bare(block.text), bare(headline)) < SAME


@lru_cache(maxsize=512)
def is_marked(marks: str) -> bool:
    """Whether class words say that an element is a standfirst."""
    return bool(DEK_MARK.search(CAMEL.sub("-", marks)))


@lru_cache(maxsize=512)
def _is_furniture(marks: str) -> bool:
    return bool(FURNITURE.search(marks))


def _is_paragraph(block: Block) -> bool:
    return _is_long(block.text) and block.tag in ("p", "div", "br")


def _is_long(text: str) -> bool:
    """Whether a line is as long as a paragraph; one in Chinese or Japanese is half as long."""
    return len(text) >= LONG or (len(text) >= LONG // 2 and bool(IDEOGRAPHS.search(text)))


def _is_text(block: Block) -> bool:
    """A line that may be body text: where none follows, what looks like a standfirst is the body."""
    return len(block.text) >= (PROBE // 2 if CJK.search(block.text) else PROBE)


def _is_body(at: int, blocks: tuple[Block, ...]) -> bool:
    """The block looks like the paragraphs that follow: same element, same class words, not bolder."""
    block = blocks[at]
    rest = [other for other in blocks[at + 1 :] if _is_long(other.text)][:3]
    if not rest:
        return False
    return any(
        other.tag == block.tag
        and other.marks.split() == block.marks.split()
        and other.is_bold == block.is_bold
        for other in rest
    )


def _has_lines(at: int, blocks: tuple[Block, ...]) -> bool:
    """Korean headlines in small between headline and text, on pages whose class words say nothing.

    Lines alike, none a sentence, right before a paragraph in another element that speaks of them.
    """
    if not HANGUL.search(blocks[at].text) or not blocks[at].marks:
        return False
    lines = _with_lines(at, blocks).split("\n")
    rest = blocks[at + len(lines) : at + len(lines) + 4]
    if len(lines) < MIN_LINES or not rest or rest[0].marks == blocks[at].marks:
        return False
    if not any(map(_is_paragraph, rest)):
        return False
    if any(len(line) > MAX_BARE_LINE or STOP.search(line) for line in lines):
        return False
    words = WORD.findall(" ".join(lines))
    told = " ".join(block.text for block in blocks[at + len(lines) :])
    return sum(word[:2] in told for word in words) >= TOLD_SHARE * len(words)


def _with_lines(at: int, blocks: tuple[Block, ...]) -> str:
    """The block and the following ones of the same kind: Korean standfirsts have several lines."""
    first = blocks[at]
    lines = [first.text]
    for other in blocks[at + 1 : at + MAX_LINES]:
        alike = (
            other.tag == first.tag and other.marks == first.marks and other.is_bold == first.is_bold
        )
        if not alike or len(other.text) > 200 or len(first.text) > 200:
            break
        lines.append(other.text)
    return "\n".join(lines)


def _is_dek(claim: str, headline: str, text: str, about: set[str]) -> bool:
    """A description that speaks of the article and says neither its headline nor its text again."""
    start = _start(claim)
    if len(long_words(claim) & about) < MIN_SHARED:
        return False
    if fuzz.partial_ratio(start, bare(headline)) > SAME:
        return False
    return fuzz.partial_ratio(start, text, score_cutoff=SAID) <= SAID


def _is_on_page(claim: str, page: Page) -> bool:
    """Whether a reader meets the description anywhere: most are written for search engines only."""
    start = claim[:PROBE]
    shown = page.text().count(start)
    return shown > sum(script.count(start) for script in page.tags.scripts)


def _same(one: str, other: str) -> bool:
    one, other = bare(one), bare(other)
    return bool(one) and (one == other or fuzz.ratio(one, other) >= SAME)
