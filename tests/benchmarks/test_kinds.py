"""The scorer of `kinds`: what it calls right, torn, split, wide, narrow, missed and false."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.kinds import labels as label_files
from benchmarks.kinds.judge import JudgedPair, judge
from benchmarks.kinds.labels import Interval, Label, LabelledPair, labelled_pairs, read_label
from benchmarks.kinds.places import compact
from benchmarks.kinds.report import wilson
from benchmarks.kinds.score import add_options, judge_pair, main
from storage.diff.edit import Edit, change_op
from storage.vocabulary import KINDS

OLD = "The mayor said 12 people were hurt near the old mill on Monday."
NEW = "The mayor said 21 people were killed near the new mill on Monday."
FIELDS = frozenset({"source", "id", "from", "to", "until", "field", "edits", "or_edits"})


def place(text: str, words: str | None) -> Interval:
    return (text.index(words), text.index(words) + len(words)) if words else None


def label(kind: str, old: str | None, new: str | None, *arguable: str) -> Label:
    return Label(kind, ((place(OLD, old), place(NEW, new)),), frozenset(arguable))


def pair(*readings: tuple[Label, ...]) -> LabelledPair:
    return LabelledPair("written", "mill", "en", "body", OLD, NEW, readings)


def logged(kind: str, old: str | None, new: str | None) -> Edit:
    return Edit("body", change_op(old, new), kind, old, new)


def judged(labels: tuple[Label, ...], *edits: Edit) -> JudgedPair:
    return judge(pair(labels), edits)


HURT = label("wording", "hurt near the old", "killed near the new")


@pytest.mark.parametrize(
    ("edits", "verdicts"),
    [
        ([("hurt near the old", "killed near the new")], ["right"]),
        ([("hurt", "killed"), ("old", "new")], ["torn", "torn"]),
        ([("hurt near the old", None), (None, "killed near the new")], ["split", "split"]),
        ([("were hurt near the old mill", "were killed near the new mill")], ["wide"]),
        ([("hurt", "killed")], ["narrow"]),
        ([("were hurt", "were killed")], ["torn"]),
        ([("12", "21")], ["false"]),
    ],
)
def test_a_span_is_judged_by_how_it_lies_to_the_labelled_one(
    edits: list[tuple[str | None, str | None]], verdicts: list[str]
) -> None:
    outcome = judged((HURT,), *(logged("wording", old, new) for old, new in edits))
    assert [edit.span for edit in outcome.edits] == verdicts


def test_an_edit_over_two_labelled_ones_is_wide() -> None:
    labels = (label("wording", "hurt", "killed"), label("wording", "old", "new"))
    outcome = judged(labels, logged("wording", "hurt near the old", "killed near the new"))
    assert [edit.span for edit in outcome.edits] == ["wide"]
    assert outcome.missed == ()


def test_a_label_without_a_logged_edit_is_missed() -> None:
    number = label("number", "12 people", "21 people")
    outcome = judged((number, HURT), logged("number", "12 people", "21 people"))
    assert (outcome.labels_right, outcome.missed) == (1, (HURT,))


@pytest.mark.parametrize(
    ("kind", "verdict"), [("number", "right"), ("date", "arguable"), ("quote", "wrong")]
)
def test_a_kind_is_right_arguable_or_wrong(kind: str, verdict: str) -> None:
    outcome = judged((label("number", "12", "21", "date"),), logged(kind, "12", "21"))
    assert [edit.kind for edit in outcome.edits] == [verdict]


def test_white_space_around_a_span_does_not_count() -> None:
    outcome = judged((HURT,), logged("wording", " hurt near the old", "killed near the new "))
    assert outcome.edits[0].span == "right"


def test_the_second_of_two_right_spans_counts() -> None:
    spans = (
        (place(OLD, "12"), place(NEW, "21")),
        (place(OLD, "12 people"), place(NEW, "21 people")),
    )
    outcome = judged((Label("number", spans),), logged("number", "12 people", "21 people"))
    assert (outcome.edits[0].span, outcome.labels_right) == ("right", 1)


def test_the_reading_that_suits_the_logged_edits_counts() -> None:
    apart = (label("wording", "hurt", "killed"), label("wording", "old", "new"))
    outcome = judge(
        pair((HURT,), apart), [logged("wording", "hurt", "killed"), logged("wording", "old", "new")]
    )
    assert [edit.span for edit in outcome.edits] == ["right", "right"]


def test_equal_edits_belong_to_labels_in_reading_order() -> None:
    old, new = "A shop, a shop, a shop.", "A bar, a bar, a bar."
    spans = [((2 + 8 * i, 6 + 8 * i), (2 + 7 * i, 5 + 7 * i)) for i in range(3)]
    labels = tuple(Label("wording", (span,)) for span in spans)
    text = LabelledPair("written", "shops", "en", "body", old, new, (labels,))
    outcome = judge(text, [logged("wording", "shop", "bar")] * 3)
    assert [edit.span for edit in outcome.edits] == ["right"] * 3


def test_a_deleted_word_belongs_where_its_neighbours_are() -> None:
    old, new = (
        "The end of the talks. The mayor left the hall.",
        "The end of the talks. The mayor left hall.",
    )
    third = (old.index("the hall"), old.index("the hall") + 3)
    text = LabelledPair(
        "written", "talks", "en", "body", old, new, ((Label("wording", ((third, None),)),),)
    )
    found = [edit.span for edit in judge_pair(text).edits]
    assert found == ["right"]


def test_words_that_are_not_in_the_texts_are_an_error() -> None:
    with pytest.raises(LookupError, match="not in the texts"):
        judged((HURT,), logged("wording", "a lake", "a sea"))


@given(st.sets(st.integers(0, 11), min_size=1), st.sampled_from(KINDS))
def test_edits_as_labelled_are_all_right(changed: set[int], kind: str) -> None:
    """A law: of any labels, an answer that is exactly the labels has no fault."""
    words = [f"word{number:02}" for number in range(12)]
    old, new = " ".join(words), " ".join(f"new{number:02}" if number in changed else word for number, word in enumerate(words))  # fmt: skip
    edits = [logged(kind, f"word{number:02}", f"new{number:02}") for number in sorted(changed)]
    labels = tuple(
        Label(kind, (((old.index(e.old), old.index(e.old) + 6), (new.index(e.new), new.index(e.new) + 5)),))
        for e in edits
        if e.old and e.new
    )  # fmt: skip
    outcome = judge(LabelledPair("written", "law", "en", "body", old, new, (labels,)), edits)
    assert {(edit.span, edit.kind) for edit in outcome.edits} == {("right", "right")}
    assert (outcome.labels_right, outcome.missed) == (len(changed), ())


def test_compact_text_has_no_white_space_and_no_invisible_characters() -> None:
    assert compact("co\u00adop\u200b 12 km").text == "coop12km"


def test_the_interval_of_a_share_narrows_with_the_trials() -> None:
    low, high = wilson(730, 1000)
    assert wilson(73, 100)[0] < low < 0.73 < high < wilson(73, 100)[1]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of labels with one pair in it, whose headline has another number."""
    texts = {"id": "w1", "lang": "en", "field": "headline", "old": "12 hurt &amp; one missing", "new": "21 hurt &amp; one missing"}  # fmt: skip
    edit = {"op": "replace", "kind": "number", "old": [0, 2], "new": [0, 2]}
    line = {"source": "written", "id": "w1", "field": "headline", "edits": [edit]}
    (tmp_path / "written.jsonl").write_text(json.dumps(texts))
    (tmp_path / "labels_en.jsonl").write_text(json.dumps(line))
    monkeypatch.setattr(label_files, "FOLDER", tmp_path)
    return tmp_path


