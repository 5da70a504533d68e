"""The forms and phrases of page noise."""

import random
import re

import pytest

from benchmarks.pages.families.third import poll_box, social_post
from benchmarks.pages.noise import NAMINGS, Css, Words, phrase_table
from benchmarks.pages.noise_forms import FAMILIES
from benchmarks.pages.world import AT_FOOT_SHARE

THIRD = FAMILIES["third"]
PHRASES = phrase_table(THIRD.phrases)


def _words(language: str, seed: int) -> Words:
    return Words(language, random.Random(seed), phrases=THIRD.phrases)


@pytest.mark.parametrize("language", PHRASES)
def test_every_form_of_the_third_family_fills_its_phrases(language: str) -> None:
    for form in (*THIRD.in_text.values(), *THIRD.related.values(), *THIRD.around.values()):
        markup = "".join(form(_words(language, seed), Css("bare", "site")) for seed in range(20))
        assert not re.search(r"[{}]", markup)


def test_every_language_of_the_third_family_has_the_same_lists() -> None:
    assert len(PHRASES) == 12
    assert {frozenset(table) for table in PHRASES.values()} == {frozenset(PHRASES["en"])}


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
