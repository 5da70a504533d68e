"""The tables of benchmarks/edits/noise.py."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks.edits.trackers import Seen
from benchmarks.edits.verdict import alone, content_edits, exact_words, right_field
from benchmarks.pages.edits import MadeEdit
from benchmarks.pages.world import Site


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one site: what was done to the page before it, and what the tracker logged."""

    site: Site
    number: int
    seen: Seen

    @property
    def made(self) -> MadeEdit | None:
        """The real edit that this look is the first to see."""
        return self.site.edits.get(self.number)

    @property
    def logged(self) -> bool:
        """Whether an edit other than a moved stamp was logged."""
        return bool(content_edits(self.seen.edits))


def shares(looks: Iterable[Look]) -> tuple[float, float, float, float, float]:
    """False alarms of the looks without an edit; of those with one the shares that were found,
    in the right field, with exactly the words that changed, and with these alone."""
    later = [look for look in looks if look.number > 1]
    quiet = [look for look in later if look.made is None]
    edited = [(look, look.made) for look in later if look.made is not None]
    return (
        _share(look.logged for look in quiet),
        _share(look.logged for look, _ in edited),
        _share(right_field(made, look.seen.edits) for look, made in edited),
        _share(exact_words(made, look.seen.edits) for look, made in edited),
        _share(alone(made, look.seen.edits) for look, made in edited),
    )


def _share(claims: Iterable[bool]) -> float:
    truths = list(claims)
    return sum(truths) / len(truths) if truths else 0.0


def print_report(looks: list[Look], *, verbose: bool) -> None:
    """All tables, and with `verbose` every failure on a line of its own."""
    _print_table("all", looks, lambda look: ["all looks"])
    _print_table("noise form between paragraphs", looks, lambda look: list(look.site.forms))
    _print_table("class names", looks, lambda look: [look.site.naming])
    _print_table("freshness", looks, lambda look: [_freshness(look.site)])
    _print_table("corpus", looks, lambda look: [look.site.page.corpus])
    _print_table("edit", looks, lambda look: [look.made.kind] if look.made else [])
    failed = [look for look in looks if look.seen.failed]
    print(f"failed looks: {len(failed)} of {len(looks)}")
    missed, late = _late(looks)
    print(f"missed edits: {missed}, of these logged at the next look (an alarm there): {late}")
    if verbose:
        _print_failures(looks)


def _late(looks: list[Look]) -> tuple[int, int]:
    """How many edits were missed, and how many of these the next look logged."""
    by_place = {(look.site.number, look.number): look for look in looks}
    missed = [look for look in looks if look.number > 1 and look.made and not look.logged]
    late = 0
    for look in missed:
        following = by_place.get((look.site.number, look.number + 1))
        if following and look.made:
            late += right_field(look.made, following.seen.edits)
    return len(missed), late


def _freshness(site: Site) -> str:
    return "fresh in every response" if site.fresh else "changes between looks"


def _print_table(title: str, looks: list[Look], groups: Callable[[Look], list[str]]) -> None:
    names = sorted({name for look in looks for name in groups(look)})
    print(f"{title:<32} quiet  false alarms   edits   found  right field  exact words  alone")
    for name in names:
        mine = [look for look in looks if name in groups(look) and look.number > 1]
        alarms, found, right, exact, clean = shares(mine)
        edits = sum(look.made is not None for look in mine)
        print(
            f"  {name:<28} {len(mine) - edits:>7} {alarms:>13.1%} {edits:>7} {found:>7.1%}"
            f" {right:>12.1%} {exact:>12.1%} {clean:>6.1%}"
        )
    print()


def _print_failures(looks: list[Look]) -> None:
    for look in looks:
        fault = _fault(look)
        if fault is None:
            continue
        site = look.site
        forms = ", ".join(site.forms)
        print(f"{fault}: {site.page.id} look {look.number} [{site.naming}; {forms}]")
        if look.made is not None:
            print(f"    made ({look.made.kind}): {_changed(look.made)}")
        if look.seen.failed:
            print(f"    failed: {look.seen.failed}")
        for edit in look.seen.edits[:6]:
            print(f"    {edit.field}: {_short(edit.old)} -> {_short(edit.new)}")


def _fault(look: Look) -> str | None:
    if look.seen.failed:
        return "FAILED"
    if look.number == 1:
        return None
    made, edits = look.made, look.seen.edits
    if made is None:
        return "FALSE ALARM" if look.logged else None
    if not look.logged:
        return "MISSED"
    if not right_field(made, edits):
        return "FIELD"
    if not exact_words(made, edits):
        return "WORDS"
    return None if alone(made, edits) else "NOT ALONE"


def _changed(made: MadeEdit) -> str:
    """The middle of the paragraph where before and after differ."""
    start = 0
    while made.before[start : start + 1] == made.after[start : start + 1] != "":
        start += 1
    before, after = made.before[max(0, start - 15) :], made.after[max(0, start - 15) :]
    return f"{_short(before)} -> {_short(after)}"


def _short(text: str | None) -> str:
    if text is None:
        return "nothing"
    return repr(text if len(text) <= 90 else text[:87] + "…")
