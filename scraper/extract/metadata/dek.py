"""The dek (standfirst): the lines between headline and body that are neither.

A visible dek wins. A description in the tags counts only if it says something that the first
paragraphs do not, and is about this article.
"""

import re
from functools import lru_cache

from rapidfuzz import fuzz

from scraper.extract.dates.parse import VISIBLE_DATE
from scraper.extract.html.document import Document, ValueWithSource
from scraper.extract.html.nearby import Line, lines_inside
from scraper.extract.html.text import bare, fold_spaces, long_words
from scraper.patterns import lazy_pattern
from scraper.phrases.scripts import HANGUL

DEK_MARK = lazy_pattern(
    r"(?:^|[\s_-])(?:dek|deck|stand-?first|sub-?title|sub-?tit(?!le)|sub-?head(?:line|er|ing)?|sub-?titulo|summary|abstract"
    r"|lead|lede|leadtext|intro(?:duction|text)?|teaser-?text|excerpt|chapo|chapeau|bajada|entradilla|subtitulo"
    r"|sottotitolo|occhiello|sommario|ingress|vorspann|unterzeile|einleitung|standfirst|tagline"
    r"|article-?(?:description|summary|intro|lead|subtitle|dek)|story-?(?:description|summary|intro)|news_subtitle"
    r"|ab_subtitle|art_sum|sub_tit|mid-?title(?:-?text)?|sub_title|editor_note|linha-?fina|manchet|onderkop|onderkop|leadin|alternativeheadline"
    r"|description)(?:$|[\s_-]|[A-Z0-9])",
    re.I,
)
CAMEL_CASE_BORDER = lazy_pattern(r"(?<=[a-z])(?=[A-Z])")
BOILERPLATE_MARK = lazy_pattern(
    r"share|social|author|byline|caption|photo|image|credit|date|time|breadcrumb|comment|tags?\b|related|button"
    r"|signature|kicker|overline|topline|dachzeile|spitzmarke|eyebrow|cookie|newsletter|subscribe|toolbar|font",
    re.I,
)
TABLE_CELL_TAGS = ("td", "th")
DEK_PROBE_LENGTH = 40  # characters
DESCRIPTION_START_LENGTH = 60  # letters by which a description is the start of the body
MIN_DESCRIPTION_LENGTH = 40  # characters of a description that may be a dek
CJK_DEK_CHARACTER = lazy_pattern("[\u2e80-\uffdc]")
CJK_PARAGRAPH_RUN = lazy_pattern("[ぁ-ヿ一-鿿]{8}")
REPORTER_LINE = lazy_pattern(
    r"^(?:本[报報]|特[约約])?[^\s，。“”]{0,6}(?:记者|記者)|기자(?:\s+\S+@\S+)?$"
)
# A line below the headline that forbids readers to copy the page.
RIGHTS_NOTICE = lazy_pattern(
    r"転載|無断複製|무단\s?(?:전재|복제)|转载|轉載|all rights reserved|\breprints?\b", re.I
)
DEK_WORD = lazy_pattern(r"\w{2,}")
SENTENCE_STOP = lazy_pattern(r"[.。!?]$|[가-힣]다$")
MAX_LINES_TO_BODY = 14  # lines after the headline that may come before the body
MIN_DEK_LENGTH, MAX_DEK_LENGTH = 18, 700
SURE_PARAGRAPH_LENGTH = 90  # characters of a line that is surely a paragraph
MAX_DEK_LINES = 9
MIN_SHARED_DEK_WORDS = 3  # words that a description must share with the article
MIN_UNMARKED_DEK_LINES = 2  # of a dek without a mark
MAX_UNMARKED_DEK_LINE = 60  # characters of a line of it
MIN_REPEATED_WORD_SHARE = 0.4  # of their words begin like a word of the text below
MAX_REPEATED_LIKENESS = 80  # of 100; above it the text repeats the description
MIN_SAME_LIKENESS = 90  # of 100; two such texts say the same


