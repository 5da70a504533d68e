"""The tables that `noise` prints."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from benchmarks.edits.trackers import TrackerResult
from benchmarks.edits.verdict import (
    content_edits,
    has_exact_words,
    is_in_right_field,
    is_only_exact_words,
)
from benchmarks.pages.edits import MadeEdit
from benchmarks.pages.world import Site


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """One check of one site: the edit made before it, and what the tracker logged."""

    site: Site
    number: int
    result: TrackerResult

    @property
    def made_edit(self) -> MadeEdit | None:
        """The real edit that this check is the first to see."""
        return self.site.edits.get(self.number)

    @property
    def is_logged(self) -> bool:
        """Whether an edit of something other than a timestamp was logged."""
        return bool(content_edits(self.result.edits))


class ScoredCheck(Protocol):
    """What `shares` needs of a check, whatever world it was made in."""

    @property
    def number(self) -> int:
        """The number of the check, from 1."""

    @property
    def result(self) -> TrackerResult:
        """What the tracker logged."""

    @property
    def made_edit(self) -> MadeEdit | None:
        """The real edit that this check is the first to see."""

    @property
    def is_logged(self) -> bool:
        """Whether an edit of something other than a timestamp was logged."""


C = TypeVar("C", bound=ScoredCheck)


def shares(checks: Iterable[ScoredCheck]) -> tuple[float, float, float, float, float]:
    """Five shares of the checks after the first.

    The first is the share of false alarms among the checks without an edit. The others are of the
    checks with one: edits found, in the right field, with exactly the words that changed, and with
    these words alone.
    """
    later = [check for check in checks if check.number > 1]
    unedited = [check for check in later if check.made_edit is None]
    edited = [(check, check.made_edit) for check in later if check.made_edit is not None]
    return (
        _share(check.is_logged for check in unedited),
        _share(check.is_logged for check, _ in edited),
        _share(is_in_right_field(made_edit, check.result.edits) for check, made_edit in edited),
        _share(has_exact_words(made_edit, check.result.edits) for check, made_edit in edited),
        _share(is_only_exact_words(made_edit, check.result.edits) for check, made_edit in edited),
    )


def _share(claims: Iterable[bool]) -> float:
    values = list(claims)
    return sum(values) / len(values) if values else 0.0


def print_report(checks: list[SiteCheck], *, verbose: bool) -> None:
    """All tables, and with `verbose` every failure on a line of its own."""
    print_table("all", checks, lambda check: ["all checks"])
    print_table("noise form between paragraphs", checks, lambda check: list(check.site.forms))
    print_table("class names", checks, lambda check: [check.site.naming])
    print_table("freshness", checks, lambda check: [_freshness(check.site)])
    print_table("corpus", checks, lambda check: [check.site.page.corpus])
    print_table("edit", checks, lambda check: [check.made_edit.kind] if check.made_edit else [])
    failures = [check for check in checks if check.result.failure]
    print(f"failed checks: {len(failures)} of {len(checks)}")
    missed, logged_late = _missed_edits(checks)
    print(
        f"missed edits: {missed}, of these logged at the next check (an alarm there): {logged_late}"
    )
    if verbose:
        _print_failures(checks)


def _missed_edits(checks: list[SiteCheck]) -> tuple[int, int]:
    """How many edits were missed, and how many of these the next check logged."""
    by_position = {(check.site.number, check.number): check for check in checks}
    missed = [
        check for check in checks if check.number > 1 and check.made_edit and not check.is_logged
    ]
    logged_late = 0
    for check in missed:
        following = by_position.get((check.site.number, check.number + 1))
        if following and check.made_edit:
            logged_late += is_in_right_field(check.made_edit, following.result.edits)
    return len(missed), logged_late


def _freshness(site: Site) -> str:
    return "fresh in every response" if site.is_fresh else "changes between checks"


def print_table(title: str, checks: list[C], groups: Callable[[C], list[str]]) -> None:
    """A line of shares for each group; a check may be in several groups or in none."""
    names = sorted({name for check in checks for name in groups(check)})
    print(f"{title:<32} quiet  false alarms   edits   found  right field  exact words  alone")
    for name in names:
        group_checks = [check for check in checks if name in groups(check) and check.number > 1]
        alarms, found_share, right, exact, alone_share = shares(group_checks)
        edits = sum(check.made_edit is not None for check in group_checks)
        print(
            f"  {name:<28} {len(group_checks) - edits:>7} {alarms:>13.1%} {edits:>7} {found_share:>7.1%}"
            f" {right:>12.1%} {exact:>12.1%} {alone_share:>6.1%}"
        )
    print()


def _print_failures(checks: list[SiteCheck]) -> None:
    for check in checks:
        fault = fault_of(check)
        if fault is None:
            continue
        site = check.site
        forms = ", ".join(site.forms)
        print(f"{fault}: {site.page.id} check {check.number} [{site.naming}; {forms}]")
        if check.made_edit is not None:
            print(f"    made ({check.made_edit.kind}): {_changed_text(check.made_edit)}")
        if check.result.failure:
            print(f"    failed: {check.result.failure}")
        for edit in check.result.edits[:6]:
            print(f"    {edit.field}: {shortened(edit.old)} -> {shortened(edit.new)}")


def fault_of(check: ScoredCheck) -> str | None:
    """What the tracker did wrong at this check, None if nothing."""
    if check.result.failure:
        return "FAILED"
    if check.number == 1:
        return None
    made_edit, edits = check.made_edit, check.result.edits
    if made_edit is None:
        return "FALSE ALARM" if check.is_logged else None
    if not check.is_logged:
        return "MISSED"
    if not is_in_right_field(made_edit, edits):
        return "FIELD"
    if not has_exact_words(made_edit, edits):
        return "WORDS"
    return None if is_only_exact_words(made_edit, edits) else "NOT ALONE"


def _changed_text(made_edit: MadeEdit) -> str:
    """The paragraph before and after, from shortly before their first difference on."""
    start = 0
    while made_edit.before[start : start + 1] == made_edit.after[start : start + 1] != "":
        start += 1
    before, after = made_edit.before[max(0, start - 15) :], made_edit.after[max(0, start - 15) :]
    return f"{shortened(before)} -> {shortened(after)}"


def shortened(text: str | None) -> str:
    """A text for a line of the report."""
    if text is None:
        return "nothing"
    return repr(text if len(text) <= 90 else text[:87] + "…")
