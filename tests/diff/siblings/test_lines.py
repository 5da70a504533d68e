"""Which lines siblings prove to be the publisher's, as laws of one pure function."""

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff.noise import PageArticle
from storage.diff.siblings.lines import PublisherLines, all_lines, publisher_lines
from storage.diff.siblings.sibling import Sibling
from tests.diff.siblings.stories import story

PITCH = "Our letter brings the coast to {} readers every single morning, and costs nothing."
AUTHOR = "{} has written about the harbour for the Courier since the flood."
NEWS = "The owners of the mill withdrew their complaint against the town late on Friday."
NOTE = "Correction: an earlier version of this article gave a wrong number of visitors."


@dataclass(frozen=True)
class Page:
    """A page that shows the lines of its article and nothing else."""

    lines: dict[str, int]
    places: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    text: str = ""

    def teasers_of(self, url: str) -> str:
        return ""


def article(number: int, *added: str) -> Article:
    """The article of a story, with lines after the third paragraph."""
    told = story(number)
    paragraphs = (*told.paragraphs[:3], *added, *told.paragraphs[3:])
    headlines = ("Bridge reopens", "Library sold", "Orchards win prize", "Bridge closes")
    return Article(
        f"http://x/{number}", headlines[number], byline=(told.author,), paragraphs=paragraphs
    )


def page(shown: Article) -> PageArticle:
    return PageArticle(shown, Page(dict(all_lines(shown))))


def sibling(number: int, now: tuple[str, ...], before: tuple[str, ...] | None = None) -> Sibling:
    earlier = None if before is None else page(article(number, *before))
    return Sibling(f"http://x/{number}", page(article(number, *now)), earlier)


def found(old: tuple[str, ...], new: tuple[str, ...], *siblings: Sibling) -> PublisherLines:
    """What the siblings prove of a change of the first article."""
    return publisher_lines(article(0, *old), article(0, *new), siblings)


def proven(old: tuple[str, ...], new: tuple[str, ...], *siblings: Sibling) -> set[str]:
    """The lines that the siblings prove, of a change of the first article."""
    return set(found(old, new, *siblings).proven)


def test_a_line_that_came_to_the_only_sibling_at_once_is_the_publishers() -> None:
    shown = found((), (PITCH.format(4),), sibling(1, (PITCH.format(9),), ()))
    assert (set(shown.proven), shown.is_thin) == ({PITCH.format(4)}, True)


def rewritten(number: int, *added: str) -> Article:
    """The article in other words, with these lines after them."""
    return replace(article(number), paragraphs=(*story(number + 10).paragraphs, *added))


def test_a_sentence_that_two_rewritten_stories_share_is_no_line_of_the_publisher() -> None:
    one = Sibling("http://x/1", page(rewritten(1, PITCH)), page(article(1)))
    assert not publisher_lines(article(0), rewritten(0, PITCH), [one]).proven


def test_a_line_that_came_to_a_rewritten_story_and_to_another_is_the_publishers() -> None:
    one = sibling(1, (PITCH,), ())
    assert set(publisher_lines(article(0), rewritten(0, PITCH), [one]).proven) == {PITCH}


def test_a_line_that_was_only_edited_in_a_sibling_did_not_leave_it() -> None:
    line, kindred = AUTHOR.format("Ada Brandt"), AUTHOR.format("Tomas Rell")
    edited = kindred.replace("since the flood", "until the flood")
    left = found((line,), (), sibling(1, (), (kindred,)))
    assert set(left.proven) == {line}
    kept = found((line,), (), sibling(1, (edited,), (kindred,)))
    assert not kept.proven
    assert not kept.doubtful


def test_a_line_that_one_sibling_had_all_along_is_an_edit() -> None:
    phrase = (PITCH.format(4),)
    assert proven((), phrase, sibling(1, phrase, phrase)) == set()
    assert proven(phrase, (), sibling(1, phrase, phrase)) == set()


def test_a_line_that_two_of_two_siblings_had_all_along_is_the_publishers() -> None:
    pitch = (PITCH.format(4),)
    assert proven((), pitch, sibling(1, pitch, pitch), sibling(2, pitch, pitch)) == set(pitch)


def test_a_line_that_came_to_one_sibling_of_two_is_doubtful() -> None:
    shown = found((), (PITCH.format(4),), sibling(1, (PITCH.format(4),), ()), sibling(2, (), ()))
    assert (set(shown.proven), set(shown.doubtful)) == (set(), {PITCH.format(4)})