def read_dek(document: Document, headline: str, nearby: tuple[Line, ...]) -> ValueWithSource:
    """The dek and its source; a line feed joins its lines. `nearby` are the lines below the headline."""
    claims = list(document.descriptions)
    if visible := _visible_dek(headline, nearby, claims):
        return visible, "visible"
    # Korean papers put the dek in the element of the body, far below the headline.
    inside = lines_inside(document.tags.body) if document.tags.body is not None else ()
    if visible := _visible_dek(headline, inside, claims):
        return visible, "visible"
    if subheadline := document.claim("subheadline"):
        return fold_spaces(
            subheadline
        ), "fusion"  # the newsroom's field, if a script draws the page
    claims = [
        claim
        for claim in claims
        if MIN_DESCRIPTION_LENGTH <= len(claim) <= MAX_DEK_LENGTH and "|" not in claim
    ]
    if claims and (prose := _dek_from_description(document, headline, claims, (*nearby, *inside))):
        return prose, "description"
    return None, None


def _dek_from_description(
    document: Document, headline: str, claims: list[str], nearby: tuple[Line, ...]
) -> str | None:
    """The first description that is visible, and is not the start of the body."""
    text = bare(" ".join(nearby_line.text for nearby_line in nearby))
    claims = [
        claim
        for claim in claims
        if text and _bare_start(claim)[:DESCRIPTION_START_LENGTH] not in text
    ]
    claims = [claim for claim in claims if _is_on_page(claim, document)]
    if not claims:
        return None
    article_words = long_words(
        " ".join([headline, *(nearby_line.text for nearby_line in nearby[:MAX_LINES_TO_BODY])])
    )
    return next((claim for claim in claims if _is_dek(claim, headline, text, article_words)), None)


def _bare_start(claim: str) -> str:
    return bare(claim.rstrip("…. "))


def _visible_dek(headline: str, nearby: tuple[Line, ...], claims: list[str]) -> str | None:
    """The first lines that are a dek by their marks, a description, their weight or their style."""
    for at, nearby_line in enumerate(nearby[:MAX_LINES_TO_BODY]):
        if not _may_be_dek(nearby_line, headline):
            if _is_sure_paragraph(nearby_line):
                return None
            continue
        has_mark = is_dek_mark(nearby_line.marks)
        has_claim = any(_says_same(nearby_line.text, claim) for claim in claims)
        bold = nearby_line.is_bold and (
            len(nearby_line.text) < SURE_PARAGRAPH_LENGTH or bool(HANGUL.search(nearby_line.text))
        )
        bold = bold and not _is_run_in_heading(nearby[at + 1 : at + 2])
        if (has_mark or has_claim or bold or _is_unmarked_dek(at, nearby)) and not _looks_like_body(
            at, nearby
        ):
            dek = _dek_text(at, nearby)
            extra_lines = dek.count("\n")
            return (
                dek
                if not extra_lines or any(map(_is_body_text, nearby[at + extra_lines + 1 :]))
                else None
            )
        if _is_sure_paragraph(nearby_line):
            return None
    return None


def _may_be_dek(nearby_line: Line, headline: str) -> bool:
    # A Korean, Japanese or Chinese character says about as much as two Latin letters.
    shortest = MIN_DEK_LENGTH // 2 if CJK_DEK_CHARACTER.search(nearby_line.text) else MIN_DEK_LENGTH
    if not shortest <= len(nearby_line.text) <= MAX_DEK_LENGTH or _is_boilerplate_mark(
        nearby_line.marks
    ):
        return False
    if len(nearby_line.text) < SURE_PARAGRAPH_LENGTH and (
        VISIBLE_DATE.search(nearby_line.text) or REPORTER_LINE.search(nearby_line.text)
    ):
        return False
    if len(nearby_line.text) < SURE_PARAGRAPH_LENGTH and RIGHTS_NOTICE.search(nearby_line.text):
        return False
    if nearby_line.tag == "li" or (nearby_line.tag in TABLE_CELL_TAGS and not nearby_line.is_bold):
        return False
    if len(nearby_line.text) > 2 * len(headline):
        return True  # too long to repeat the headline
    return fuzz.ratio(bare(nearby_line.text), bare(headline)) < MIN_SAME_LIKENESS


@lru_cache(maxsize=512)
def is_dek_mark(marks: str) -> bool:
    """Whether the class, id or itemprop of an element says that it is a dek."""
    return bool(DEK_MARK.search(CAMEL_CASE_BORDER.sub("-", marks)))


@lru_cache(maxsize=512)
def _is_boilerplate_mark(marks: str) -> bool:
    return bool(BOILERPLATE_MARK.search(marks))


