"""The picture of the cadence in the docs."""

from benchmarks.cadence.picture import CHART_PATH, chart
from schedules.cadence import CheckRate


def test_the_picture_in_the_docs_matches_the_current_cadence() -> None:
    """If not: `python -m benchmarks cadence-picture`."""
    assert CHART_PATH.read_text(encoding="utf-8") == chart(CheckRate())
