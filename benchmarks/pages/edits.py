"""Edits made in a saved page as its publisher would: the same words everywhere they stand."""

import html
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.pages.corpus import Page, Run, blanked, fold, is_wide
from benchmarks.pages.noise import Words

SHORTEST_NODE = 40  # characters of text to edit in one piece
SHORTEST_WIDE_NODE = 16
SHORTEST_SENTENCE = 12

LEAD = 40  # characters of a paragraph that tell it when it is repeated in the head

SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script\s*>", re.S | re.I)
HEAD = re.compile(r"<head\b.*?</head\s*>", re.S | re.I)
# Where a sentence ends: not after a capital or two, which may be an abbreviation.
STOP = re.compile(r"(?:(?<=[^\W\d_A-Z]{3})[.!?]+|[。！？]+)[\"”’」』)]*(?:\s+|$|(?=\w))")
OG_TITLE = re.compile(r"<meta[^>]*og:title[^>]*>", re.I)


@dataclass(frozen=True, slots=True)
class Patch:
    """Characters `start` to `end` of the saved HTML become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class MadeEdit:
    """What was done to the page: where, and what a reader sees before and after.

    `fields` are those that may rightly log it: the first paragraph, or one that the page's
    description repeats, may be the standfirst.
    """

    kind: str
    fields: tuple[str, ...]
    before: str
    after: str
    patches: tuple[Patch, ...]


def body_edit(page: Page, run: Run, kind: str, words: Words) -> MadeEdit | None:
    """An edit of this kind in a paragraph, or None where the paragraph has no room for it."""
    nodes = list(_text_nodes(page.html, run))
    words.draw.shuffle(nodes)
    for node in nodes:
        old = html.unescape(page.html[node.start : node.end])
        new = CHANGES[kind](old, words)
        if new is None or new == old:
            continue
        here = Patch(node.start, node.end, html.escape(new, quote=False))
        markup = page.html[run.start : node.start] + here.text + page.html[node.end : run.end]
        after = fold(markup)
        if after == run.text or len(after) < len(run.text) // 4:
            continue
        elsewhere = _same_words(page.html, SCRIPT.finditer(page.html), old.strip(), new.strip())
        lead = run == page.runs[0] or html.escape(run.text[:LEAD]) in page.html[: run.start]
        fields = ("body", "dek") if lead else ("body",)
        return MadeEdit(kind, fields, run.text, after, (here, *elsewhere))
    return None


def headline_edit(page: Page, words: Words) -> MadeEdit | None:
    """The headline changed in the `h1`, the metas, the title and the JSON-LD alike.

    None where the page has no headline of its own, or an `og:title` in other words.
    """
    run = page.headline
    if run is None:
        return None
    nodes = list(_text_nodes(page.html, run, shortest=8))
    if len(nodes) != 1:
        return None
    node = nodes[0]
    old = html.unescape(page.html[node.start : node.end])
    kind = words.draw.choice(("digit", "word", "letter"))
    new = CHANGES[kind](old, words) or CHANGES["word"](old, words)
    if new is None or new == old:
        return None
    scopes = [*HEAD.finditer(page.html), *SCRIPT.finditer(page.html)]
    elsewhere = _same_words(page.html, scopes, old.strip(), new.strip())
    title = OG_TITLE.search(page.html)
    if title and not any(title.start() <= patch.start < title.end() for patch in elsewhere):
        return None
    here = Patch(node.start, node.end, html.escape(new, quote=False))
    markup = page.html[run.start : node.start] + here.text + page.html[node.end : run.end]
    return MadeEdit("headline", ("headline",), run.text, fold(markup), (here, *elsewhere))


def _text_nodes(markup: str, run: Run, *, shortest: int | None = None) -> Iterator[Run]:
    """The pieces of a run between its inline tags that are long enough to edit."""
    if shortest is None:
        shortest = SHORTEST_WIDE_NODE if is_wide(run.text) else SHORTEST_NODE
    for match in re.finditer(r"(?:^|(?<=>))[^<>]+(?=<|$)", blanked(markup[run.start : run.end])):
        raw = markup[run.start + match.start() : run.start + match.end()]
        if len(match[0].strip()) >= shortest and raw == match[0]:
            yield Run(run.start + match.start(), run.start + match.end(), match[0])


def _same_words(
    markup: str, scopes: Iterator[re.Match[str]] | list[re.Match[str]], old: str, new: str
) -> tuple[Patch, ...]:
    """Patches for the same words inside these stretches, however they are escaped there."""
    found: dict[int, Patch] = {}
    for scope in scopes:
        for spell in SPELLINGS:
            sought = spell(old)
            at = markup.find(sought, scope.start(), scope.end())
            while at >= 0:
                found.setdefault(at, Patch(at, at + len(sought), spell(new)))
                at = markup.find(sought, at + len(sought), scope.end())
    return tuple(found.values())


def _json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _json_utf8(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _attribute(text: str) -> str:
    return html.escape(text, quote=False).replace('"', "&quot;")


SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    html.escape,
    _attribute,
    lambda text: html.escape(text).replace("&#x27;", "&#39;"),
    lambda text: html.escape(text).replace("&#x27;", "&#039;"),
    _json,
    _json_utf8,
    lambda text: _json(text).replace("/", "\\/"),
    lambda text: _json_utf8(html.escape(text)),
)


def _digit(text: str, words: Words) -> str | None:
    places = [match.start() for match in re.finditer(r"[0-9]", text)]
    if not places:
        return None
    at = words.draw.choice(places)
    return text[:at] + words.draw.choice("123456789".replace(text[at], "")) + text[at + 1 :]


def _letter(text: str, words: Words) -> str | None:
    if is_wide(text):
        places = [m.start() for m in re.finditer("[\u3040-\u30fa\u3400-\u9fff\uac00-\ud7a3]", text)]
        letters = "가나다라마바사" if re.search("[가-힣]", text) else "木水火土金山川"
    else:
        places = [m.start() + 2 for m in re.finditer(r"\b[^\W\d_]{5,}\b", text)]
        letters = "bcdefghklmnorstuvw" if text.isascii() else "aeioubdfgk"
    if not places:
        return None
    at = words.draw.choice(places)
    return text[:at] + words.draw.choice(letters.replace(text[at], "")) + text[at + 1 :]


def _word(text: str, words: Words) -> str | None:
    """A word put in, put in place of another, or taken out."""
    new = words.pick("word")
    places = [match.span() for match in re.finditer(r"(?<=\s)[^\W\d_]{3,}(?=\s)", text)]
    if not places:
        if not is_wide(text):
            return None
        at = words.draw.randrange(1, len(text.strip()))
        return text[:at] + new + text[at:]
    start, end = words.draw.choice(places)
    put = words.draw.choice((new, f"{new} {text[start:end]}", ""))
    return text[:start] + put + (text[end:].lstrip() if not put else text[end:])


def _sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence that ends in this text, its white space with it.

    A text that begins neither in a capital nor in a script without them begins inside one.
    """
    ends = [match.end() for match in STOP.finditer(text)]
    inside = not text or not text[0].isalpha() or text[0].islower()
    return list(zip([0, *ends], ends, strict=False))[1 if inside else 0 :]


