"""Edits of a saved page as its publisher would make them: wherever the page has the words."""

import html
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from benchmarks.pages.corpus import CorpusPage, Run, blank_invisible, is_cjk, plain_text

MIN_NODE_CHARACTERS = 40  # of a text node that is edited
MIN_CJK_NODE_CHARACTERS = 16
MIN_SENTENCE_CHARACTERS = 12
LEAD_CHARACTERS = 40  # a paragraph whose first ones are in the head may be the dek

SCRIPT_ELEMENT = re.compile(r"<script\b[^>]*>(.*?)</script\s*>", re.S | re.I)
HEAD_ELEMENT = re.compile(r"<head\b.*?</head\s*>", re.S | re.I)
# The end of a sentence, but not after one or two capitals, which may be an abbreviation.
SENTENCE_STOP = re.compile(r"(?:(?<=[^\W\d_A-Z]{3})[.!?]+|[。！？]+)[\"”’」』)]*(?:\s+|$|(?=\w))")
OG_TITLE = re.compile(r"<meta[^>]*og:title[^>]*>", re.I)


class EditWords(Protocol):
    """The words that edits add: a random source, and a `word` or a `sentence` of the language."""

    rng: random.Random

    def pick(self, name: str) -> str:
        """A phrase of a list."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Characters `start` to `end` of the saved HTML become `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class MadeEdit:
    """An edit of a page: its patches, and what a reader sees before and after.

    `fields` are those in which a tracker may log it. The first paragraph may be the dek, and so
    may one that the head repeats.
    """

    kind: str
    fields: tuple[str, ...]
    before: str
    after: str
    patches: tuple[Patch, ...]


def body_edit(page: CorpusPage, run: Run, kind: str, words: EditWords) -> MadeEdit | None:
    """An edit of this kind in a paragraph, None if the kind does not fit there."""
    nodes = list(_text_nodes(page.html, run))
    words.rng.shuffle(nodes)
    for node in nodes:
        old = html.unescape(page.html[node.start : node.end])
        new = CHANGES[kind](old, words)
        if new is None or new == old:
            continue
        node_patch = Patch(node.start, node.end, html.escape(new, quote=False))
        markup = page.html[run.start : node.start] + node_patch.text + page.html[node.end : run.end]
        after = plain_text(markup)
        if after == run.text or len(after) < len(run.text) // 4:
            continue
        other_patches = same_words(
            page.html, SCRIPT_ELEMENT.finditer(page.html), old.strip(), new.strip()
        )
        is_lead = (
            run == page.runs[0] or html.escape(run.text[:LEAD_CHARACTERS]) in page.html[: run.start]
        )
        fields = ("body", "dek") if is_lead else ("body",)
        return MadeEdit(kind, fields, run.text, after, (node_patch, *other_patches))
    return None


def headline_edit(page: CorpusPage, words: EditWords) -> MadeEdit | None:
    """An edit of the headline in the `h1`, the metas, the title and the JSON-LD.

    None if the page has no headline, or an `og:title` in other words.
    """
    run = page.headline
    if run is None:
        return None
    nodes = list(_text_nodes(page.html, run, shortest=8))
    if len(nodes) != 1:
        return None
    node = nodes[0]
    old = html.unescape(page.html[node.start : node.end])
    kind = words.rng.choice(("digit", "word", "letter"))
    new = CHANGES[kind](old, words) or CHANGES["word"](old, words)
    if new is None or new == old:
        return None
    scopes = [*HEAD_ELEMENT.finditer(page.html), *SCRIPT_ELEMENT.finditer(page.html)]
    other_patches = same_words(page.html, scopes, old.strip(), new.strip())
    title = OG_TITLE.search(page.html)
    if title and not any(title.start() <= patch.start < title.end() for patch in other_patches):
        return None
    node_patch = Patch(node.start, node.end, html.escape(new, quote=False))
    markup = page.html[run.start : node.start] + node_patch.text + page.html[node.end : run.end]
    return MadeEdit(
        "headline", ("headline",), run.text, plain_text(markup), (node_patch, *other_patches)
    )


def _text_nodes(markup: str, run: Run, *, shortest: int | None = None) -> Iterator[Run]:
    """The text nodes of a run that are long enough to edit."""
    if shortest is None:
        shortest = MIN_CJK_NODE_CHARACTERS if is_cjk(run.text) else MIN_NODE_CHARACTERS
    for match in re.finditer(
        r"(?:^|(?<=>))[^<>]+(?=<|$)", blank_invisible(markup[run.start : run.end])
    ):
        raw = markup[run.start + match.start() : run.start + match.end()]
        if len(match[0].strip()) >= shortest and raw == match[0]:
            yield Run(run.start + match.start(), run.start + match.end(), match[0])


def same_words(
    markup: str, scopes: Iterator[re.Match[str]] | list[re.Match[str]], old: str, new: str
) -> tuple[Patch, ...]:
    """Patches for the same words inside the scopes, however they are escaped there."""
    patch_by_start: dict[int, Patch] = {}
    for scope in scopes:
        for spell in SPELLINGS:
            needle = spell(old)
            at = markup.find(needle, scope.start(), scope.end())
            while at >= 0:
                patch_by_start.setdefault(at, Patch(at, at + len(needle), spell(new)))
                at = markup.find(needle, at + len(needle), scope.end())
    return tuple(patch_by_start.values())


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


def _digit(text: str, words: EditWords) -> str | None:
    positions = [match.start() for match in re.finditer(r"[0-9]", text)]
    if not positions:
        return None
    at = words.rng.choice(positions)
    return text[:at] + words.rng.choice("123456789".replace(text[at], "")) + text[at + 1 :]


def _letter(text: str, words: EditWords) -> str | None:
    if is_cjk(text):
        positions = [
            m.start() for m in re.finditer("[\u3040-\u30fa\u3400-\u9fff\uac00-\ud7a3]", text)
        ]
        letters = "가나다라마바사" if re.search("[가-힣]", text) else "木水火土金山川"
    else:
        positions = [m.start() + 2 for m in re.finditer(r"\b[^\W\d_]{5,}\b", text)]
        letters = "bcdefghklmnorstuvw" if text.isascii() else "aeioubdfgk"
    if not positions:
        return None
    at = words.rng.choice(positions)
    return text[:at] + words.rng.choice(letters.replace(text[at], "")) + text[at + 1 :]


def _word(text: str, words: EditWords) -> str | None:
    """Insert a word, replace one, or delete one."""
    new = words.pick("word")
    positions = [match.span() for match in re.finditer(r"(?<=\s)[^\W\d_]{3,}(?=\s)", text)]
    if not positions:
        if not is_cjk(text):
            return None
        at = words.rng.randrange(1, len(text.strip()))
        return text[:at] + new + text[at:]
    start, end = words.rng.choice(positions)
    replacement = words.rng.choice((new, f"{new} {text[start:end]}", ""))
    return text[:start] + replacement + (text[end:].lstrip() if not replacement else text[end:])


def _sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence that ends in this text, with the white space after it.

    The first sentence is left out if the text begins inside it: with a lower-case letter or with
    something other than a letter.
    """
    ends = [match.end() for match in SENTENCE_STOP.finditer(text)]
    inside = not text or not text[0].isalpha() or text[0].islower()
    return list(zip([0, *ends], ends, strict=False))[1 if inside else 0 :]