def test_written_pairs_are_compared_without_corpora(written: Path) -> None:
    outcomes = [judge_pair(each) for each in labelled_pairs(None, ("feed", "written"))]
    assert [(edit.span, edit.kind) for edit in outcomes[0].edits] == [("right", "right")]


def test_the_benchmark_prints_its_tables(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = ArgumentParser()
    add_options(parser)
    assert main(parser.parse_args(["--source", "written", "--verbose"])) == 0
    printed = capsys.readouterr().out
    assert "100.0% (21% to 100%)" in printed


def label_lines() -> list[dict[str, object]]:
    paths = sorted(label_files.FOLDER.glob("labels_*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def test_label_files_hold_no_text() -> None:
    lines = label_lines()
    assert lines
    assert [line for line in lines if not set(line) <= FIELDS] == []
    assert all(line["edits"] for line in lines)


def test_every_label_has_a_kind_and_a_place() -> None:
    edits = [edit for line in label_lines() for reading in (line["edits"], *line.get("or_edits", ())) for edit in reading]  # type: ignore[attr-defined,misc]  # fmt: skip
    for each in map(read_label, edits):
        assert {each.kind, *each.arguable} <= set(KINDS)
        assert all(old or new for old, new in each.spans)
        assert all(begin < end for spans in each.spans for begin, end in filter(None, spans))


def unlabelled(text: str, places: Iterable[Interval]) -> str:
    """What a text has outside these places, without white space."""
    labelled = {at for place in filter(None, places) for at in range(*place)}
    return "".join(
        each for at, each in enumerate(text) if at not in labelled and not each.isspace()
    )


def is_complete(pair: LabelledPair, reading: tuple[Label, ...]) -> bool:
    """Whether the texts are equal where the reading has no labels."""
    old, new = zip(*(label.spans[0] for label in reading), strict=True)
    return unlabelled(pair.old, old) == unlabelled(pair.new, new)


def test_written_texts_are_equal_outside_their_labels() -> None:
    pairs = list(labelled_pairs(None, ("written",)))
    incomplete = [
        pair.pair_id
        for pair in pairs
        if not all(is_complete(pair, reading) for reading in pair.readings)
    ]
    assert {"en", "de", "fr", "es", "ja", "zh", "ar", "hi"} <= {pair.lang for pair in pairs}
    assert incomplete == []