def test_a_line_that_came_to_a_sibling_hours_before_is_the_publishers() -> None:
    pitch = (PITCH.format(4),)
    earlier = replace(sibling(1, pitch, pitch), day_before=page(article(1)))
    assert proven((), pitch, earlier) == set(pitch)


def test_a_line_with_another_town_in_it_is_the_publishers_if_its_other_words_are_foreign() -> None:
    old, new = (
        f"Read what your neighbours in {name} are saying this week." for name in ("Bridge", "Oban")
    )
    assert proven((old,), (new,), *(sibling(n, (new,), (old,)) for n in (1, 2))) == {old, new}


def test_a_line_that_names_another_subject_in_each_sibling_is_the_publishers() -> None:
    lines = [f"Never miss what is new about {name}: let us send you a message." for name in ("the ferry", "the mill", "the moor")]  # fmt: skip
    shown = (sibling(n, (lines[n],), ()) for n in (1, 2))
    assert proven((), (lines[0],), *shown) == {lines[0]}


def test_the_publishers_name_makes_a_line_no_part_of_the_story() -> None:
    pitch = "Every morning the Bridge Courier is on your doorstep before breakfast."
    had_all_along = [sibling(n, (pitch,), (pitch,)) for n in (1, 2)]
    assert proven((), (pitch,), *had_all_along) == set()
    for one in had_all_along:
        for shown in (one.now, *one.earlier_pages):
            shown.page.lines["Bridge Courier"] = 1  # type: ignore[index]
    assert proven((), (pitch,), *map(replace, had_all_along)) == {pitch}
    for address, lines in (("/", {pitch}), ("/bridges", set())):
        for one in had_all_along:
            for shown in (one.now, *one.earlier_pages):
                shown.page.links["Bridge Courier"] = address  # type: ignore[index]
        assert proven((), (pitch,), *map(replace, had_all_along)) == lines


def test_a_foreign_line_that_no_sibling_shows_is_open_and_a_topical_one_is_not() -> None:
    topical = "In other words: " + story(0).paragraphs[2]
    assert found((), (PITCH.format(4),), sibling(1, (), ())).is_open
    assert not found((), (topical,), sibling(1, (), ())).is_open


def test_a_sentence_of_the_story_with_another_name_in_it_is_an_edit() -> None:
    told = story(0).paragraphs[1]
    old, new = told + " Ada Brandt said so.", told + " Juno Maddox said so."
    shown = (sibling(number, (new,), (old,)) for number in (1, 2))
    assert proven((old,), (new,), *shown) == set()


def test_a_count_is_the_publishers_if_two_siblings_on_other_subjects_show_it() -> None:
    old, new = (PITCH.format(683),), (PITCH.format(690),)
    shown = (sibling(1, old), sibling(2, new))
    assert proven(old, new, *shown) == {*old, *new}


def test_a_count_that_moved_in_one_article_alone_is_doubtful() -> None:
    old, new = (PITCH.format(683),), (PITCH.format(690),)
    shown = found(old, new, sibling(1, old), sibling(2, old))
    assert (shown.proven, set(shown.doubtful)) == ({}, {*old, *new})


@pytest.mark.parametrize("others", [(1,), (1, 3)], ids=["one sibling", "one on this subject"])
def test_a_count_is_an_edit_if_fewer_show_it(others: tuple[int, ...]) -> None:
    old, new = (PITCH.format(683),), (PITCH.format(690),)
    assert proven(old, new, *(sibling(number, old) for number in others)) == set()


def kept(number: int, count: int) -> Sibling:
    """A sibling that has had a number for as long as it is known."""
    shown = sibling(number, (PITCH.format(count),))
    return replace(shown, first=shown.now)


def test_a_number_of_its_own_that_changed_alone_is_an_edit() -> None:
    """Each story has had its own number all along, and nothing else changed in this one."""
    lines = (PITCH.format(18),), (PITCH.format(19),)
    shown = found(*lines, kept(1, 25), kept(2, 11))
    assert (shown.proven, shown.doubtful) == ({}, {})
    shared = found(*lines, kept(1, 25), kept(2, 25))
    assert set(shared.proven) == {PITCH.format(18), PITCH.format(19)}
    moved = replace(kept(2, 11), first=page(article(2, PITCH.format(10))))
    assert set(found(*lines, kept(1, 25), moved).proven) == set(shared.proven)
    once_edited = found(*lines, kept(1, 25), moved, replace(kept(1, 32), url="http://x/9"))
    assert (once_edited.proven, once_edited.doubtful) == ({}, {})