def _is_run_in_heading(after: tuple[Line, ...]) -> bool:
    """Whether a line is the heading of its own paragraph, which goes on after one break."""
    return any(_is_sure_paragraph(line) and line.breaks == 1 and not line.is_bold for line in after)


def _is_sure_paragraph(nearby_line: Line) -> bool:
    return _has_paragraph_length(nearby_line.text) and nearby_line.tag in ("p", "div", "br")


def _has_paragraph_length(text: str) -> bool:
    """Whether a line is as long as a paragraph; half of that is enough in Chinese and Japanese."""
    return len(text) >= SURE_PARAGRAPH_LENGTH or (
        len(text) >= SURE_PARAGRAPH_LENGTH // 2 and bool(CJK_PARAGRAPH_RUN.search(text))
    )


def _is_body_text(nearby_line: Line) -> bool:
    """Whether a line may be body text: if none follows a dek, that is the body itself."""
    return len(nearby_line.text) >= (
        DEK_PROBE_LENGTH // 2 if CJK_DEK_CHARACTER.search(nearby_line.text) else DEK_PROBE_LENGTH
    )


def _looks_like_body(at: int, nearby: tuple[Line, ...]) -> bool:
    """Whether a line looks like a paragraph below it: same element, same marks, equally bold."""
    nearby_line = nearby[at]
    rest = [other for other in nearby[at + 1 :] if _has_paragraph_length(other.text)][:3]
    if not rest:
        return False
    return any(
        other.tag == nearby_line.tag
        and other.marks.split() == nearby_line.marks.split()
        and other.is_bold == nearby_line.is_bold
        for other in rest
    )


def _is_unmarked_dek(at: int, nearby: tuple[Line, ...]) -> bool:
    """Whether lines are a Korean dek without a mark of its own.

    They are of one kind, no sentences, and followed by a paragraph in another element with their words.
    """
    if not HANGUL.search(nearby[at].text) or not nearby[at].marks:
        return False
    lines = _dek_text(at, nearby).split("\n")
    rest = nearby[at + len(lines) : at + len(lines) + 4]
    if len(lines) < MIN_UNMARKED_DEK_LINES or not rest or rest[0].marks == nearby[at].marks:
        return False
    if not any(map(_is_sure_paragraph, rest)):
        return False
    if any(len(line) > MAX_UNMARKED_DEK_LINE or SENTENCE_STOP.search(line) for line in lines):
        return False
    words = DEK_WORD.findall(" ".join(lines))
    prose = " ".join(nearby_line.text for nearby_line in nearby[at + len(lines) :])
    return sum(word[:2] in prose for word in words) >= MIN_REPEATED_WORD_SHARE * len(words)


def _dek_text(at: int, nearby: tuple[Line, ...]) -> str:
    """The line and those of the same kind after it: a Korean dek has several."""
    first = nearby[at]
    lines = [first.text]
    for other in nearby[at + 1 : at + MAX_DEK_LINES]:
        is_alike = (
            other.tag == first.tag and other.marks == first.marks and other.is_bold == first.is_bold
        )
        if not is_alike or len(other.text) > 200 or len(first.text) > 200:
            break
        lines.append(other.text)
    return "\n".join(lines)


def _is_dek(claim: str, headline: str, text: str, article_words: set[str]) -> bool:
    """Whether a description is about the article, and repeats neither its headline nor its text."""
    start = _bare_start(claim)
    if len(long_words(claim) & article_words) < MIN_SHARED_DEK_WORDS:
        return False
    if fuzz.partial_ratio(start, bare(headline)) > MIN_SAME_LIKENESS:
        return False
    return (
        fuzz.partial_ratio(start, text, score_cutoff=MAX_REPEATED_LIKENESS) <= MAX_REPEATED_LIKENESS
    )


def _is_on_page(claim: str, document: Document) -> bool:
    """Whether a description is visible on the page: most are for search engines only."""
    start = claim[:DEK_PROBE_LENGTH]
    visible = document.body_text.count(start)
    return visible > sum(script.count(start) for script in document.tags.scripts)


def _says_same(one: str, other: str) -> bool:
    one, other = bare(one), bare(other)
    return bool(one) and (one == other or fuzz.ratio(one, other) >= MIN_SAME_LIKENESS)
