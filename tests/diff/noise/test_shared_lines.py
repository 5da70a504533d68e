"""What several stories of a host share is the publisher's; what one story repeats is not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff.noise.boilerplate import Boilerplate, BoilerplateLine, without_boilerplate
from storage.diff.noise.shared_lines import (
    HeldLine,
    SharedLines,
    StoredStory,
    learn_lines,
    story_of,
)
from tests.support.history import NOON
from tests.support.pages import PITCH, STORIES

HOST = "example.org"
BACKGROUND = "The ferry strike in Norhaven began when the union asked the ferry company for more crew at night."


DAYS = [date(2026, 5, day) for day in range(1, 8)]


def article(number: int, *lines: str, **fields: object) -> Article:
    """A story with these lines at its end."""
    headline, *paragraphs = STORIES[number]
    url = f"https://{HOST}/{number}"
    return replace(Article(url, headline, paragraphs=(*paragraphs, *lines)), **fields)  # type: ignore[arg-type]


def learned(
    articles: Sequence[Article], restored: Boilerplate | None = None
) -> list[BoilerplateLine]:
    """The lines that the last of these articles proves to be the publisher's."""
    stories: dict[int, StoredStory] = {}
    holders: dict[int, dict[int, HeldLine]] = {}
    lines: tuple[BoilerplateLine, ...] = ()
    for number, one in enumerate(articles):
        total = len({stored.original for stored in stories.values()})
        story = story_of(one, HOST, one.url, at=NOON)
        shared = SharedLines(total, stories, holders)
        story, lines = learn_lines(story, shared, restored or Boilerplate())
        original = number if story.same_as is None else story.same_as
        stories[number] = StoredStory(
            number, one.url, one.headline, story.day, story.characters, original
        )
        for line in story.lines:
            holders.setdefault(line.key, {})[number] = HeldLine(line.is_foreign, line.place)
    return list(lines)


def test_the_third_story_proves_a_sentence_and_the_second_does_not() -> None:
    articles = [article(n, PITCH) for n in range(3)]
    assert learned(articles[:2]) == []
    assert [(line.text, line.stories) for line in learned(articles)] == [(PITCH, "3 of 3")]


METER = (
    "You have read {} of your 5 free articles this month; subscribers read all of them for a crown."
)


def test_the_figures_of_several_days_do_not_count() -> None:
    articles = [article(n, METER.format(n), published_at=DAYS[n]) for n in range(3)]
    assert [one.text for one in learned(articles)] == [METER.format(2)]


PRICE = "The price of a loaf rose by {} per cent within the year, as the office of statistics says."


def test_a_number_of_each_story_of_one_day_is_the_stories() -> None:
    articles = []
    for n, one in enumerate(map(article, range(5))):
        start, end = one.paragraphs[:n], one.paragraphs[n:]
        paragraphs = (
            *start,
            PRICE.format(11 + 7 * n),
            *end,
            *[f"So said witness{chr(97 + n)}."] * 2 * n,
        )
        articles.append(replace(one, paragraphs=paragraphs))
    assert learned(articles) == []


def test_a_number_of_each_story_does_not_count_if_the_line_has_one_place() -> None:
    lines = [PRICE.format(11 + 7 * n) for n in range(3)]
    assert [one.text for one in learned([article(n, lines[n]) for n in range(3)])] == [lines[2]]


