"""The beginnings and endings that a site adds to the lines of all articles."""

import pytest

from scraper.article import Article
from storage.diff.noise import PageArticle
from storage.diff.siblings.affixes import shared_affixes, with_affixes
from storage.diff.siblings.proof import prove
from storage.diff.siblings.sibling import Sibling
from tests.diff.siblings.test_lines import page

ENDINGS = ("from Monday on, as the council said", "until Sunday at noon, as agreed")
HEADLINES = ("Ferry fails", "Mill sold", "Ferry returns")


def pictured(number: int, caption: str) -> PageArticle:
    texts = (
        f"Story {number} tells at some length what {HEADLINES[number]} means to all the people of the town.",
        f"The end of story {number} asks once more what {HEADLINES[number]} means, and what the town does.",
    )
    return page(
        Article(f"http://x/{number}", HEADLINES[number], paragraphs=texts, captions=(caption,))
    )


def sibling(number: int, before: str, now: str) -> Sibling:
    return Sibling(f"http://x/{number}", pictured(number, now), pictured(number, before))


OLD, NEW = "The quay at dawn. Photo: Courier", "The quay at dawn. Picture: Courier archive"
OTHER = ("The mill from the air. Photo: Courier", "The mill from the air. Picture: Courier archive")


def captions(
    new: str, *siblings: Sibling
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The captions before and after an edit without what siblings prove, and the template's fields."""
    proven = prove(pictured(0, OLD), pictured(0, new), siblings)
    return proven.base.captions, proven.article.captions, proven.template_fields


def test_a_credit_that_was_exchanged_in_a_sibling_is_the_sites() -> None:
    assert captions(NEW, sibling(1, *OTHER)) == ((NEW,), (NEW,), ("caption",))


def test_an_edit_beside_an_exchanged_credit_is_left() -> None:
    edited = NEW.replace("dawn", "dusk")
    before, after, fields = captions(edited, sibling(1, *OTHER))
    assert (before, after, fields) == ((NEW,), (edited,), ("caption",))


def test_a_credit_may_be_longer_than_the_caption() -> None:
    """Captions of two words, with credits of six and of five that share no word."""
    credits = "From the archive of the Courier", "Picture by our own staff"
    one, other = [f"The quay {credit}" for credit in credits], [f"A mill {x}" for x in credits]
    shown = sibling(1, *other)
    proven = prove(pictured(0, one[0]), pictured(0, one[1]), [shown])
    assert (proven.base.captions, proven.template_fields) == ((one[1],), ("caption",))


def test_the_same_ending_of_a_paragraph_counts_only_below_half_of_it() -> None:
    """A sentence may be put at the end of two stories: no credit is in the body."""
    old, new = (Article("a", "Ferry", paragraphs=(f"Ferries sail {end}",)) for end in ENDINGS)
    before, now = (page(Article("b", "Mill", paragraphs=(f"Mills turn {end}",))) for end in ENDINGS)
    assert shared_affixes(old, new, [Sibling("b", now, before)]) == frozenset()


def test_a_credit_that_no_sibling_exchanged_is_an_edit() -> None:
    assert captions(NEW, sibling(1, OTHER[0], OTHER[0]))[:2] == ((OLD,), (NEW,))


def test_a_credit_that_a_story_on_the_subject_exchanged_below_another_picture_is_the_sites() -> (
    None
):
    assert captions(NEW, sibling(2, *OTHER))[:2] == ((NEW,), (NEW,))
    old, new = pictured(0, OLD).article, pictured(0, NEW).article
    assert shared_affixes(old, new, [sibling(2, OLD, NEW)]) == frozenset()


def test_words_of_the_story_that_another_on_the_subject_exchanged_are_an_edit() -> None:
    ends = "what the story of the ferry tells", "what the story of the ferry told"
    one, other = (
        [f"The quay at dawn, {end}" for end in ends],
        [f"The old mill, {end}" for end in ends],
    )
    old, new = pictured(0, one[0]), pictured(0, one[1])
    assert shared_affixes(old.article, new.article, [sibling(2, *other)]) == frozenset()
    assert shared_affixes(old.article, new.article, [sibling(1, *other)]) != frozenset()


def test_a_number_at_the_end_of_two_captions_is_an_edit() -> None:
    affixes = shared_affixes(
        Article("a", "Ferry fails", captions=("The quay in year 11",)),
        Article("a", "Ferry fails", captions=("The quay in year 12",)),
        [sibling(1, "The mill in year 11", "The mill in year 12")],
    )
    assert affixes == frozenset()


@pytest.mark.parametrize("affix", [("ending", "Photo: Courier", ""), ("beginning", "", "Look:")])
def test_an_affix_may_come_or_leave(affix: tuple[str, str, str]) -> None:
    new = "The quay at dawn." if affix[0] == "ending" else f"Look: {OLD}"
    old, now = (Article("a", "Ferry", captions=(caption,)) for caption in (OLD, new))
    assert with_affixes(old, now, frozenset({affix})).captions == (new,)
