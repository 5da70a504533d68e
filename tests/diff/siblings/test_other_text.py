"""The text of another article is found on a page, and left out of the own one."""

from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff.siblings.other_text import (
    OtherText,
    added_paragraphs,
    is_source,
    shares_paragraphs,
    without_other_text,
)

OWN = ("The mill burned down on Sunday night.", "Nobody was hurt, the fire brigade said.", "Its owner wants to build it again.")  # fmt: skip
FOREIGN = ("Rain has filled the reservoir to the brim.", "Anglers may return to its banks from Monday on.")  # fmt: skip
OTHER = OtherText(
    "https://example.org/b", frozenset((*FOREIGN, "The reservoir is full")), FOREIGN[0]
)
NEWS = "The police arrested a man of 40 on Tuesday."


def article(*paragraphs: str) -> Article:
    return Article("https://example.org/a", "Fire", paragraphs=paragraphs)


def kept(*paragraphs: str) -> tuple[str, ...]:
    return without_other_text(article(*OWN), article(*paragraphs), OTHER).paragraphs


def test_another_article_below_the_own_one_is_left_out() -> None:
    assert kept(*OWN, "The reservoir is full", *FOREIGN) == OWN


def test_a_headline_that_the_other_article_got_since_is_left_out_with_it() -> None:
    assert kept(*OWN, "The reservoir overflows", *FOREIGN) == OWN
    assert kept(*OWN, NEWS, "The reservoir overflows", *FOREIGN) == (*OWN, NEWS)


def test_what_the_other_article_ends_with_since_is_left_out_with_it() -> None:
    assert kept(*OWN, *FOREIGN, "Correction: the reservoir is in Holm.") == OWN


def test_an_own_line_that_was_added_or_edited_meanwhile_stays() -> None:
    last = OWN[2].replace("again", "elsewhere")
    assert kept(OWN[0], NEWS, OWN[1], last, *FOREIGN) == (OWN[0], NEWS, OWN[1], last)


def test_an_own_line_that_was_added_between_two_of_the_other_article_goes_with_them() -> None:
    assert kept(OWN[0], FOREIGN[0], NEWS, FOREIGN[1], *OWN[1:]) == OWN


def test_a_page_with_nothing_but_the_other_article_stays_as_it_is() -> None:
    assert kept(*FOREIGN) == FOREIGN


def test_a_small_addition_is_looked_for_nowhere() -> None:
    old = article(*OWN, *FOREIGN)
    assert added_paragraphs(old, article(*old.paragraphs, "He is 40.")) == []


def test_background_that_two_articles_share_is_no_other_text() -> None:
    assert not is_source((FOREIGN[0], *OWN), [FOREIGN[0]])


def test_two_texts_that_follow_one_pattern_are_two_articles() -> None:
    later = [text.replace("mill", "barn").replace("Sunday", "Friday") for text in OWN]
    assert shares_paragraphs(OWN, (*OWN[:2], NEWS))
    assert not shares_paragraphs(OWN, [later[0], later[1].replace("brigade", "crew"), later[2] + " Soon."])  # fmt: skip


@given(st.lists(st.sampled_from((*OWN, *FOREIGN, NEWS))))
def test_own_lines_always_stay(lines: list[str]) -> None:
    left = kept(*lines)
    assert [line for line in left if line in OWN] == [line for line in lines if line in OWN]
