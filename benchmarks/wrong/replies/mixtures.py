"""Pages that are partly right: the article among foreign parts, a piece of it, or its text spoiled."""

import random
import re
from collections.abc import Callable
from dataclasses import replace

from benchmarks.wrong.markup import page_text, paragraphs, render, render_copy
from benchmarks.wrong.replies.answers import WireAnswer, html_answer
from benchmarks.wrong.site import Reply, Scene, Visit
from benchmarks.wrong.stories import UNSPACED_LANGUAGES, Story, StoryText

HEAD = re.compile(r"<head>.*?</head>", re.S)
# Letters for which another one of the same kind is written; a word that no two languages share.
VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxz"
NEXT_LETTER = {
    ord(letter): letters[(at + 1) % len(letters)]
    for small in (VOWELS, CONSONANTS)
    for letters in (small, small.upper())
    for at, letter in enumerate(letters)
}


def _with_text(scene: Scene, story: Story, text: StoryText) -> str:
    """The page of an article as if it had another text."""
    page = page_text(story, scene.ordered(), scene.hours, scene.frame)
    return render(replace(page, text=text), scene.frame)


def foreign_text(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The head, the headline and the byline of the article over the paragraphs of its neighbour."""
    other = scene.neighbour(story).text(scene.hours)
    text = replace(story.text(scene.hours), paragraphs=other.paragraphs)
    return html_answer(_with_text(scene, story, text))


def foreign_head(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The article under the whole head of its neighbour."""
    other = HEAD.search(scene.html(scene.neighbour(story)))
    assert other is not None
    return html_answer(HEAD.sub(lambda match: other[0], scene.html(story), count=1))


def foreign_statement(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The article with the machine-readable statement of its neighbour; its other metas are right."""
    only_metas = scene.frame.head - {"ld"}
    html = scene.html(story, frame=replace(scene.frame, head=frozenset(only_metas)))
    only_ld = replace(scene.frame, head=frozenset({"ld"}))
    statement = re.search(r"<script.*?</script>", scene.html(scene.neighbour(story), frame=only_ld))
    assert statement is not None
    return html_answer(html.replace("</head>", f"{statement[0]}</head>", 1))


def endless(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The article, and below it the next one in full, as readers who scroll on would see it."""
    html, other = scene.html(story), scene.neighbour(story).text(scene.hours)
    more = f"<h2>{other.headline}</h2>{paragraphs(other)}"
    own = paragraphs(story.text(scene.hours))
    return html_answer(html.replace(own, own + more))


def kept_paragraphs(choose: Callable[[int], slice], line: str = "") -> Reply:
    """The page with some of its paragraphs and a line after them; nothing else is missing."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        text = story.text(scene.hours)
        kept = text.paragraphs[choose(len(text.paragraphs))]
        after = ((line,),) if line else ()
        return html_answer(_with_text(scene, story, replace(text, paragraphs=kept + after)))

    return reply


def print_view(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The bare print view of the article at its own address."""
    page = page_text(story, scene.ordered(), scene.hours, scene.frame)
    return html_answer(render_copy(page, scene.frame))


def twice_encoded(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The page as a database gives it that took its UTF-8 for Latin letters."""
    html = scene.html(story)
    return html_answer(html.encode().decode("cp1252", "replace"))


def question_marks(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The page with a question mark for each letter that is not in ASCII."""
    return html_answer(scene.html(story).encode("ascii", "replace").decode())


def translated(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The article in another language, under its own address and its own times."""
    text = story.text(scene.hours)
    space = "" if text.lang in UNSPACED_LANGUAGES else " "
    other = replace(
        text,
        headline=text.headline.translate(NEXT_LETTER),
        dek=text.dek.translate(NEXT_LETTER),
        caption=text.caption.translate(NEXT_LETTER),
        paragraphs=tuple((space.join(row).translate(NEXT_LETTER),) for row in text.paragraphs),
    )
    return html_answer(_with_text(scene, story, other))


def placeholder_texts(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """Under the head of the article, sentences that the makers of the site drew from a pool of their own."""
    rng = random.Random(story.number)
    words = [f"{rng.choice(CONSONANTS)}{rng.choice(VOWELS)}{rng.choice(CONSONANTS)}{rng.choice(VOWELS)}m" for _ in range(90)]  # fmt: skip
    rows = tuple((" ".join(rng.choices(words, k=14)).capitalize() + ".",) for _ in range(7))
    return html_answer(_with_text(scene, story, replace(story.text(scene.hours), paragraphs=rows)))
