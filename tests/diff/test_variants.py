"""What a site shows in turns holds back its own lines, and nothing else of the same check."""

from dataclasses import replace
from datetime import UTC, datetime

from scraper.article import Article
from storage.diff import compare
from storage.diff.variants import Variants, without_variants

AT = datetime(2026, 5, 14, 12, tzinfo=UTC)
OLD = Article(
    "https://example.org/a",
    "Ferry strike",
    paragraphs=("The ferry crews refused to sail.", "Nobody was hurt.", "Talks go on."),
    captions=("The quay. Photo: Courier",),
)
IN_TURNS = replace(OLD, captions=("The quay. Picture: archive",))
VARIANTS = Variants(((OLD, IN_TURNS),))


def test_an_edit_beside_a_line_that_alternates_counts_at_once() -> None:
    """The line is in neither version until later checks decide."""
    edited = replace(IN_TURNS, paragraphs=(*OLD.paragraphs[:2], "Talks ended."))
    base, article, pending = without_variants(OLD, edited, VARIANTS, at=AT)
    assert [(edit.field, edit.old, edit.new) for edit in compare(base, article)] == [
        ("body", "go on", "ended")
    ]
    assert (base.captions, article.captions) == ((), ())
    assert [(line.text, line.instead_of) for line in pending] == [
        (IN_TURNS.captions[0], OLD.captions[0])
    ]


def test_a_headline_beside_a_line_that_alternates_counts_at_once() -> None:
    edited = replace(IN_TURNS, headline="Ferry strike ends")
    base, article, pending = without_variants(OLD, edited, VARIANTS, at=AT)
    assert {edit.field for edit in compare(base, article)} == {"headline"}
    assert len(pending) == 1


def test_a_line_that_alternates_alone_leaves_the_version_as_it_was() -> None:
    assert without_variants(OLD, IN_TURNS, VARIANTS, at=AT) == (OLD, OLD, ())


def test_a_credit_that_is_left_out_beside_an_edit_alternates_as_well() -> None:
    """Two responses of a check had both credits, so one of them is page noise by now."""
    bare = replace(OLD, headline="Ferry strike ends", captions=("The quay.",))
    base, article, pending = without_variants(OLD, bare, VARIANTS, at=AT)
    assert {edit.field for edit in compare(base, article)} == {"headline"}
    assert [(line.text, line.instead_of) for line in pending] == [("The quay.", OLD.captions[0])]


def test_an_edit_waits_if_a_sentence_inside_a_paragraph_alternates() -> None:
    """No version has some sentences of a page without others."""
    longer = replace(OLD, paragraphs=(f"{OLD.paragraphs[0]} They want more.", *OLD.paragraphs[1:]))
    edited = replace(longer, paragraphs=("They sailed. They want more.", *OLD.paragraphs[1:]))
    variants = Variants(((OLD, longer),))
    assert without_variants(OLD, edited, variants, at=AT) == (OLD, OLD, ())
