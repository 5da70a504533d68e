"""The simulated world of `cadence`, and a short form of its measurement."""

import gzip
from pathlib import Path

import pytest

from benchmarks.cadence.compare import replay, result_at_budget
from benchmarks.cadence.rules import newsdiffs_ladder, our_rule, share_of_age
from benchmarks.cadence.world import EditHistory, EditWorld, read_histories, simulate_histories

CSV_HEADER = (
    "article_id,published_at,edit_at,seen_at,prev_state_last_seen_at,kind,lang,source,what\n"
)
CSV_ROWS = """\
nu:1,2026-05-14T12:00:00+02:00,2026-05-14T10:00:01Z,2026-05-14T10:05:00Z,,publisher_modified,nl,x,y
nu:1,2026-05-14T12:00:00+02:00,2026-05-14T11:00:00Z,2026-05-14T11:05:00Z,,publisher_modified,nl,x,y
bbc:7,,,2026-05-14T10:00:00Z,,observed_first,en,x,y
bbc:7,,,2026-05-14T12:00:00Z,2026-05-14T11:00:00Z,observed_change,en,x,y
page:2,May 14,2026-05-14T12:00:00Z,,,page_declared_last_modified,en,x,y
"""


def test_real_edit_times_are_read_as_ages(tmp_path: Path) -> None:
    path = tmp_path / "times.csv.gz"
    path.write_bytes(gzip.compress((CSV_HEADER + CSV_ROWS).encode()))
    assert read_histories(path) == [EditHistory("bbc", (1.5,)), EditHistory("nu", (1.0,))]


@pytest.mark.parametrize("content", [b"", b"no gzip", gzip.compress(b"a,b\n1,2\n", mtime=0)])
def test_a_file_without_edit_times_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "times.csv.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"times.csv.gz: (cannot be read|holds no)"):
        read_histories(path)


def test_the_simulated_edits_match_published_figures() -> None:
    histories = simulate_histories(EditWorld(), 6000, 1)
    counts = [sum(edit <= 24 for edit in history.edits) for history in histories]
    updated_counts = [count for count in counts if count]
    last_edits = [history.edits[-1] for history in histories if history.edits]
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / len(counts)
    assert len(updated_counts) / len(histories) == pytest.approx(0.35, abs=0.02)
    assert sum(updated_counts) / len(updated_counts) == pytest.approx(1.94, abs=0.1)
    assert sum(last <= 24 for last in last_edits) / len(last_edits) == pytest.approx(0.88, abs=0.02)
    assert mean**2 / (variance - mean) == pytest.approx(0.43, abs=0.1)


def test_at_equal_checks_our_rule_catches_more_and_sooner() -> None:
    histories = simulate_histories(EditWorld(), 500, 7)
    our_result = result_at_budget(our_rule, histories, 24, (0.005, 0.2))
    other_results = [
        result_at_budget(newsdiffs_ladder, histories, 24, (1.0, 10.0)),
        result_at_budget(share_of_age, histories, 24, (0.1, 2.0)),
    ]
    assert our_result.caught > max(other.caught for other in other_results)
    assert our_result.delay(0.5) < min(other.delay(0.5) for other in other_results)


def test_an_edit_between_two_checks_hides_the_previous_one() -> None:
    result = replay(
        lambda article, was_edited: article.age + 24, [EditHistory("a", (1.0, 2.0, 30.0))]
    )
    assert result.caught == pytest.approx(2 / 3)
    assert result.delays == (22.0, 18.0)
