"""A replaced line is pending until a later check finds it an edit or page noise."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff import compare
from storage.diff.noise.exclusions import Exclusions, PageNoise, PendingLine, without_noise
from storage.diff.noise.lines.evidence import Evidence
from storage.diff.noise.lines.replaced_lines import ReplacementResult, hold_back_replacements
from storage.diff.noise.pieces import text_lines
from tests.support.checker import Checker
from tests.support.pages import article_html
from tests.support.site import Site

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
SPRING = "The mayor said that work would begin in the spring of next year."
ADS = (
    "Save on shoes this weekend only.",
    "Our newsletter brings the news to you.",
    "Win a car with our quiz.",
)
LAST_PARAGRAPH = "<p>A second bridge, further up the river, will be closed for inspection in the autumn of next year."


def article(*paragraphs: str) -> Article:
    return Article("https://example.org/a", "Bridge", paragraphs=paragraphs)


def held_back(
    old: Article,
    new: Article,
    *,
    pending: Sequence[PendingLine] = (),
    established: bool = False,
    volatile_after: frozenset[str] = frozenset(),
) -> ReplacementResult:
    """The decision about two versions of which the pages are not known."""
    return hold_back_replacements(
        old,
        new,
        Evidence(
            Exclusions(pending=tuple(pending), volatile_after=volatile_after),
            established=text_lines(old) if established else frozenset(),
        ),
    )


def test_while_a_replaced_line_is_pending_no_version_has_either_text() -> None:
    result = held_back(article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], VOTE), pending=())
    assert result.old.paragraphs == result.article.paragraphs == (COUNCIL, VOTE)
    assert result.pending == (PendingLine(ADS[1], ADS[0], COUNCIL),)


def test_a_replacement_seen_again_is_confirmed() -> None:
    result = held_back(
        article(COUNCIL, ADS[0], VOTE),
        article(COUNCIL, ADS[1], VOTE),
        pending=[PendingLine(ADS[1], ADS[0], COUNCIL)],
    )
    assert result.article.paragraphs == (COUNCIL, ADS[1], VOTE)
    assert not result.pending


def test_a_third_text_in_one_position_proves_all_three_page_noise() -> None:
    result = held_back(
        article(COUNCIL, ADS[0], VOTE),
        article(COUNCIL, ADS[2], VOTE),
        pending=[PendingLine(ADS[1], ADS[0], COUNCIL)],
    )
    assert {noise.text for noise in result.page_noise} == set(ADS)
    assert result.old.paragraphs == result.article.paragraphs == (COUNCIL, VOTE)


def test_a_replaced_sentence_that_stays_is_an_edit_though_its_neighbour_alternates() -> None:
    olds, waiting = ("Ferries run until March.", ADS[0]), ("Nobody was hurt on Monday.", ADS[1])
    result = held_back(
        article(COUNCIL, *olds, VOTE),
        article(COUNCIL, waiting[0], ADS[2], VOTE),
        pending=[PendingLine("\n\n".join(waiting), "\n\n".join(olds), COUNCIL)],
    )
    assert {noise.text for noise in result.page_noise} == set(ADS)
    assert result.old.paragraphs == (COUNCIL, olds[0], VOTE)
    assert result.article.paragraphs == (COUNCIL, waiting[0], VOTE)


def test_an_edited_paragraph_beside_a_replaced_line_is_not_held_back() -> None:
    edited_vote = VOTE.replace("three", "four")
    result = held_back(
        article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], edited_vote), pending=()
    )
    assert result.old.paragraphs == (COUNCIL, VOTE)
    assert result.article.paragraphs == (COUNCIL, edited_vote)


def test_a_line_that_replaced_one_of_an_earlier_version_is_its_replacement() -> None:
    """The version between has neither line."""
    pending = [PendingLine(ADS[1], ADS[0], COUNCIL)]
    result = held_back(article(COUNCIL, VOTE), article(COUNCIL, ADS[1], VOTE), pending=pending)
    assert result.old.paragraphs == (COUNCIL, ADS[0], VOTE)
    assert result.article.paragraphs == (COUNCIL, ADS[1], VOTE)


@pytest.mark.parametrize("stored", [(COUNCIL, ADS[0], VOTE), (COUNCIL, VOTE)])
def test_a_line_that_gave_way_and_came_back_is_page_noise(stored: tuple[str, ...]) -> None:
    pending = [PendingLine(ADS[1], ADS[0], COUNCIL)]
    result = held_back(article(*stored), article(COUNCIL, ADS[0], VOTE), pending=pending)
    assert {noise.text for noise in result.page_noise} == {ADS[0], ADS[1]}
    assert result.old.paragraphs == result.article.paragraphs == (COUNCIL, VOTE)


def test_a_pending_line_whose_neighbour_is_gone_replaces_nothing() -> None:
    result = held_back(
        article(VOTE), article(ADS[1], VOTE), pending=[PendingLine(ADS[1], ADS[0], COUNCIL)]
    )
    assert (result.old, result.article) == (article(VOTE), article(ADS[1], VOTE))


def test_replacing_an_established_line_is_an_edit_at_once() -> None:
    old, new = article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], VOTE)
    assert held_back(old, new, pending=(), established=True).article == new


def test_an_added_label_is_pending_until_seen_again() -> None:
    old, new = article(COUNCIL, VOTE), article(COUNCIL, "From our partners", VOTE)
    result = held_back(old, new, pending=())
    assert (result.old, result.article) == (old, old)
    assert result.pending == (PendingLine("From our partners", after=COUNCIL),)
    assert held_back(old, new, pending=result.pending).article == new


def test_an_added_sentence_is_an_edit_at_once() -> None:
    old, new = article(COUNCIL, VOTE), article(COUNCIL, "Both sides agreed.", VOTE)
    assert held_back(old, new, pending=()).article == new


def page_with_line(line: str) -> str:
    return article_html().replace(LAST_PARAGRAPH, f"<p>{line}</p>{LAST_PARAGRAPH}")


def test_a_line_that_differs_at_each_check_is_never_an_edit(site: Site, checker: Checker) -> None:
    lines = (
        "Many readers of this page have gone on to tell a friend about it.",
        "The tide tables for the week are to be found in the harbour office.",
        "Old rope, new uses: six ideas for a rainy weekend with your children.",
        "A ferry pass costs less than you think, and it makes a fine present.",
    )
    for line in lines:
        url = site.page("/a", page_with_line(line))
        checker(url)
    assert checker.db["edits"].count == 0


def test_a_replaced_line_foreign_to_the_story_is_logged_at_the_next_check(
    site: Site, checker: Checker
) -> None:
    before, after = "Herring was cheap in June.", "Two men broke an arm when ropes snapped."
    url = site.page("/a", page_with_line(before))
    checker(url)
    last_seen_at = checker.db.execute("select last_seen_at from versions").fetchone()[0]
    site.page("/a", page_with_line(after))
    first, second = checker(url), checker(url)
    assert first.result.outcome == "unchanged"
    assert [(line.text, line.instead_of) for line in first.result.pending] == [(after, before)]
    assert [(edit.old, edit.new) for edit in second.result.edits] == [(before, None), (None, after)]
    assert checker.db.execute("select distinct seen_after from edits").fetchall() == [
        (last_seen_at,)
    ]


# The number in one line at each check, and the edits that are logged of it.
COUNTED = {
    "a counter": ((12, 31, 57, 90, 122), [("12", "31")]),
    "a figure that is corrected twice": ((12, 31, 31, 57, 57), [("12", "31"), ("31", "57")]),
    "a figure that is corrected at two checks, and stays": ((12, 31, 57, 57, 57), [("12", "31"), ("31", "57")]),
    "a figure that rises at three checks, and stays": ((12, 31, 57, 90, 90), [("12", "31"), ("31", "90")]),
    "a figure that is corrected, back for a check, and edited later": (
        (12, 31, 57, 31, 31, 90), [("12", "31"), ("31", "90")],
    ),
}  # fmt: skip


def counted(number: int, at: int, head: str = "", headline: str = "Dockers strike") -> str:
    line = f"<p>By noon {number} dockers had joined.</p>{LAST_PARAGRAPH}"
    html = article_html(headline, around=f"<p>{BESIDE[at]}</p>", head=head)
    return html.replace(LAST_PARAGRAPH, line)


BESIDE = (
    "Snow fell in May",
    "A ferry ran aground",
    "The crane is back",
    "Rope is dear",
    "Herring, again",
    "Fog",
)


HEADLINES = {
    "nothing else is edited": ("Dockers strike",) * 6,
    "the headline is edited at each check": tuple(f"Dockers {word}" for word in BESIDE),
}


@pytest.mark.parametrize("headlines", HEADLINES.values(), ids=HEADLINES.keys())
@pytest.mark.parametrize(("numbers", "edits"), COUNTED.values(), ids=COUNTED.keys())
def test_a_number_that_changes_again_at_the_next_check_waits_until_it_stays(
    site: Site,
    checker: Checker,
    numbers: tuple[int, ...],
    edits: list[tuple[str, str]],
    headlines: tuple[str, ...],
) -> None:
    """Its first change is an edit at once; no number is ever lost."""
    logged = []
    for at, number in enumerate(numbers):
        checked = checker(site.page("/a", counted(number, at, headline=headlines[at])))
        logged += [(edit.old, edit.new) for edit in checked.result.edits if edit.field == "body"]
    assert logged == edits
    volatile = "select count(*) from exclusions where kind = 'volatile'"
    assert checker.db.execute(volatile).fetchone()[0] == 0


def test_a_number_that_changes_again_is_logged_at_once_if_the_page_says_so(
    site: Site, checker: Checker
) -> None:
    logged = []
    for at, number in enumerate((12, 31, 57)):
        stamp = f'<meta property="article:modified_time" content="2026-05-14T1{at}:00:00Z">'
        checked = checker(site.page("/a", counted(number, at, stamp)))
        logged += [(edit.old, edit.new) for edit in checked.result.edits if edit.field == "body"]
    assert logged == [("12", "31"), ("31", "57")]


OWN, NEW = "Nobody at the harbour office was hurt.", "Two men broke an arm when ropes snapped."
REPLACED = {
    "a sentence of the story": (f"<p>{OWN}</p>", f"<p>{NEW}</p>", "edited"),
    "a sentence with a link": (
        '<p>Nobody at the <a href="/office">harbour office</a> was hurt.</p>', f"<p>{NEW}</p>", "edited",
    ),
    "a link to a story on the subject": (
        '<p>Read on: <a href="/2">Storm tears harbour crane away</a></p>',
        '<p>Read on: <a href="/3">Mayor wants more bridges</a></p>', "unchanged",
    ),
    "a label on the subject with another number": (
        "<p>Yes to the harbour bridge: 81 %</p>", "<p>Yes to the harbour bridge: 13 %</p>", "unchanged",
    ),
    "a sentence of the story, apart from the prose": (
        f"<aside>{OWN}</aside>", f"<aside>{NEW}</aside>", "unchanged",
    ),
    "a sentence of the story in italics": (
        f"<p><em>{OWN}</em></p>", f"<p><em>{NEW}</em></p>", "unchanged",
    ),
    "a sentence of the story with a word in italics": (
        f"<p><em>Nobody</em>{OWN[6:]}</p>", f"<p>{NEW}</p>", "edited",
    ),
    "an entry of a ticker": (f"<p>+++ 9:30 +++ {OWN}</p>", f"<p>+++ 11:40 +++ {NEW}</p>", "unchanged"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "outcome"), REPLACED.values(), ids=REPLACED.keys())
def test_only_a_replaced_sentence_of_the_story_itself_is_logged_at_once(
    site: Site, checker: Checker, before: str, after: str, outcome: str
) -> None:
    """One check saw it, and something else on the page changed, too."""
    for line, beside in ((before, BESIDE[0]), (after, BESIDE[1])):
        html = article_html(around=f"<p>{beside}</p>").replace(
            LAST_PARAGRAPH, line + LAST_PARAGRAPH
        )
        result = checker(site.page("/a", html)).result
    assert result.outcome == outcome


@pytest.mark.parametrize(
    ("numbers", "edits"),
    [((12, 12, 31), [("12", "31")]), ((12, 31, 57), [])],
    ids=["seen twice", "other at each check"],
)
@pytest.mark.parametrize(
    "holder",
    [
        "<blockquote>{}</blockquote>",
        '<figure><img src="/i.jpg"><figcaption>{}</figcaption></figure>',
    ],
    ids=["quotation", "caption"],
)
def test_a_number_in_a_sentence_apart_from_the_prose_is_logged_if_two_checks_saw_it(
    site: Site,
    checker: Checker,
    holder: str,
    numbers: tuple[int, ...],
    edits: list[tuple[str, str]],
) -> None:
    logged = []
    for at, number in enumerate(numbers):
        quote = holder.format(
            f"The harbour needs {number} dockers by noon, said the port authority."
        )
        html = article_html(around=f"<p>{BESIDE[at]}</p>").replace(
            LAST_PARAGRAPH, quote + LAST_PARAGRAPH
        )
        logged += [(edit.old, edit.new) for edit in checker(site.page("/a", html)).result.edits]
    assert logged == edits


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("The harbour bridge carries {} lorries a day.", "edited"),
        ("Join {} subscribers who sleep better since.", "unchanged"),
    ],
    ids=["of the story", "foreign to it"],
)
def test_another_number_in_a_sentence_foreign_to_the_story_waits(
    site: Site, checker: Checker, line: str, outcome: str
) -> None:
    """One check saw the sentence, and something else on the page changed, too."""
    for number, beside in zip((214, 391), BESIDE[:2], strict=True):
        html = article_html(around=f"<p>{beside}</p>").replace(
            LAST_PARAGRAPH, f"<p>{line.format(number)}</p>{LAST_PARAGRAPH}"
        )
        result = checker(site.page("/a", html)).result
    assert result.outcome == outcome


def test_two_figures_that_share_a_digit_are_two_lines() -> None:
    result = held_back(article(COUNCIL, "3", VOTE), article(COUNCIL, "36′", VOTE), pending=())
    assert [(line.instead_of, line.text) for line in result.pending] == [("3", "36′")]


def test_an_added_line_beside_a_proven_place_is_pending() -> None:
    sentence = "Both sides agreed to talk."
    old, new = article(COUNCIL, VOTE), article(COUNCIL, sentence, VOTE)
    result = held_back(old, new, pending=(), volatile_after=frozenset({COUNCIL}))
    assert result.pending == (PendingLine(sentence, after=COUNCIL),)
    result = held_back(old, new, pending=(), volatile_after=frozenset({VOTE}))
    assert result.article == new


def test_a_line_before_the_first_paragraph_may_be_pending() -> None:
    old, new = article(VOTE), article("From our partners", VOTE)
    assert held_back(old, new, pending=()).pending == (PendingLine("From our partners"),)
    old, new = article(ADS[0], VOTE), article(ADS[1], VOTE)
    result = held_back(old, new, pending=[PendingLine(ADS[2], ADS[0])])
    assert set(result.page_noise) == {PageNoise(text, after="") for text in ADS}


def test_replacing_an_established_line_in_a_proven_place_is_pending() -> None:
    old, new = article(COUNCIL, ADS[0], VOTE), article(COUNCIL, ADS[1], VOTE)
    result = held_back(old, new, pending=(), established=True, volatile_after=frozenset({COUNCIL}))
    assert result.pending == (PendingLine(ADS[1], ADS[0], COUNCIL),)


def test_page_noise_comes_after_the_paragraph_before_it() -> None:
    result = held_back(
        article(COUNCIL, ADS[0], VOTE),
        article(COUNCIL, ADS[2], VOTE),
        pending=[PendingLine(ADS[1], ADS[0], COUNCIL)],
    )
    assert set(result.page_noise) == {PageNoise(text, after=COUNCIL) for text in ADS}


def test_another_pending_replacement_proves_nothing() -> None:
    result = held_back(
        article(COUNCIL, ADS[0], VOTE),
        article(COUNCIL, ADS[2], VOTE),
        pending=[PendingLine("A", "B", SPRING)],
    )
    assert result.pending == (PendingLine(ADS[2], ADS[0], COUNCIL),)
    assert not result.page_noise


def test_a_pending_addition_does_not_prove_another_one_noise() -> None:
    """Both have replaced nothing, so they need not be in one place."""
    old, new = article(COUNCIL, VOTE), article(COUNCIL, "From our partners", VOTE)
    result = held_back(old, new, pending=[PendingLine("Read more")])
    assert result.pending == (PendingLine("From our partners", after=COUNCIL),)
    assert not result.page_noise


def test_two_replaced_lines_are_pending_together() -> None:
    old, new = article(COUNCIL, ADS[0], ADS[1], VOTE), article(COUNCIL, ADS[2], "Sail on.", VOTE)
    result = held_back(old, new, pending=())
    assert result.pending == (PendingLine(f"{ADS[2]}\n\nSail on.", f"{ADS[0]}\n\n{ADS[1]}", COUNCIL),)  # fmt: skip
    assert result.old == result.article == article(COUNCIL, VOTE)
    again = held_back(old, article(COUNCIL, "x", "y", VOTE), pending=result.pending)  # fmt: skip
    assert {noise.text for noise in again.page_noise} == {*ADS, "Sail on.", "x", "y"}


def test_lines_replaced_around_an_edited_paragraph_are_pending_apart() -> None:
    edited_vote = VOTE.replace("three", "four")
    old = article(COUNCIL, ADS[0], VOTE, ADS[1], SPRING)
    new = article(COUNCIL, ADS[2], edited_vote, "Sail on.", SPRING)
    result = held_back(old, new, pending=())
    assert result.pending == (
        PendingLine(ADS[2], ADS[0], COUNCIL),
        PendingLine("Sail on.", ADS[1], edited_vote),
    )
    assert result.old == article(COUNCIL, VOTE, SPRING)
    assert result.article == article(COUNCIL, edited_vote, SPRING)


def test_an_accepted_line_beside_a_pending_one_stays() -> None:
    old = article(COUNCIL, ADS[0], VOTE, ADS[1], SPRING)
    new = article(COUNCIL, ADS[2], VOTE, "Sail on.", SPRING)
    result = held_back(old, new, pending=[PendingLine(ADS[2], ADS[0], COUNCIL)])
    assert result.old == article(COUNCIL, ADS[0], VOTE, SPRING)
    assert result.article == article(COUNCIL, ADS[2], VOTE, SPRING)


@pytest.mark.parametrize(("words", "is_pending"), [(16, True), (17, False)])
def test_only_a_short_line_is_held_back(words: int, is_pending: bool) -> None:
    one, other = ("".join(f"{word}{n} " for n in range(words)).strip() for word in ("one", "two"))
    for old, new in ((one, "x"), ("x", other), (one, other)):
        result = held_back(article(COUNCIL, old, VOTE), article(COUNCIL, new, VOTE), pending=())  # fmt: skip
        assert bool(result.pending) == is_pending


LABELS = {
    "eight words": ("one two three four five six seven eight", True),
    "nine words": ("one two three four five six seven eight nine", False),
    "full stop": ("Read more.", False),
    "question": ("What now?", False),
    "Chinese full stop": ("他走了。", False),
    "closing quotation mark": ("“Read more”", False),
    "closing bracket": ("(Read more)", False),
    "sixteen Chinese characters": ("另请阅读：大桥何时重新开放交通运输", True),
    "eighteen Chinese characters": ("另请阅读：大桥何时重新开放交通运输的消息", False),
    "colon": ("Read more:", True),
}


@pytest.mark.parametrize(("text", "is_label"), LABELS.values(), ids=LABELS.keys())
def test_only_an_added_label_is_pending(text: str, is_label: bool) -> None:
    old, new = article(COUNCIL, VOTE), article(COUNCIL, text, VOTE)
    assert bool(held_back(old, new, pending=()).pending) == is_label


def test_a_label_added_with_a_sentence_is_an_edit() -> None:
    old, new = article(COUNCIL, VOTE), article(COUNCIL, "Vote", "Both sides agreed.", VOTE)
    assert held_back(old, new, pending=()).article == new


@pytest.mark.parametrize(("shared", "is_pending"), [(2, False), (1, True)])
def test_a_line_that_keeps_half_of_its_words_is_edited(shared: int, is_pending: bool) -> None:
    old_words, new_words = ["a", "b", "c", "d"], ["w", "x", "y", "z"]
    new_words[:shared] = old_words[:shared]
    result = held_back(
        article(COUNCIL, " ".join(old_words), VOTE),
        article(COUNCIL, " ".join(new_words), VOTE),
        pending=(),
    )
    assert bool(result.pending) == is_pending


@pytest.mark.parametrize(("count", "is_pending"), [(20, True), (21, False)])
def test_a_rewrite_of_many_lines_counts_at_once(count: int, is_pending: bool) -> None:
    old, new = ([f"{word}{number}" for number in range(count)] for word in ("one", "two"))
    result = held_back(article(COUNCIL, *old, VOTE), article(COUNCIL, *new, VOTE), pending=())  # fmt: skip
    assert bool(result.pending) == is_pending


def test_a_very_long_text_without_spaces_is_not_a_line() -> None:
    long_words = ("x" * 5_001, "y" * 5_001)
    old, new = (article(COUNCIL, word, VOTE) for word in long_words)
    assert held_back(old, new, pending=()).article == new
    old, new = (article(COUNCIL, word[:5_000], VOTE) for word in long_words)
    assert held_back(old, new, pending=()).article == article(COUNCIL, VOTE)


def test_removed_lines_are_an_edit_at_once() -> None:
    old, new = article(COUNCIL, ADS[0], VOTE), article(COUNCIL, VOTE)
    assert held_back(old, new, pending=()).article == new


# old lines, new lines, of which field, established, whether the change is pending
CHANGED_LABELS = {
    "a poll": ((COUNCIL, "31 %", VOTE), (COUNCIL, "66 %", VOTE), "body", False, True),
    "a poll that stood": ((COUNCIL, "31 %", VOTE), (COUNCIL, "66 %", VOTE), "body", True, False),
    "a date": ((COUNCIL, "11.8.", VOTE), (COUNCIL, "19.12.", VOTE), "body", False, True),
    "dead in a sentence": ((COUNCIL, "12 people died."), (COUNCIL, "21 people died."), "body", False, False),
    "dead in a long line": (
        ("By noon 12 people had died there, the office said",), ("By noon 21 people had died there, the office said",), "body", False, False,
    ),
    "another word in a label": (("The new bridge",), ("The old bridge",), "body", False, False),
    "a label removed": ((COUNCIL, "Choir night", VOTE), (COUNCIL, VOTE), "body", True, True),
    "a label moved": (("Choir night", COUNCIL, VOTE), (COUNCIL, VOTE, "Choir night"), "body", True, False),
    "a sentence removed": ((COUNCIL, "Both sides agreed."), (COUNCIL,), "body", False, False),
    "a caption replaced": ((VOTE,), (ADS[0],), "caption", False, True),
    "a caption that stood": ((VOTE,), (ADS[0],), "caption", True, False),
    "the number of a caption": (("The bridge. 1",), ("The bridge. 6",), "caption", False, True),
    "a caption edited": (("The new bridge.",), ("The old bridge.",), "caption", False, False),
    "a caption added": ((), ("The bridge",), "caption", False, False),
    "a caption removed": (("The bridge",), (), "caption", False, True),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "field", "established", "is_pending"), CHANGED_LABELS.values(), ids=CHANGED_LABELS.keys()
)  # fmt: skip
def test_a_changed_label_or_caption_may_be_pending(
    old: tuple[str, ...], new: tuple[str, ...], field: str, established: bool, is_pending: bool
) -> None:
    attribute = "paragraphs" if field == "body" else "captions"
    before, after = (replace(article(COUNCIL), **{attribute: lines}) for lines in (old, new))
    result = held_back(before, after, pending=(), established=established)
    assert bool(result.pending) == is_pending
    assert (compare(result.old, result.article) == ()) == is_pending
    again = held_back(result.old, after, pending=result.pending, established=established)
    assert compare(again.old, again.article) == compare(before, after)


def test_a_label_that_is_gone_for_one_check_is_page_noise() -> None:
    pending = [PendingLine("", "Choir night", COUNCIL)]
    for stored in (article(COUNCIL, VOTE), article(COUNCIL, "Choir night", VOTE)):
        result = held_back(stored, article(COUNCIL, "Choir night", VOTE), pending=pending)  # fmt: skip
        assert [noise.text for noise in result.page_noise] == ["Choir night"]
        assert result.old == result.article == article(COUNCIL, VOTE)


def test_a_label_with_a_third_number_is_page_noise_whatever_its_number() -> None:
    result = held_back(
        article(COUNCIL, "31 readers"),
        article(COUNCIL, "92 readers"),
        pending=[PendingLine("66 readers", "31 readers", COUNCIL)],
    )
    proven = Exclusions().with_noise(result.page_noise)
    assert without_noise(article(COUNCIL, "5 readers"), proven) == article(COUNCIL)


PARAGRAPHS = st.lists(
    st.sampled_from([COUNCIL, VOTE, SPRING, *ADS, "Label"]), max_size=6, unique=True
)


@given(PARAGRAPHS, PARAGRAPHS)
def test_what_is_pending_is_accepted_at_the_next_check(old: list[str], new: list[str]) -> None:
    result = held_back(article(*old), article(*new), pending=())
    again = held_back(article(*old), article(*new), pending=result.pending)
    assert again.article == article(*new)
    assert (again.old, again.pending, again.page_noise) == (article(*old), (), ())


@given(PARAGRAPHS, PARAGRAPHS)
def test_every_paragraph_beside_a_pending_line_was_served(old: list[str], new: list[str]) -> None:
    result = held_back(article(*old), article(*new), pending=())
    assert set(result.article.paragraphs) <= set(new)
    assert set(result.old.paragraphs) <= set(old)


@pytest.mark.parametrize(
    ("old", "new"),
    [("Fares", "Fores"), ("The harbor at night", "The harbour at night")],
)
def test_another_letter_in_a_label_is_an_edit_at_once(old: str, new: str) -> None:
    result = held_back(article(COUNCIL, old, VOTE), article(COUNCIL, new, VOTE), pending=())
    assert not result.pending
    assert compare(result.old, result.article)


def test_another_number_in_a_caption_that_is_a_sentence_is_an_edit_at_once() -> None:
    old, new = (
        replace(article(COUNCIL), captions=(f"The {count} ferries wait for the bridge to open again.",))
        for count in (12, 21)
    )  # fmt: skip
    assert not held_back(old, new, pending=()).pending
