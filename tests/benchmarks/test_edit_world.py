"""The world that the cadence is measured in, and a short form of the measurement."""

import gzip
from pathlib import Path

import pytest

from benchmarks.cadence.compare import ladder, ours, replay, scaled, share_of_age
from benchmarks.cadence.world import Life, World, made_lives, read_lives

HEAD = "article_id,published_at,edit_at,seen_at,prev_state_last_seen_at,kind,lang,source,what\n"
ROWS = """\
nu:1,2026-05-14T12:00:00+02:00,2026-05-14T10:00:01Z,2026-05-14T10:05:00Z,,publisher_modified,nl,x,y
nu:1,2026-05-14T12:00:00+02:00,2026-05-14T11:00:00Z,2026-05-14T11:05:00Z,,publisher_modified,nl,x,y
bbc:7,,,2026-05-14T10:00:00Z,,observed_first,en,x,y
bbc:7,,,2026-05-14T12:00:00Z,2026-05-14T11:00:00Z,observed_change,en,x,y
page:2,May 14,2026-05-14T12:00:00Z,,,page_declared_last_modified,en,x,y
"""


def test_real_times_are_read_as_ages(tmp_path: Path) -> None:
    path = tmp_path / "times.csv.gz"
    path.write_bytes(gzip.compress((HEAD + ROWS).encode()))
    assert read_lives(path) == [Life("bbc", (1.5,)), Life("nu", (1.0,))]


@pytest.mark.parametrize("content", [b"", b"no gzip", gzip.compress(b"a,b\n1,2\n", mtime=0)])
def test_a_file_of_other_things_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "times.csv.gz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"times.csv.gz: (cannot be read|holds no)"):
        read_lives(path)


def test_the_made_world_is_edited_as_it_is_published() -> None:
    lives = made_lives(World(), 6000, 1)
    counts = [sum(edit <= 24 for edit in life.edits) for life in lives]
    updated = [count for count in counts if count]
    lasts = [life.edits[-1] for life in lives if life.edits]
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / len(counts)
    assert len(updated) / len(lives) == pytest.approx(0.35, abs=0.02)
    assert sum(updated) / len(updated) == pytest.approx(1.94, abs=0.1)
    assert sum(last <= 24 for last in lasts) / len(lasts) == pytest.approx(0.88, abs=0.02)
    assert mean**2 / (variance - mean) == pytest.approx(0.43, abs=0.1)


def test_at_equal_looks_ours_catches_more_and_sooner() -> None:
    lives = made_lives(World(), 500, 7)
    our = scaled(ours, lives, 24, (0.005, 0.2))
    others = [
        scaled(ladder, lives, 24, (1.0, 10.0)),
        scaled(share_of_age, lives, 24, (0.1, 2.0)),
    ]
    assert our.caught > max(other.caught for other in others)
    assert our.delay(0.5) < min(other.delay(0.5) for other in others)


def test_an_edit_between_two_looks_hides_the_one_before() -> None:
    result = replay(lambda watched, was_edited: watched.age + 24, [Life("a", (1.0, 2.0, 30.0))])
    assert result.caught == pytest.approx(2 / 3)
    assert result.delays == (22.0, 18.0)