def test_a_number_of_its_own_beside_another_edit_is_doubtful() -> None:
    """The share of a text that everybody may read moves with the text."""
    old, new = (PITCH.format(18),), (PITCH.format(19), NEWS)
    shown = found(old, new, kept(1, 25), kept(2, 11))
    assert (set(shown.proven), set(shown.doubtful)) == (set(), {*old, new[0]})


FOLLOW = "Do you want to read everything about {}? Subscribe to the messages of the Courier."


def test_a_pitch_with_another_name_in_each_article_is_the_publishers() -> None:
    """Each names what its own story is about, so it is foreign to none of them."""
    lines = [FOLLOW.format(headline) for headline in ("the bridge", "our library", "orchards")]
    others = [sibling(number, (lines[number],), ()) for number in (1, 2)]
    assert proven((), (lines[0],), *others) == {lines[0]}
    left = [sibling(number, (), (lines[number],)) for number in (1, 2)]
    assert proven((lines[0],), (), *left) == {lines[0]}


def test_a_sibling_on_the_same_subject_hides_no_pitch_with_other_names() -> None:
    """It had the very line all along, which proves nothing by itself."""
    lines = [FOLLOW.format(headline) for headline in ("the bridge", "our library", "orchards")]
    others = [sibling(number, (lines[number],), ()) for number in (1, 2)]
    same = sibling(3, (lines[0],), (lines[0],))
    assert proven((), (lines[0],), same, *others) == {lines[0]}


def test_a_pitch_with_another_name_proves_nothing_in_one_sibling_or_if_it_stood_still() -> None:
    lines = [FOLLOW.format(headline) for headline in ("the bridge", "our library", "orchards")]
    shown = found((), (lines[0],), sibling(1, (lines[1],), ()))
    assert (set(shown.proven), shown.is_thin) == (set(), True)
    stood = [sibling(number, (lines[number],), (lines[number],)) for number in (1, 2)]
    assert proven((), (lines[0],), *stood) == set()


def test_a_sentence_of_the_story_that_came_to_two_others_with_other_names_is_an_edit() -> None:
    """Its other words are about this story, too."""
    line = "The council of Ashford counted the letters about the {} in the library of Ashford on Friday."
    others = [
        sibling(number, (line.format(name),), ()) for number, name in ((1, "mill"), (2, "ox"))
    ]
    assert proven((), (line.format("bridge"),), *others) == set()


def test_a_line_that_names_the_reporter_is_proven_by_one_that_names_another() -> None:
    own, other = AUTHOR.format(story(0).author), AUTHOR.format(story(1).author)
    assert own != other
    assert proven((own,), (), sibling(1, (), (other,))) == {own}


def test_a_paragraph_beside_an_exchanged_pitch_is_an_edit() -> None:
    old, new = PITCH.format(3), "Become a member of the lighthouse club and read us in peace."
    shown = sibling(1, (new,), (old,))
    assert proven((old,), (new, NEWS), shown) == {old, new}


LINES = st.lists(st.sampled_from([PITCH.format(5), NEWS, NOTE, "A short one"]), max_size=3).map(tuple)  # fmt: skip


@given(LINES, LINES)
def test_without_siblings_nothing_is_proven(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    assert proven(old, new) == set()


@given(LINES, LINES, LINES, LINES)
def test_a_correction_note_is_never_proven(
    old: tuple[str, ...], new: tuple[str, ...], now: tuple[str, ...], before: tuple[str, ...]
) -> None:
    shown = (sibling(1, (*now, NOTE), before), sibling(2, (*now, NOTE), before))
    assert NOTE not in proven(old, (*new, NOTE), *shown)


@given(LINES, LINES)
def test_a_paragraph_that_no_sibling_shows_is_an_edit(
    now: tuple[str, ...], before: tuple[str, ...]
) -> None:
    shown = [sibling(number, now, before) for number in (1, 2)]
    own = "In other words: " + story(0).paragraphs[2]
    assert own not in proven((), (own,), *shown)


@given(LINES, LINES, LINES)
def test_a_sibling_that_stood_still_proves_no_line_more(
    old: tuple[str, ...], new: tuple[str, ...], now: tuple[str, ...]
) -> None:
    first, still = sibling(1, now, old), sibling(2, (), ())
    assert proven(old, new, first, still) <= proven(old, new, first)
