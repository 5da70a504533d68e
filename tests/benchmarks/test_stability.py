"""`stability`: versions of an article without an edit between them form one group."""

from benchmarks.edits.pairs import Pair
from benchmarks.extraction.stability import Reading, groups, unstable_share

URL = "https://example.org/a"


def pair(article_id: str, old: int, new: int, *fields: str) -> Pair:
    pages = (b"%d" % old, b"%d" % new)
    return Pair(article_id, (old, new), URL, pages, frozenset(fields))


def numbers(pairs: list[Pair]) -> list[tuple[int, ...]]:
    return [tuple(number for number, _ in group.versions) for group in groups(pairs)]


def test_noise_pairs_of_an_article_form_one_group() -> None:
    assert numbers([pair("a", 1, 2), pair("a", 0, 1), pair("b", 1, 2)]) == [(0, 1, 2), (1, 2)]


def test_an_edit_splits_a_group() -> None:
    pairs = [pair("a", 0, 1), pair("a", 1, 2, "body"), pair("a", 2, 3), pair("a", 4, 5)]
    assert numbers(pairs) == [(0, 1), (2, 3), (4, 5)]


def test_a_version_without_a_body_makes_its_group_unstable() -> None:
    (group,) = groups([pair("a", 0, 1)])
    stable = Reading(group, ({"body": "One."}, {"body": "One."}))
    unstable = Reading(group, ({"body": "One."}, {"body": ""}))
    assert unstable.unstable() == ("body",)
    assert unstable_share([stable, unstable], "body") == 0.5
