"""What is held to be the page's is kept with its evidence, shown, and can be taken back."""

import itertools
from collections.abc import Callable

import pytest

from storage.articles.exclusions import undo_volatile, volatile_texts
from storage.errors import NotFoundError
from storage.queries import articles as queries
from tests.conftest import Answer, Looker, Site, article_html

LINE = "The harbour clock shows number {} at this hour, as the keeper of the clock tells everybody who asks."


def ticking(site: Site) -> Callable[[dict[str, str]], Answer]:
    """A page that is edited after the first response, and has another line in each one since."""
    numbers = itertools.count(1)

    def answer(headers: dict[str, str]) -> Answer:
        number = next(numbers)
        html = article_html()
        if number > 1:
            line = f"<p>{LINE.format(number * 137)}</p>"
            html = html.replace("<p>A second", f"{line}<p>A second").replace(
                "21 people", "12 people"
            )
        return Answer(html.encode())

    return answer


def test_a_line_that_differs_in_a_row_is_kept_with_what_was_seen(site: Site, look: Looker) -> None:
    site.answers["/a"] = ticking(site)
    look(site.url + "/a")
    assert look(site.url + "/a").look.outcome == "edited"
    rows = list(volatile_texts(look.db, 1))
    assert {row["text"] for row in rows} >= {LINE.format(137 * 2), LINE.format(137 * 3)}
    assert (LINE.format(137 * 2), LINE.format(137 * 3)) in {(r["first"], r["second"]) for r in rows}


def test_a_text_taken_back_is_the_article_s_again_and_no_edit(site: Site, look: Looker) -> None:
    url = site.page("/a", article_html())
    look(url)
    line = "A second bridge, further up the river, will be closed for inspection in the autumn of next year."
    look.db.execute(
        "insert into sites (host, article_id, kind, text, evidence, seen_at) values ('h', 1, 'volatile',"
        ' ?, \'{"first": null, "second": null, "after": null}\', \'2026-01-01T00:00:00Z\')',
        [line],
    )
    site.page("/a", article_html().replace("21 people", "12 people"))
    assert look(url).look.outcome == "edited"
    assert line not in queries.version(look.db, 1)["body"]
    look.clock.skip(hours=1)
    undo_volatile(look.db, 1, 1, at=look.clock.now())
    look.clock.skip(hours=1)
    assert look(url).look.outcome == "technical"
    assert line in queries.version(look.db, 1)["body"]
    assert look(url).look.outcome == "unchanged"
    assert look.db.execute("select count(*) from edits where new = ?", [line]).fetchone() == (0,)


def test_what_is_not_there_cannot_be_taken_back(site: Site, look: Looker) -> None:
    look(site.page("/a", article_html()))
    with pytest.raises(NotFoundError, match="7: no such volatile text"):
        undo_volatile(look.db, 1, 7, at=look.clock.now())
