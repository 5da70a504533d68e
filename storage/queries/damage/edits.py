"""Do the edits of a history follow from the versions that they are between, and their disclosure?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from scraper.article import Article
from storage.database import Row
from storage.diff import compare
from storage.diff.disclosure import disclosure
from storage.diff.edit import DIFFER_VERSION, Edit
from storage.diff.text.letters import ScatteredError, SearchedText, letters_of
from storage.diff.text.visible import visible
from storage.timestamps import parse_instant, publisher_text
from storage.vocabulary import FIELDS

# As many letters in a row are in a text by no accident.
MIN_TELLING_LETTERS = 12
# An edit is confirmed within so many versions.
MAX_VERSIONS_BEFORE = 10
# Field, old and new words of an edit.
_EditKey = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class LastModified:
    """The Last-Modified headers of the first and the last fetch that showed a version, and the time of the first."""

    first: str | None = None
    last: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VersionTexts:
    """The texts of the versions by their numbers, and what was found in them: a version may have thousands of edits."""

    texts: list[Article]
    _edits: dict[tuple[int, int], tuple[Edit, ...]] = field(default_factory=dict)
    _keys: dict[tuple[int, int], dict[_EditKey, Edit]] = field(default_factory=dict)
    _fields: dict[tuple[int, str], SearchedText] = field(default_factory=dict)

    def edits(self, earlier: int, later: int) -> tuple[Edit, ...]:
        """The edits between two versions."""
        if (earlier, later) not in self._edits:
            found = compare(self.texts[earlier - 1], self.texts[later - 1])
            self._edits[earlier, later] = found
            self._keys[earlier, later] = {(edit.field, edit.old, edit.new): edit for edit in found}
        return self._edits[earlier, later]

    def edit(self, row: Row) -> Edit | None:
        """The edit of a row, as a comparison gives it; None if none does.

        A line that was removed may have left the text checks before that was confirmed.
        """
        key, number = (row["field"], row.get("old"), row.get("new")), row["to_version"]
        for earlier in _numbers_before(number):
            self.edits(earlier, number)
            if key in self._keys[earlier, number]:
                return self._keys[earlier, number][key]
        return None

    def have(self, words: str, number: int, name: str) -> bool:
        """Whether a field of a version has the letters of some words. Raises ScatteredError."""
        if (number, name) not in self._fields:
            letters = _field_letters(name, self.texts[number - 1])
            self._fields[number, name] = SearchedText(letters)
        return self._fields[number, name].has(words)


def edit_problem(
    edit: Row, versions: VersionTexts, headers: Mapping[int, LastModified]
) -> str | None:
    """Why an edit does not follow from the texts that it is between; None if it does."""
    number = edit["to_version"]
    if edit["from_version"] != number - 1:
        return f"is not between two versions that follow each other, but {edit['from_version']} and {number}"
    try:
        if not (
            _has_its_words(edit, versions)
            or versions.edit(edit)
            or (edit.get("differ") != DIFFER_VERSION and _is_in_changed_sentence(edit, versions))
        ):
            return f"is not a difference between versions {number - 1} and {number}"
    except ScatteredError as error:
        return f"cannot be verified: {error}"
    return _disclosure_problem(edit, versions, headers)


def edit_damage(edit: Row, versions: VersionTexts) -> str | None:
    """What of a stored edit its versions do not have; None if they have its words and its sentence.

    A change in its kind or its disclosure is not noticed: to judge those takes as long as the check did.
    """
    number = edit["to_version"]
    if edit["from_version"] != number - 1 or not 1 < number <= len(versions.texts):
        return f"it is between versions {edit['from_version']} and {number}"
    try:
        is_sound = _has_all_words(edit, versions) or _is_same_difference(edit, versions)
    except ScatteredError as error:
        return f"it cannot be verified: {error}"
    return None if is_sound else f"its words are not those of versions {number - 1} and {number}"


def _has_all_words(edit: Row, versions: VersionTexts) -> bool:
    """Do the texts have the words of an edit, and the latest one its sentence? Raises ScatteredError."""
    name, number, at = edit["field"], edit["to_version"], edit["context_at"]
    old, new, context = edit["old"] or "", edit["new"] or "", edit["context"]
    return (
        versions.have(new, number, name)
        and versions.have(context, number, name)
        and (not context or context[at : at + len(new)] == new)
        and any(versions.have(old, earlier, name) for earlier in _numbers_before(number))
    )


def _is_same_difference(edit: Row, versions: VersionTexts) -> bool:
    """Does a comparison give this very edit?"""
    number, parts = edit["to_version"], ("field", "old", "new", "context")
    return any(
        all(getattr(found, part) == edit[part] for part in parts)
        for earlier in _numbers_before(number)
        for found in versions.edits(earlier, number)
    )


def _disclosure_problem(
    edit: Row, versions: VersionTexts, headers: Mapping[int, LastModified]
) -> str | None:
    """Why an edit cannot have been disclosed, or silent; None if its versions and their headers allow it."""
    number, says = edit["to_version"], edit.get("disclosed")
    if says is None:
        return None
    if number < 2:
        return "is called silent or disclosed, but no version is before it"
    old, new = versions.texts[number - 2], versions.texts[number - 1]
    edits = versions.edits(number - 1, number)
    before, after = headers.get(number - 1, LastModified()), headers.get(number, LastModified())
    found = disclosure(old, new, edits, modified=(before.last, after.first), at=after.at).disclosed
    if says == 0 and found is None:
        return "is called silent, but its versions say nothing of when they were modified"
    if says == 0 and found:
        return "is called silent, but its versions disclose it"
    if says == 1 and not found:
        return "is called disclosed, but neither a note nor a time of its versions says so"
    return None


def last_modified_headers(
    versions: Iterable[Row], fetches: Iterable[Row]
) -> dict[int, LastModified]:
    """Of each version the Last-Modified headers of its first and its last fetch, by its number."""
    numbers = {row["id"]: row["number"] for row in versions}
    stamps: dict[int, LastModified] = {}
    for fetch in fetches:
        number = numbers.get(fetch.get("version_id"))
        if number is None:
            continue
        header = fetch.get("last_modified")
        first = stamps.get(number) or LastModified(header, None, parse_instant(fetch["fetched_at"]))
        stamps[number] = replace(first, last=header or first.last)  # a 304 may lack it
    return stamps


def with_todays_kind(row: Row, versions: VersionTexts) -> Row:
    """The row of an edit with the kind that today's rules give it; as it is, but without evidence, if they give none."""
    edit = versions.edit(row)
    if edit is None:
        return {**row, "evidence": None, "differ": None}
    return {**row, "kind": edit.kind, "evidence": edit.evidence, "differ": DIFFER_VERSION}


