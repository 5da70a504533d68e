"""Two articles become edits."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scraper.article import Article
from storage.diff import compare
from storage.diff.text.sentences import sentences
from storage.diff.text.visible import visible
from storage.vocabulary import KINDS

COUNCIL = "The council met on Monday to discuss the new bridge over the river."
VOTE = "Twelve members voted for the plan and three voted against it."
SPRING = "The mayor said that work would begin in the spring of next year."
HARBOUR = "Nobody was hurt when the storm tore away a pier in the harbour."

# kind, old sentence, new sentence, old span, new span
CHANGED_WORDS = [
    ("number", "Police said 12 people died.", "Police said 21 people died.", "12", "21"),
    ("punctuation", "It ended with 👨\u200d👦 and a flag.", "It ended with 👨\u200d👧 and a flag.", "👨\u200d👦", "👨\u200d👧"),
    ("wording", "मंगलवार को बैठक हुई।", "बुधवार को बैठक हुई।", "मंगलवार", "बुधवार"),
    ("number", "매출은 1조9150억원이었다.", "매출은 2조800억원이었다.", "1조9150억원", "2조800억원"),
    ("number", "Prices rose 3.5% in May.", "Prices rose 5.3% in May.", "3.5%", "5.3%"),
    ("date", "It opens on Tuesday morning.", "It opens on Wednesday morning.", "Tuesday", "Wednesday"),
    ("date", "행사는 3월 4일 열린다.", "행사는 3월 5일 열린다.", "4일", "5일"),
    ("name", "A deal with Harlow was signed.", "A deal with Brenner was signed.", "Harlow", "Brenner"),
    ("name", "이날 김가람 대표가 말했다.", "이날 박나래 대표가 말했다.", "김가람", "박나래"),
    ("negation", "He can attend the hearing.", "He cannot attend the hearing.", "can", "cannot"),
    ("negation", "배제할 수 있다고 말했다.", "배제할 수 없다고 말했다.", "있다고", "없다고"),
    ("quote", "The minister was horrified by it.", "The minister was 'horrified' by it.", "horrified", "'horrified'"),
    ("quote", "She said “we will win” twice.", "She said “we may win” twice.", "will", "may"),
    ("attribution", "The firm claimed it was ready.", "The firm confirmed it was ready.", "claimed", "confirmed"),
    ("attribution", "그는 준비가 됐다고 주장했다.", "그는 준비가 됐다고 설명했다.", "주장했다", "설명했다"),
    ("wording", "중국이 미국을 추격했다.", "중국은 미국을 추격했다.", "중국이", "중국은"),
    ("wording", "The large house was sold.", "The old house was sold.", "large", "old"),
    ("spelling", "They will recieve the prize.", "They will receive the prize.", "recieve", "receive"),
    ("spelling", "그는 물걸래를 샀다.", "그는 물걸레를 샀다.", "물걸래를", "물걸레를"),
    ("date", "會議定於下週三舉行。", "會議定於本週五舉行。", "下週三", "本週五"),
    ("number", "The mayor met two rivals.", "The mayor met three rivals.", "two", "three"),
    ("number", "설탕 27g을 넣는다.", "설탕 72g을 넣는다.", "27g", "72g"),
    ("punctuation", "He came, and saw it.", "He came; and saw it.", ",", ";"),
    ("typography", "It was a “good day” for all.", 'It was a "good day" for all.', None, None),
    ("spelling", "관계부처 회의가 열렸다.", "관계 부처 회의가 열렸다.", "관계부처", "관계 부처"),
    ("wording", "It was a well-known story.", "It was a little-known story.", "well", "little"),
    ("wording", "Le chef de l'ancien parti.", "Le chef de l'actuel parti.", "ancien", "actuel"),
    ("number", "The fund holds $1.2 billion.", "The fund holds $1.2 million.", "$1.2 billion", "$1.2 million"),
    ("number", "매출이 3천만 원이다.", "매출이 4천만 원이다.", "3천만 원", "4천만 원"),
    ("number", "It rose by -0.5% in May.", "It rose by 0.5% in May.", None, None),
    ("number", "두 명이 다쳤다.", "세 명이 다쳤다.", "두", "세"),
    ("date", "He died on May 3 at home.", "He died on May 4 at home.", "3", "4"),
    ("date", "The blast came at 5pm today.", "The blast came at 6pm today.", "5pm", "6pm"),
    ("name", "They saw Mars at night.", "They saw Venus at night.", "Mars", "Venus"),
    ("name", "홍길동씨가 숨졌다.", "홍길순씨가 숨졌다.", "홍길동씨가", "홍길순씨가"),
    ("wording", "이번 대통령 회견이다.", "다음 대통령 회견이다.", "이번", "다음"),
    ("negation", "이 합의는 불가능하다.", "이 합의는 가능하다.", "불가능하다", "가능하다"),
    ("negation", "The way was possible.", "The way was impossible.", "possible", "impossible"),
    ("quote", "그는 ‘위기’를 말했다.", "그는 위기를 말했다.", "‘위기’를", "위기를"),
    ("quote", "Er sprach von „gewinnen“ hier.", "Er sprach von „verlieren“ hier.", "gewinnen", "verlieren"),
    ("wording", "여당이 표결에 나섰다.", "야당이 표결에 나섰다.", "여당이", "야당이"),
    ("typography", "그는 '위기'를 말했다.", '그는 "위기"를 말했다.', None, None),
    ("correction_note", "Correction: the toll was 3.", "Correction: the toll was 4.", None, None),
    ("wording", "회의는 서울에서 열린다.", "회의는 서울에서도 열린다.", None, None),
    ("wording", "日本は首相が訪問した。", "日本は外相が訪問した。", "首相", "外相"),
]  # fmt: skip


def article(*paragraphs: str, **fields: object) -> Article:
    return Article(
        "https://example.org/a",
        str(fields.pop("headline", "Fire")),
        paragraphs=paragraphs,
        **fields,
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "old", "new", "removed", "added"),
    CHANGED_WORDS,
    ids=[f"{w[0]}: {w[2]}" for w in CHANGED_WORDS],
)
def test_a_changed_word_is_one_edit_of_the_right_kind(
    kind: str, old: str, new: str, removed: str | None, added: str | None
) -> None:
    edits = compare(article(COUNCIL, old), article(COUNCIL, new))
    assert {edit.kind for edit in edits} == {kind}
    if removed is not None:
        assert [(edit.op, edit.old, edit.new) for edit in edits] == [("replace", removed, added)]


def test_a_quotation_of_several_sentences_is_one() -> None:
    old, new = (
        ("그는 “비가 온다. 다리가 위험하다. 피하라”고 했다.",),
        ("그는 “비가 온다. 다리가 안전하다. 피하라”고 했다.",),
    )
    assert [edit.kind for edit in compare(article(*old), article(*new))] == ["quote"]


def test_a_sentence_after_a_quotation_is_not_in_it() -> None:
    old, new = (
        ("그는 “비가 온다. 피하라”고 했다. 다리는 위험하다.",),
        ("그는 “비가 온다. 피하라”고 했다. 다리는 안전하다.",),
    )
    assert [edit.kind for edit in compare(article(*old), article(*new))] == ["negation"]


def test_of_sentences_that_passed_each_other_the_shorter_moved() -> None:
    short = "Nobody came."
    edits = compare(article(COUNCIL, short), article(short, COUNCIL.replace("Monday", "Tuesday")))
    assert [(edit.op, edit.old) for edit in edits] == [("move", short), ("replace", "Monday")]


def test_a_sentence_rewritten_in_its_place_is_one_edit() -> None:
    old = "The mayor, Helen Ashby, told reporters that the harbour had asked the ministry for help."
    new = "Mayor Helen Ashby wants two boats from the ministry before winter."
    edits = compare(article(COUNCIL, old, VOTE), article(COUNCIL, new, VOTE))
    assert [(edit.op, edit.kind) for edit in edits] == [("replace", "wording")]


CORRECTION_NOTES = [
    "[정정보도문] 본지는 버스 운영비를 잘못 보도한 것으로 확인됐습니다.",
    "추후보도문: 시장은 무죄 판결을 받았습니다.",
    "기사 내용 일부가 수정됐습니다.",
    "تصحيح: كان عدد السفن خطأ.",
    "सुधार: नावों की संख्या गलत थी।",
    "Gegendarstellung: Der Hafen war nie gesperrt.",
    "Amended on 3 May to correct the name of the mayor.",
    "A previous headline on this story gave a wrong number.",
    "※이 기사는 사실과 달라 일부 내용이 수정되었습니다.",
    "위 기사의 참석자 수를 바로잡습니다.",
    "Esta noticia ha sido corregida.",
    "[정정보도] 시청 관련 기사",
    "本文已作更正。",
    "We took down a photograph. We have removed the mayor's address from this article.",
    "Cet article a été mis à jour après la réponse de la mairie.",
    "In diesem Beitrag hieß es zunächst, der Hafen sei gesperrt.",
    "Este texto fue actualizado con la respuesta del alcalde.",
    "Questo articolo è stato rettificato dopo la replica del comune.",
    "Este texto foi editado depois da publicação.",
    "見出しと記事の本文を訂正しました。",
]
NOT_CORRECTION_NOTES = [
    "법원은 신문사에 정정보도문을 실으라고 했다.",
    "An earlier version of this bill failed in the Senate.",
    "The course was corrected on Monday by the pilot.",
    "Corrections officers went on strike.",
    "정정숙 의원이 회의에 참석했다.",
    "정정당당한 승부를 펼쳤다.",
    "訂正申告をした企業が増えた。",
    "In diesem Artikel geht es um den Hafen.",
    "Wir haben die Stadt verlassen, sagte sie.",
    "Questo articolo della legge è stato scritto da lei.",
]


@pytest.mark.parametrize("note", CORRECTION_NOTES)
def test_a_correction_note_is_recognised(note: str) -> None:
    assert [edit.kind for edit in compare(article(COUNCIL), article(COUNCIL, note))] == ["correction_note"]  # fmt: skip


@pytest.mark.parametrize("text", NOT_CORRECTION_NOTES)
def test_a_sentence_about_corrections_is_not_a_correction_note(text: str) -> None:
    assert [edit.kind for edit in compare(article(COUNCIL), article(COUNCIL, text))] == ["added"]


def test_neighbouring_korean_words_are_separate_edits() -> None:
    edits = compare(article("정부는 예산을 늘렸다."), article("정부가 예산도 늘렸다."))
    assert [(edit.old, edit.new) for edit in edits] == [("정부는", "정부가"), ("예산을", "예산도")]


def test_a_space_around_a_dash_is_typography() -> None:
    (edit,) = compare(article("He left — and came."), article("He left—and came."))
    assert (edit.kind, edit.old, edit.new) == ("typography", "left — and", "left—and")


def test_a_short_sentence_moves_with_its_paragraph() -> None:
    old, new = (COUNCIL, f"{VOTE} No more.", SPRING), (f"{VOTE} No more.", COUNCIL, SPRING)
    edits = compare(article(*old), article(*new))
    assert [edit.op for edit in edits] == ["move"]


def test_many_changed_sentences_are_separate_edits() -> None:
    texts = [f"Sentence number {n} says how the council voted on plan {n} last May." for n in range(300)]  # fmt: skip
    edits = compare(article(" ".join(texts)), article(" ".join(texts).replace("last", "this")))
    assert [(edit.old, edit.new) for edit in edits] == [("last", "this")] * 300


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((COUNCIL, VOTE), (COUNCIL, VOTE, SPRING), [("insert", "added", None, SPRING)]),
        ((COUNCIL, VOTE, SPRING), (COUNCIL, SPRING), [("delete", "removed", VOTE, None)]),
        ((COUNCIL, VOTE, SPRING), (SPRING, COUNCIL, VOTE), [("move", "moved", SPRING, SPRING)]),
        (
            (COUNCIL,),
            (COUNCIL, "Correction: An earlier version gave a wrong day."),
            [
                (
                    "insert",
                    "correction_note",
                    None,
                    "Correction: An earlier version gave a wrong day.",
                )
            ],
        ),
        (
            (COUNCIL,),
            (COUNCIL, "정정: 앞선 기사의 숫자를 고쳤습니다."),
            [("insert", "correction_note", None, "정정: 앞선 기사의 숫자를 고쳤습니다.")],
        ),
        ((f"{COUNCIL} {VOTE}",), (COUNCIL, VOTE), []),
        ((COUNCIL,), (f"  {COUNCIL.replace(' ', '  ')}\u200b",), []),
        ((COUNCIL.replace("council", "coun\u00adcil"),), (COUNCIL,), []),
    ],
    ids=[
        "added",
        "removed",
        "moved",
        "correction",
        "정정",
        "paragraph break",
        "white space",
        "soft hyphen",
    ],
)
def test_whole_sentences_are_added_removed_and_moved(
    old: tuple[str, ...], new: tuple[str, ...], expected: list[tuple[object, ...]]
) -> None:
    edits = compare(article(*old), article(*new))
    assert [(edit.op, edit.kind, edit.old, edit.new) for edit in edits] == expected


def test_a_split_sentence_is_an_edit_at_the_split() -> None:
    old = "He said it was fine, and then he left the room quietly."
    new = "He said it was fine. Then he left the room quietly."
    edits = compare(article(COUNCIL, old), article(COUNCIL, new))
    assert [(edit.old, edit.new) for edit in edits] == [(", and then", ". Then")]


def test_each_field_has_its_own_edits() -> None:
    old = article(
        COUNCIL, dek="What happened", byline=("Ann Ode",), captions=("The bridge.",), section="City"
    )
    new = article(
        COUNCIL, headline="Flood", dek="What happens", byline=("Ann Ode", "Bo Lund"),
        captions=("The new bridge.",), section="World", modified_at=datetime(2026, 5, 14, tzinfo=UTC),
    )  # fmt: skip
    fields = [edit.field for edit in compare(old, new)]
    assert fields == ["headline", "dek", "byline", "caption", "modified_at", "section"]


EARLY = datetime(2026, 5, 14, 9, tzinfo=UTC)
LATE = datetime(2026, 5, 14, 10, tzinfo=UTC)
EARLY_TEXT, LATE_TEXT = "2026-05-14T09:00:00Z", "2026-05-14T10:00:00Z"

# field, old value, new value, edit as (op, kind, old, new, context, at)
FIELD_EDITS = {
    "headline": ("headline", "Fire in mill", "Fire in hall", ("replace", "wording", "mill", "hall", "Fire in hall", 8)),
    "dek was edited": ("dek", "12 died", "21 died", ("replace", "number", "12", "21", "21 died", 0)),
    "dek was added": ("dek", None, "12 died", ("insert", "added", None, "12 died", "", 0)),
    "dek was removed": ("dek", "12 died", None, ("delete", "removed", "12 died", None, "", 0)),
    "dek lost its only text": ("dek", "12 died", "", ("delete", "removed", "12 died", None, "", 0)),
    "name was added": ("byline", ("Ann",), ("Ann", "Bo"), ("insert", "name", None, "Bo", "Ann, Bo", 5)),
    "name was removed": ("byline", ("Ann", "Bo"), ("Ann",), ("delete", "name", "Bo", None, "Ann", 0)),
    "name was replaced": ("byline", ("Ann",), ("Bo",), ("replace", "name", "Ann", "Bo", "Bo", 0)),
    "names were added around one": ("byline", ("Bo",), ("Ann", "Bo", "Cy"), ("insert", "name", None, "Ann, Cy", "Ann, Bo, Cy", 0)),
    "timestamp was added": ("published_at", None, EARLY, ("insert", "date", None, EARLY_TEXT, EARLY_TEXT, 0)),
    "timestamp was removed": ("modified_at", EARLY, None, ("delete", "date", EARLY_TEXT, None, "", 0)),
    "timestamp changed": ("modified_at", EARLY, LATE, ("replace", "date", EARLY_TEXT, LATE_TEXT, LATE_TEXT, 0)),
    "timestamp is a minute later": (
        "published_at", EARLY, EARLY + timedelta(seconds=60), ("replace", "date", EARLY_TEXT, "2026-05-14T09:01:00Z", "2026-05-14T09:01:00Z", 0),
    ),
    "section changed": ("section", "City", "World", ("replace", "wording", "City", "World", "World", 0)),
    "section was added": ("section", None, "World", ("insert", "wording", None, "World", "World", 0)),
    "section was removed": ("section", "City", None, ("delete", "wording", "City", None, "", 0)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "old", "new", "expected"), FIELD_EDITS.values(), ids=FIELD_EDITS.keys()
)
def test_a_field_that_changed_is_one_edit(
    field: str, old: object, new: object, expected: tuple[object, ...]
) -> None:
    (edit,) = compare(article(COUNCIL, **{field: old}), article(COUNCIL, **{field: new}))
    assert edit.field == field
    assert (edit.op, edit.kind, edit.old, edit.new, edit.context, edit.at) == expected
    assert edit.paragraph is None


# field, old value, new value
UNEDITED_FIELDS = {
    "timestamp 59 seconds later": ("modified_at", EARLY, EARLY + timedelta(seconds=59)),
    "day and a time in it": ("published_at", EARLY.date(), EARLY),
    "names in another order": ("byline", ("Ann", "Bo"), ("Bo", "Ann")),
    "name with a soft hyphen": ("byline", ("Ann\u00ad",), ("Ann",)),
    "missing and empty dek": ("dek", None, ""),
    "missing and empty section": ("section", None, ""),
    "section with other space": ("section", "City  life", "City life"),
}


@pytest.mark.parametrize(
    ("field", "old", "new"), UNEDITED_FIELDS.values(), ids=UNEDITED_FIELDS.keys()
)
def test_what_a_reader_would_not_notice_is_not_an_edit(
    field: str, old: object, new: object
) -> None:
    assert compare(article(COUNCIL, **{field: old}), article(COUNCIL, **{field: new})) == ()


def headline_edits(old: dict[str, str], new: dict[str, str]) -> list[tuple[str | None, ...]]:
    """The edits of a headline with these sources, as (old, new, source); the last source is shown."""
    pair = (
        article(headline=list(sources.values())[-1], headlines=sources) for sources in (old, new)
    )
    return [(edit.old, edit.new, edit.source) for edit in compare(*pair)]


def test_another_source_of_the_headline_is_not_an_edit() -> None:
    assert headline_edits({"h1": "Fire", "og": "Fire kills 12"}, {"og": "Fire kills 12", "h1": "Fire"}) == []  # fmt: skip


def test_an_edit_of_the_headline_names_the_sources_that_changed() -> None:
    old = {"h1": "Fire kills 12", "title": "Fire", "og": "Fire kills 12"}
    new = {"h1": "Fire kills 21", "title": "Fire", "og": "Fire kills 21"}
    assert headline_edits(old, new) == [("12", "21", "h1, og")]


def test_a_headline_without_a_common_source_is_edited_without_a_source() -> None:
    assert headline_edits({"h1": "Fire kills 12"}, {"og": "Fire kills 21"}) == [("12", "21", None)]


def test_white_space_in_a_source_of_the_headline_is_not_an_edit() -> None:
    assert headline_edits({"h1": "Fire kills 12"}, {"h1": "Fire  kills 12"}) == []


def test_the_language_of_either_version_decides_the_kind() -> None:
    old, new = "Il arrive lundi matin.", "Il arrive mardi matin."
    assert [edit.kind for edit in compare(article(old, lang="fr"), article(new))] == ["date"]
    assert [edit.kind for edit in compare(article(old), article(new, lang="fr"))] == ["date"]
    assert [edit.kind for edit in compare(article(old, lang="de"), article(new, lang="fr"))] == ["date"]  # fmt: skip


def test_paragraph_is_the_zero_based_position_of_the_text() -> None:
    edits = compare(
        article(COUNCIL, VOTE, SPRING), article(COUNCIL, VOTE, SPRING.replace("spring", "autumn"))
    )
    assert [edit.paragraph for edit in edits] == [2]


# old paragraphs, new paragraphs, edits as (op, old, new, paragraph)
YES, NO = "Yes, he did.", "No, he did not."
PARAGRAPH_EDITS = {
    "sentences added to one paragraph": (
        (COUNCIL, SPRING), (f"{COUNCIL} {YES} {NO}", SPRING), [("insert", None, f"{YES} {NO}", 0)],
    ),
    "sentences added to two paragraphs": (
        (COUNCIL, SPRING), (f"{COUNCIL} {YES}", NO, SPRING), [("insert", None, YES, 0), ("insert", None, NO, 1)],
    ),
    "sentences removed from one paragraph": (
        (f"{COUNCIL} {YES} {NO}", SPRING), (COUNCIL, SPRING), [("delete", f"{YES} {NO}", None, 0)],
    ),
    "sentences removed from two paragraphs": (
        (COUNCIL, VOTE, f"{YES} {NO}", SPRING), (COUNCIL, SPRING), [("delete", VOTE, None, 1), ("delete", f"{YES} {NO}", None, 2)],
    ),
    "sentences removed in two places of one paragraph": (
        (f"{YES} {COUNCIL} {NO}",), (COUNCIL,), [("delete", YES, None, 0), ("delete", NO, None, 0)],
    ),
    "sentences added in two places of one paragraph": (
        (COUNCIL,), (f"{YES} {COUNCIL} {NO}",), [("insert", None, YES, 0), ("insert", None, NO, 0)],
    ),
    "paragraphs moved together": (
        (COUNCIL, VOTE, SPRING, YES, NO, HARBOUR), (SPRING, YES, NO, HARBOUR, COUNCIL, VOTE),
        [("move", f"{COUNCIL} {VOTE}", f"{COUNCIL} {VOTE}", 4)],
    ),
    "paragraphs moved apart": (
        (COUNCIL, VOTE, SPRING, YES, NO, HARBOUR), (SPRING, YES, COUNCIL, NO, VOTE, HARBOUR),
        [("move", f"{SPRING} {YES}", f"{SPRING} {YES}", 0), ("move", NO, NO, 3)],
    ),
    "paragraph moved and edited": (
        (COUNCIL, VOTE, SPRING), (VOTE, SPRING, COUNCIL.replace("Monday", "Tuesday")),
        [("move", COUNCIL, COUNCIL.replace("Monday", "Tuesday"), 2), ("replace", "Monday", "Tuesday", 2)],
    ),
    "paragraph moved beside an added one": (
        (COUNCIL, VOTE, SPRING, HARBOUR), (VOTE, SPRING, HARBOUR, COUNCIL, YES),
        [("move", COUNCIL, COUNCIL, 3), ("insert", None, YES, 4)],
    ),
    "sentence removed where another was added": (
        (f"{COUNCIL} {VOTE} Yes.", SPRING), (f"{COUNCIL} Yes.", f"Storm. {SPRING}"),
        [("delete", VOTE, None, 0), ("insert", None, "Storm.", 1)],
    ),
    "edit in the last paragraph": ((COUNCIL, VOTE), (COUNCIL, VOTE.replace("three", "four")), [("replace", "three", "four", 1)]),
    "edit in the first paragraph": ((VOTE, COUNCIL), (VOTE.replace("three", "four"), COUNCIL), [("replace", "three", "four", 0)]),
    "paragraph of nothing visible": ((COUNCIL, "\u200b"), (COUNCIL,), []),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "expected"), PARAGRAPH_EDITS.values(), ids=PARAGRAPH_EDITS.keys()
)
def test_an_edit_is_in_the_paragraph_that_a_reader_would_name(
    old: tuple[str, ...], new: tuple[str, ...], expected: list[tuple[object, ...]]
) -> None:
    edits = compare(article(*old), article(*new))
    assert [(edit.op, edit.old, edit.new, edit.paragraph) for edit in edits] == expected


TEXTS = st.text(st.sampled_from("ab 12가나中日.,“” \u200b\n한é☃️ـع"), max_size=60) | st.text(
    max_size=60
)


@given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=6))
def test_compare_never_raises_and_gives_defined_kinds(old: list[str], new: list[str]) -> None:
    edits = compare(article(*old), article(*new))
    assert {edit.kind for edit in edits} <= set(KINDS)
    assert all((edit.old or edit.new) and edit.evidence for edit in edits)


@given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=6))
def test_the_new_text_is_in_the_context_where_the_edit_says(old: list[str], new: list[str]) -> None:
    for edit in compare(article(*old), article(*new)):
        if edit.context:
            text = edit.new or ""
            assert edit.context[edit.at : edit.at + len(text)] == text
            assert edit.at <= len(edit.context)


@given(st.lists(TEXTS, max_size=6), st.lists(TEXTS, max_size=6))
def test_an_edit_has_text_on_the_sides_that_its_operation_says(
    old: list[str], new: list[str]
) -> None:
    sides = {"insert": (False, True), "delete": (True, False)}
    for edit in compare(article(*old), article(*new)):
        assert (bool(edit.old), bool(edit.new)) == sides.get(edit.op, (True, True))


SENTENCES = st.lists(st.sampled_from([COUNCIL, VOTE, SPRING, HARBOUR]), max_size=6)


@given(SENTENCES, SENTENCES)
def test_added_and_removed_sentences_account_for_every_difference(
    old: list[str], new: list[str]
) -> None:
    edits = compare(article(*old), article(*new))
    assume(all(edit.op != "replace" for edit in edits))
    removed = [edit.old for edit in edits if edit.op == "delete"]
    added = [edit.new for edit in edits if edit.op == "insert"]
    counts = Counter(old)
    counts.subtract(Counter(sentences(" ".join(filter(None, removed)))))
    counts.update(Counter(sentences(" ".join(filter(None, added)))))
    assert +counts == Counter(new)


@given(st.lists(TEXTS, max_size=6))
def test_a_text_compared_with_itself_has_no_edits(paragraphs: list[str]) -> None:
    assert compare(article(*paragraphs), article(*[visible(text) for text in paragraphs])) == ()


def test_two_unrelated_books_are_compared_in_bounded_time() -> None:
    words = [f"w{number}" for number in range(60_000)]
    old = [" ".join(words[at : at + 20]).capitalize() + "." for at in range(0, 30_000, 20)]
    new = [" ".join(words[at : at + 20]).capitalize() + "." for at in range(30_000, 60_000, 20)]
    assert len(compare(article(*old), article(*new))) == len(old) + len(new)


def test_comparing_one_long_sentence_with_many_terminates() -> None:
    long = " ".join(f"w{number}" for number in range(2_000)) + "."
    many_sentences = [f"Sentence number {number} says a thing or two." for number in range(3_000)]
    assert len(compare(article(long), article(*many_sentences))) == 3_001