def _sentence_added(text: str, words: Words) -> str | None:
    sentences = _sentences(text)
    if not sentences:
        return None
    _, at = words.draw.choice(sentences)
    gap = "" if is_wide(text) and not re.search("[가-힣]", text) else " "
    return text[:at].rstrip() + gap + words.pick("sentence") + gap + text[at:].lstrip()


def _sentence_removed(text: str, words: Words) -> str | None:
    sentences = _long_enough(text)
    if len(sentences) < 2:
        return None
    start, end = words.draw.choice(sentences)
    return text[:start] + text[end:]


def _sentence_changed(text: str, words: Words) -> str | None:
    sentences = _long_enough(text)
    if not sentences:
        return None
    start, end = words.draw.choice(sentences)
    tail = text[start:end][len(text[start:end].rstrip()) :]
    return text[:start] + words.pick("sentence") + tail + text[end:]


def _long_enough(text: str) -> list[tuple[int, int]]:
    return [
        (start, end)
        for start, end in _sentences(text)
        if len(text[start:end].strip()) >= SHORTEST_SENTENCE
    ]


Change = Callable[[str, Words], str | None]
CHANGES: dict[str, Change] = {
    "digit": _digit,
    "letter": _letter,
    "word": _word,
    "sentence added": _sentence_added,
    "sentence removed": _sentence_removed,
    "sentence changed": _sentence_changed,
}


def apply(markup: str, patches: list[Patch]) -> str:
    """The HTML with these patches made; where two overlap, the first counts."""
    parts: list[str] = []
    at = 0
    for patch in sorted(patches, key=lambda patch: (patch.start, patch.end)):
        if patch.start < at:
            continue
        parts += (markup[at : patch.start], patch.text)
        at = patch.end
    return "".join((*parts, markup[at:]))


def shuffled(draw: random.Random, runs: tuple[Run, ...]) -> list[Run]:
    """The paragraphs in an order of chance."""
    order = list(runs)
    draw.shuffle(order)
    return order
