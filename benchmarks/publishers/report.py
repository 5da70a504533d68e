"""The tables that `publishers` prints."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.edits.noise_report import fault_of, print_table, shares, shortened
from benchmarks.edits.trackers import TrackerResult
from benchmarks.edits.verdict import content_edits
from benchmarks.pages.edits import MadeEdit
from benchmarks.publishers.served import AnyArticle

MAX_FALSE_ALARM_SHARE = 0.03  # from round 2 on
MIN_FOUND_SHARE = 0.98


@dataclass(frozen=True, slots=True)
class ArticleCheck:
    """One check of one article in a round: the edit made before it, and what the tracker logged."""

    publisher: Any  # of one world or of the other
    article: AnyArticle
    round_number: int
    result: TrackerResult

    @property
    def number(self) -> int:
        """The number of the check among those of the article, from 1."""
        return self.round_number - self.article.first_round + 1

    @property
    def made_edit(self) -> MadeEdit | None:
        """The real edit that this check is the first to see."""
        return self.article.edits.get(self.round_number)

    @property
    def is_logged(self) -> bool:
        """Whether an edit of something other than a timestamp was logged."""
        return bool(content_edits(self.result.edits))


def print_publishers_report(name: str, checks: list[ArticleCheck], *, verbose: bool) -> None:
    """The tables of one tracker, and with `verbose` every failure on a line of its own."""
    print(f"\n{name}\n")
    print_table("rounds", checks, lambda check: _rounds(check))
    print_table("site lines of this page", checks, lambda check: _site_lines(check))
    print_table("addresses of the story", checks, lambda check: [_addresses(check)])
    print_table("articles of the publisher", checks, lambda check: [_size(check)])
    print_table("language", checks, lambda check: [check.publisher.language])
    print_table("edit", checks, lambda check: [check.made_edit.kind] if check.made_edit else [])
    failures = [check for check in checks if check.result.failure]
    print(f"failed checks: {len(failures)} of {len(checks)}")
    if verbose:
        _print_failures(checks)


def passes_gate(checks: Iterable[ArticleCheck]) -> bool:
    """Whether false alarms from round 2 on, and the edits found in all rounds, are in their limits."""
    checks = list(checks)
    alarms = shares(check for check in checks if check.round_number > 2)[0]
    return alarms <= MAX_FALSE_ALARM_SHARE and shares(checks)[1] >= MIN_FOUND_SHARE


def lines_in_text(text: str, check_lines: Iterable[str]) -> list[str]:
    """The site-wide lines that a text holds, whatever their figures are.

    >>> lines_in_text("A story.\\n\\nJoin 120 readers.", ["Join 99 readers.", "Pay."])
    ['Join 99 readers.']
    """
    folded_text = _without_figures(text)
    return [line for line in check_lines if _without_figures(line) in folded_text]


def _without_figures(text: str) -> str:
    return re.sub(r"\d+", "0", " ".join(text.split()))


def _rounds(check: ArticleCheck) -> list[str]:
    if check.number == 1:
        return []
    return ["round 1 to 2" if check.round_number == 2 else "from round 2 on"]


def _site_lines(check: ArticleCheck) -> list[str]:
    if check.number == 1:
        return []
    return [check.publisher.changes(check.article, check.round_number)]


def _addresses(check: ArticleCheck) -> str:
    """Whether the publisher has the same story at a second address."""
    stories = [article.stories for article in check.publisher.articles]
    return "one" if stories.count(check.article.stories) == 1 else "two"


def _size(check: ArticleCheck) -> str:
    count = len(check.publisher.articles)
    return "2 to 3" if count < 4 else "4 to 7" if count < 8 else "12 or more"


def _print_failures(checks: list[ArticleCheck]) -> None:
    for check in checks:
        fault = fault_of(check)
        if fault is None:
            continue
        site = f"{check.publisher.number} ({check.publisher.language})"
        print(
            f"{fault}: publisher {site} {check.article.path} round {check.round_number}, {', '.join(_site_lines(check))}"
        )
        if check.made_edit is not None:
            made_edit = check.made_edit
            print(
                f"    made ({made_edit.kind}): {shortened(made_edit.before)} -> {shortened(made_edit.after)}"
            )
        if check.result.failure:
            print(f"    failed: {check.result.failure}")
        for edit in check.result.edits[:6]:
            print(f"    {edit.field}: {shortened(edit.old)} -> {shortened(edit.new)}")
