"""The forms and phrases of page noise."""

import random
import re

import pytest

from benchmarks.pages.families.third import poll_box, social_post
from benchmarks.pages.noise import NAMINGS, Css, Family, Words, phrase_table
from benchmarks.pages.noise_forms import FAMILIES
from benchmarks.pages.world import AT_FOOT_SHARE

THIRD = FAMILIES["third"]
PHRASES = phrase_table(THIRD.phrases)
FOLDERS = [name for name in FAMILIES if name not in ("first", "second")]
LANGUAGES = [(name, lang) for name in FOLDERS for lang in phrase_table(FAMILIES[name].phrases)]


def _words(language: str, seed: int, family: Family = THIRD) -> Words:
    return Words(language, random.Random(seed), phrases=family.phrases)


@pytest.mark.parametrize(("name", "language"), LANGUAGES)
def test_every_form_of_a_family_fills_its_phrases(name: str, language: str) -> None:
    family = FAMILIES[name]
    for form in (*family.in_text.values(), *family.related.values(), *family.around.values()):
        words = [_words(language, seed, family) for seed in range(20)]
        markup = "".join(form(each, Css("bare", "site")) for each in words)
        assert not re.search(r"[{}]", markup)


@pytest.mark.parametrize(("name", "count"), [("third", 12), ("sixth", 8)])
def test_every_language_of_a_family_has_the_same_lists(name: str, count: int) -> None:
    tables = phrase_table(FAMILIES[name].phrases)
    assert len(tables) == count
    assert {frozenset(table) for table in tables.values()} == {frozenset(tables["en"])}


@pytest.mark.parametrize(("form", "name"), [(poll_box, "question"), (social_post, "post")])
def test_some_noise_of_a_site_keeps_its_words_and_changes_its_figures(form, name) -> None:  # type: ignore[no-untyped-def]
    css = Css("hashed", "site")
    first, second = (form(_words("en", seed), css) for seed in (1, 2))
    assert first != second
    assert [text for text in PHRASES["en"][name] if text in first] == [
        text for text in PHRASES["en"][name] if text in second
    ]


@pytest.mark.parametrize("naming", NAMINGS)
def test_a_site_keeps_its_class_names(naming) -> None:  # type: ignore[no-untyped-def]
    assert Css(naming, "site")("poll") == Css(naming, "site")("poll")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_block_around_an_article_has_a_place(family: str) -> None:
    assert set(FAMILIES[family].around) <= set(AT_FOOT_SHARE)
