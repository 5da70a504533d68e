"""The labelled pairs: two texts of a field, and the edits that an editor marked between them.

The repository has the labels only. The texts are in the corpora, except those of `written.jsonl`,
whose lines have `id`, `lang`, `field`, `old` and `new`. A line of `labels_*.jsonl` has these fields:

- `source` (feed, pairs, written), `id`, `field`, and the versions `from` and `to`; no versions if written
- `edits`: each with `op`, `kind`, and the places `old` and `new`, in characters of `field_text`; null
  where there is nothing. `or` has the kinds that are arguable, `or_spans` other right pairs of places
- `or_edits`: other lists of edits that are as right, if an editor may also see several edits in it
- `until`: where both texts end here, because a feed cut them off at different places
"""

import html
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent

# Where a text begins and ends, in characters; None if there is nothing on this side.
Interval = tuple[int, int] | None
# The old and the new place of one edit.
Spans = tuple[Interval, Interval]


@dataclass(frozen=True, slots=True)
class Label:
    """One edit as an editor marked it.

    `spans` are the places that are right, the best one first. `arguable` are kinds that an editor
    would not call wrong.
    """

    kind: str
    spans: tuple[Spans, ...]
    arguable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two texts of a field. `readings` are the lists of edits that are right, the best one first."""

    source: str
    pair_id: str
    lang: str
    field: str
    old: str
    new: str
    readings: tuple[tuple[Label, ...], ...]


@dataclass(frozen=True, slots=True)
class FieldTexts:
    """A language, and the old and the new text of a field."""

    lang: str
    old: str
    new: str


def labelled_pairs(corpora: Path | None, sources: Sequence[str]) -> Iterator[LabelledPair]:
    """The pairs of these sources, in the order of the files; without corpora the written ones only."""
    for path in sorted(FOLDER.glob("labels_*.jsonl")):
        lines = [line for line in _json_lines(path) if line["source"] in sources]
        for source in sources:
            if corpora or source == "written":
                yield from _pairs_of_source(source, lines, corpora)


def _pairs_of_source(
    source: str, lines: Sequence[Mapping[str, Any]], corpora: Path | None
) -> Iterator[LabelledPair]:
    own_lines = [line for line in lines if line["source"] == source]
    texts = _read_texts(source, corpora) if own_lines else {}
    for line in own_lines:
        yield _labelled_pair(line, texts)


def _labelled_pair(
    line: Mapping[str, Any], texts: Mapping[tuple[Any, ...], FieldTexts]
) -> LabelledPair:
    found = texts[line["id"], line.get("from"), line.get("to"), line["field"]]
    until_old, until_new = line.get("until", (None, None))
    readings = [line["edits"], *line.get("or_edits", ())]
    return LabelledPair(
        line["source"],
        line["id"],
        found.lang,
        line["field"],
        found.old[:until_old],
        found.new[:until_new],
        tuple(tuple(map(read_label, edits)) for edits in readings),
    )


def read_label(edit: Mapping[str, Any]) -> Label:
    """The label of one edit in a line of a label file."""
    spans = [(edit["old"], edit["new"]), *edit.get("or_spans", ())]
    return Label(
        edit["kind"],
        tuple((_interval(old), _interval(new)) for old, new in spans),
        frozenset(edit.get("or", ())),
    )


def _interval(place: Sequence[int] | None) -> Interval:
    return (place[0], place[1]) if place else None


def _read_texts(source: str, corpora: Path | None) -> Mapping[tuple[Any, ...], FieldTexts]:
    """The texts of a source by id, versions and field."""
    if source == "written":
        lines = _json_lines(FOLDER / "written.jsonl")
        return {
            (line["id"], None, None, line["field"]): FieldTexts(
                line["lang"], field_text(line["old"]), field_text(line["new"])
            )
            for line in lines
        }
    assert corpora
    file, fields = {
        "feed": ("korean/feed_versions.jsonl", {"headline": "title", "body": "body"}),
        "pairs": ("pairs/versions.jsonl", {name: name for name in ("headline", "dek", "body")}),
    }[source]
    versions = {(line["article_id"], line["version"]): line for line in _json_lines(corpora / file)}
    return {
        (article_id, before, after, field): FieldTexts(
            new["lang"], field_text(old.get(key) or ""), field_text(new.get(key) or "")
        )
        for (article_id, before), old in versions.items()
        for after in (before + 1, before + 2)
        if (new := versions.get((article_id, after)))
        for field, key in fields.items()
    }


def field_text(text: str) -> str:
    """The text in which labels count characters: entities resolved, in NFC."""
    return unicodedata.normalize("NFC", html.unescape(text))


def _json_lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
