"""Two versions become edits: `compare` is the one public function of this folder."""

from dataclasses import replace

from scraper.article import Article, Timestamp
from storage.diff.align.sentences import SentenceMatch, match_sentences
from storage.diff.align.spans import sentence_edits
from storage.diff.edit import Edit
from storage.diff.kinds.rules import sentence_kind
from storage.diff.text.sentences import sentences
from storage.diff.text.tokens import shared_start
from storage.diff.text.visible import visible
from storage.timestamps import publisher_text, seconds_between

# Publishers' own stamps tremble by seconds between two responses (a cache, a save): no edit.
TIMESTAMP_TOLERANCE_SECONDS = 60.0


def compare(old: Article, new: Article) -> tuple[Edit, ...]:
    """What a reader would call edited between two versions, headline first, body in reading order.

    White space, invisible characters and where paragraphs break are no edits. Pure; time is
    linear in the common part and bounded in the rest.

    >>> old = Article("https://example.org/a", "Fire", paragraphs=("12 people died.",))
    >>> new = Article("https://example.org/a", "Fire", paragraphs=("21 people died.",))
    >>> [(edit.field, edit.kind, edit.old, edit.new) for edit in compare(old, new)]
    [('body', 'number', '12', '21')]
    """
    lang = new.lang or old.lang
    return (
        *_headline_edits(old, new, lang),
        *_line_edits("dek", old.dek, new.dek, lang),
        *_byline_edits(old.byline, new.byline),
        *_text_edits("body", old.paragraphs, new.paragraphs, lang),
        *_text_edits("caption", old.captions, new.captions, lang),
        *_stamp_edits("published_at", old.published_at, new.published_at),
        *_stamp_edits("modified_at", old.modified_at, new.modified_at),
        *_section_edits(old.section, new.section),
    )


def _headline_edits(old: Article, new: Article, lang: str | None) -> list[Edit]:
    """Edits of the headline, each with the sources that moved.

    Where no source that both pages have says anything new, another one was only chosen.
    """
    common_sources = [source for source in new.headlines if source in old.headlines]
    moved = [
        source
        for source in common_sources
        if visible(old.headlines[source]) != visible(new.headlines[source])
    ]
    if common_sources and not moved:
        return []
    edits = _line_edits("headline", old.headline, new.headline, lang)
    return [replace(edit, source=", ".join(moved) or None) for edit in edits]


def _line_edits(field: str, old: str | None, new: str | None, lang: str | None) -> list[Edit]:
    before, after = visible(old or ""), visible(new or "")
    if before == after:
        return []
    if not before or not after:
        return [_whole_edit(field, before, after)]
    return sentence_edits(before, after, field=field, lang=lang)


def _text_edits(
    field: str, old: tuple[str, ...], new: tuple[str, ...], lang: str | None
) -> list[Edit]:
    """Edits of a list of paragraphs, by sentence."""
    if old == new:
        return []
    start = shared_start(old, new)
    end = shared_start(old[start:][::-1], new[start:][::-1])
    before = _numbered_sentences(old[start : len(old) - end], start)
    after = _numbered_sentences(new[start : len(new) - end], start)
    matches = match_sentences([text for text, _ in before], [text for text, _ in after])
    edits: list[Edit] = []
    for match in _group_matches(matches, before, after):
        old_text = " ".join(text for text, _ in before[slice(*match.old)])
        new_text = " ".join(text for text, _ in after[slice(*match.new)])
        paragraph = after[match.new[0]][1] if new_text else before[match.old[0]][1]
        if match.moved:
            edits.append(Edit(field, "move", "moved", old_text, new_text, paragraph))
        if not old_text or not new_text:
            edits.append(_whole_edit(field, old_text, new_text, paragraph))
        elif old_text != new_text:
            edits += sentence_edits(old_text, new_text, field=field, paragraph=paragraph, lang=lang)
    return edits


def _numbered_sentences(paragraphs: tuple[str, ...], first: int) -> list[tuple[str, int]]:
    """Every sentence as a reader sees it, with the number of its paragraph, from `first` on."""
    return [
        (sentence, number)
        for number, paragraph in enumerate(paragraphs, first)
        for sentence in sentences(visible(paragraph))
    ]


def _group_matches(
    matches: list[SentenceMatch], before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> list[SentenceMatch]:
    """Sentences of one paragraph that came, left or moved together are one match."""
    groups: list[SentenceMatch] = []
    for match in matches:
        last = groups[-1] if groups else None
        if last and _continues(last, match, before, after):
            groups[-1] = SentenceMatch(
                (last.old[0], match.old[1]), (last.new[0], match.new[1]), match.moved
            )
        else:
            groups.append(match)
    return groups


def _continues(
    last: SentenceMatch,
    match: SentenceMatch,
    before: list[tuple[str, int]],
    after: list[tuple[str, int]],
) -> bool:
    is_one_sided = (_is_empty(last.old) and _is_empty(match.old)) or (
        _is_empty(last.new) and _is_empty(match.new)
    )
    if last.moved != match.moved or not (match.moved or is_one_sided):
        return False
    if last.old[1] != match.old[0] or last.new[1] != match.new[0]:
        return False
    if not _is_empty(match.new):
        return match.moved or after[last.new[0]][1] == after[match.new[0]][1]
    return before[last.old[0]][1] == before[match.old[0]][1]


def _is_empty(span: tuple[int, int]) -> bool:
    return span[0] == span[1]


def _whole_edit(field: str, old: str, new: str, paragraph: int | None = None) -> Edit:
    op = "insert" if new else "delete"
    return Edit(field, op, sentence_kind(op, new or old), old or None, new or None, paragraph)


def _byline_edits(old: tuple[str, ...], new: tuple[str, ...]) -> list[Edit]:
    before = [visible(name) for name in old]
    after = [visible(name) for name in new]
    removed = [name for name in before if name not in after]
    added = [name for name in after if name not in before]
    if not removed and not added:
        return []
    op = "replace" if removed and added else "delete" if removed else "insert"
    return [
        Edit("byline", op, "name", ", ".join(removed) or None, ", ".join(added) or None,
             context=", ".join(after), at=max(0, ", ".join(after).find(", ".join(added))))
    ]  # fmt: skip


def _stamp_edits(field: str, old: Timestamp | None, new: Timestamp | None) -> list[Edit]:
    if old is None and new is None:
        return []
    if (
        old is not None
        and new is not None
        and seconds_between(old, new) < TIMESTAMP_TOLERANCE_SECONDS
    ):
        return []
    op = "replace" if old and new else "delete" if old else "insert"
    return [
        Edit(
            field,
            op,
            "date",
            publisher_text(old),
            publisher_text(new),
            context=publisher_text(new) or "",
        )
    ]


def _section_edits(old: str | None, new: str | None) -> list[Edit]:
    before, after = visible(old or ""), visible(new or "")
    if before == after:
        return []
    op = "replace" if before and after else "delete" if before else "insert"
    return [Edit("section", op, "wording", before or None, after or None, context=after)]