def _is_in_changed_sentence(edit: Row, versions: VersionTexts) -> bool:
    """Whether an edit that earlier rules cut otherwise has its words in a sentence that one version alone has."""
    name, number, context = edit["field"], edit["to_version"], edit.get("context")
    if name not in {known.name for known in FIELDS} or not context:
        return False
    old, new = edit.get("old") or "", edit.get("new") or ""
    if letters_of(new) not in letters_of(context) or not versions.have(context, number, name):
        return False
    return not versions.have(context, number - 1, name) and versions.have(old, number - 1, name)


def _has_its_words(edit: Row, versions: VersionTexts) -> bool:
    """Do the texts have the words of an edit? So short ones as a number prove nothing by that.

    Beside page noise that a check left out, the same change may be cut otherwise.
    """
    name, number = edit["field"], edit["to_version"]
    if name not in {known.name for known in FIELDS}:
        return False
    old, new = edit.get("old") or "", edit.get("new") or ""
    is_long = all(
        len(letters) >= MIN_TELLING_LETTERS for letters in map(letters_of, (old, new)) if letters
    )
    if not is_long or not versions.have(new, number, name):
        return False
    return not letters_of(old) or any(
        versions.have(old, earlier, name) for earlier in _numbers_before(number)
    )


def _numbers_before(number: int) -> range:
    """The numbers of the versions in which the old words of an edit may be, the latest first."""
    return range(number - 1, max(number - 1 - MAX_VERSIONS_BEFORE, 0), -1)


def _field_letters(name: str, text: Article) -> str:
    (known,) = (known for known in FIELDS if known.name == name)
    value = getattr(text, known.attribute)
    parts = value if isinstance(value, tuple) else (as_stored(value),)
    if name == "headline":
        parts = (*parts, *map(str, text.headlines.values()))
    return letters_of("\n".join(parts))


def as_stored(value: object) -> str:
    """A value for comparison: times as the database stores them."""
    return visible(str(publisher_text(value) if not isinstance(value, tuple) else value))  # type: ignore[arg-type]  # a text or a time