def test_a_number_that_most_stories_of_a_day_share_does_not_count() -> None:
    assert learned([article(n, METER.format(n // 3)) for n in range(5)])


def test_captions_and_the_standfirst_teach_as_well() -> None:
    articles = [article(n, captions=(PITCH,)) for n in range(2)] + [article(2, dek=PITCH)]
    assert [line.text for line in learned(articles)] == [PITCH]


def test_background_of_stories_on_one_subject_is_theirs() -> None:
    ferry = [
        replace(
            article(0),
            headline=f"Ferry {word}",
            paragraphs=(
                f"The ferry company and the union of the crew met for {word} in Norhaven at night.",
                f"No ferry of the company sailed while the crew and the union waited for {word}.",
                BACKGROUND,
                f"Asked about {word}, the company told the crew that more night shifts would come.",
            ),
        )
        for word in ("mediation", "ballots", "breakfast")
    ]
    assert learned(ferry) == []


WAR = (
    (
        "Drones hit power station near Karsk",
        "Orlanian drones struck a power station outside Karsk and cut electricity to a third of the city.",
        "The Velian air force said that it had shot down eleven drones before they reached the power station.",
        "Engineers in Karsk restored the electricity of two hospitals, but the city stayed dark in the evening.",
    ),
    (
        "Envoys return to the talks in Lenz",
        "Envoys of Velia and Orlan returned to the hotel in Lenz where they had met for talks in the spring.",
        "Mediators want an exchange of prisoners before the envoys discuss anything else, diplomats in Lenz said.",
        "Velia insists on its border of the time before; Orlan calls that a reason to end the talks.",
    ),
    (
        "Parliament votes on longer service",
        "Lawmakers in Velia approved a bill that keeps conscripts in uniform for eighteen months.",
        "The opposition walked out of parliament before the vote and called the minister a coward.",
        "Mothers of conscripts stood outside parliament during the vote with photographs of their sons in uniform.",
    ),
    (
        "A teacher moves her school into a cellar",
        "Olena Marik teaches forty Velian children in a cellar that used to hold barrels of wine.",
        "Lessons in the cellar end when the generator stops, and then the children sing for their teacher.",
        "The teacher would like windows for her school, and a piano that the children of Velia can play.",
    ),
)  # fmt: skip
TOLL = "The war between Velia and Orlan has killed at least 12,000 civilians since it began two years ago."


def test_background_with_the_names_that_stories_share_is_theirs() -> None:
    articles = [
        Article(f"https://{HOST}/{n}", headline, paragraphs=(*paragraphs, TOLL))
        for n, (headline, *paragraphs) in enumerate(WAR)
    ]
    assert learned(articles) == []
    pitched = [replace(one, paragraphs=(*one.paragraphs[:-1], PITCH)) for one in articles]
    assert [line.text for line in learned(pitched)] == [PITCH]


def test_a_sentence_of_three_of_five_stories_stays() -> None:
    phrase = "The company did not answer the questions that this newspaper sent to it by letter."
    assert learned([article(n, *[phrase] * (n % 2 == 0)) for n in range(5)]) == []


@pytest.mark.parametrize("line", ["He died in 2021.", "What happens next", "1,204"])
def test_a_short_line_of_three_of_six_stories_stays(line: str) -> None:
    assert learned([article(n, *[line] * (n > 2)) for n in range(6)]) == []


def test_a_name_that_all_bylines_bear_is_the_house() -> None:
    articles = [
        article(n, byline=(f"Ada Writer{chr(97 + n)}", "Harbour Desk"), published_at=DAYS[n])
        for n in range(5)
    ]
    assert [(line.text, line.is_name) for line in learned(articles)] == [("Harbour Desk", True)]
    (line,) = learned(articles)
    excluded = Boilerplate(names=frozenset({line.text}))
    assert without_boilerplate(articles[0], excluded).byline == ("Ada Writera",)


def test_a_second_reporter_of_all_stories_of_a_day_stays() -> None:
    names = [(f"Ada Writer{chr(97 + n)}", "Mina Oswell") for n in range(6)]
    articles = [article(n, byline=names[n], published_at=DAYS[n // 3]) for n in range(6)]
    assert learned(articles) == []


def test_the_only_reporter_of_all_stories_stays() -> None:
    articles = [article(n, byline=("Mina Oswell",), published_at=DAYS[n]) for n in range(6)]
    assert learned(articles) == []


def test_a_name_that_the_host_bears_is_the_house() -> None:
    articles = [
        article(n, byline=("The Example newsroom",), published_at=DAYS[n]) for n in range(5)
    ]
    assert [line.text for line in learned(articles)] == ["The Example newsroom"]


def test_a_reporter_of_four_of_five_stories_stays() -> None:
    names = ["Mina Oswell" if n else "Jo Pardee" for n in range(5)]
    articles = [article(n, byline=(names[n],), published_at=DAYS[n]) for n in range(5)]
    assert learned(articles) == []


def test_a_restored_line_is_not_learned() -> None:
    articles = [article(n, PITCH) for n in range(3)]
    assert learned(articles, Boilerplate(lines=frozenset({PITCH}))) == []


@given(st.lists(st.integers(0, len(STORIES) - 1), max_size=8))
def test_stories_that_share_nothing_prove_nothing(numbers: list[int]) -> None:
    assert learned([article(number) for number in numbers]) == []


@given(st.lists(st.sampled_from([*STORIES[0][1:], PITCH]), max_size=6))
def test_an_article_never_becomes_empty(excluded: list[str]) -> None:
    one = without_boilerplate(article(0), Boilerplate(lines=frozenset(excluded)))
    assert one.paragraphs
    assert set(one.paragraphs) <= set(STORIES[0])
