"""The rehearsal of a check is one: it reads, compares and decides."""

import pytest

from schedules import rehearsal
from schedules.check.decide import decide


def test_the_rehearsal_sees_an_article_and_then_an_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = []

    def noted_decide(*args: object, **options: object) -> object:
        result = decide(*args, **options)  # type: ignore[arg-type]
        outcomes.append((result.outcome, len(result.edits)))
        return result

    monkeypatch.setattr(rehearsal, "decide", noted_decide)
    rehearsal.rehearse()
    assert outcomes == [("new", 0), ("edited", 6)]