def _sentence_added(text: str, words: EditWords) -> str | None:
    sentences = _sentences(text)
    if not sentences:
        return None
    _, at = words.rng.choice(sentences)
    gap = "" if is_cjk(text) and not re.search("[가-힣]", text) else " "
    return text[:at].rstrip() + gap + words.pick("sentence") + gap + text[at:].lstrip()


def _sentence_removed(text: str, words: EditWords) -> str | None:
    sentences = _long_sentences(text)
    if len(sentences) < 2:
        return None
    start, end = words.rng.choice(sentences)
    return text[:start] + text[end:]


def _sentence_changed(text: str, words: EditWords) -> str | None:
    sentences = _long_sentences(text)
    if not sentences:
        return None
    start, end = words.rng.choice(sentences)
    tail = text[start:end][len(text[start:end].rstrip()) :]
    return text[:start] + words.pick("sentence") + tail + text[end:]


def _long_sentences(text: str) -> list[tuple[int, int]]:
    return [
        (start, end)
        for start, end in _sentences(text)
        if len(text[start:end].strip()) >= MIN_SENTENCE_CHARACTERS
    ]


Change = Callable[[str, EditWords], str | None]
CHANGES: dict[str, Change] = {
    "digit": _digit,
    "letter": _letter,
    "word": _word,
    "sentence added": _sentence_added,
    "sentence removed": _sentence_removed,
    "sentence changed": _sentence_changed,
}


def apply_patches(markup: str, patches: list[Patch]) -> str:
    """The HTML with these patches applied; of two that overlap, the first counts."""
    parts: list[str] = []
    at = 0
    for patch in sorted(patches, key=lambda patch: (patch.start, patch.end)):
        if patch.start < at:
            continue
        parts += (markup[at : patch.start], patch.text)
        at = patch.end
    return "".join((*parts, markup[at:]))


def shuffle_runs(rng: random.Random, runs: tuple[Run, ...]) -> list[Run]:
    """The runs in a random order."""
    order = list(runs)
    rng.shuffle(order)
    return order
