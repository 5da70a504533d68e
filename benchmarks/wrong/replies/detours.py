"""Right and wrong pages in turns, redirects that lead away, and old pages that a cache gives everybody."""

import random
from dataclasses import replace

from benchmarks.wrong.markup import document, links, menu
from benchmarks.wrong.replies.answers import WireAnswer, html_answer
from benchmarks.wrong.site import Reply, Scene, Visit
from benchmarks.wrong.stories import Story

XML_ERROR = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code><Message>Reduce your rate.</Message><RequestId>{id}</RequestId></Error>'


def redirect(target: str, status: int) -> Reply:
    """Every address leads to another one; {first} is the number of the first article."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        location = target.format(first=scene.ordered()[0].number)
        if visit.path == location:
            return scene.good(story)
        return WireAnswer(b"", status, (("Location", location),))

    return reply


def in_turns(wrong: Reply) -> Reply:
    """Every other request of an address is answered wrongly."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        earlier = sum(exchange.number == story.number for exchange in scene.exchanges)
        return scene.good(story) if earlier % 2 else wrong(scene, story, visit)

    return reply


def at_random(wrong: Reply, share: float) -> Reply:
    """A part of the requests is answered wrongly, whatever their address."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        is_wrong = random.Random(f"turn {visit.count}").random() < share
        return wrong(scene, story, visit) if is_wrong else scene.good(story)

    return reply


def with_status(wrong: Reply, status: int) -> Reply:
    """A wrong page under another status."""
    return lambda scene, story, visit: replace(wrong(scene, story, visit), status=status)


def old_page(hour: float, *, etag: bool = False) -> Reply:
    """The page as it was at an hour, for everybody; with an ETag that is right for it."""

    def reply(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
        answer = html_answer(scene.html(story, at=hour))
        tag = f'"{random.Random(answer.body).getrandbits(64):x}"'
        return replace(answer, headers=(("ETag", tag),)) if etag else answer

    return reply


def xml_error(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """The error of a store of files, as XML under status 200."""
    body = XML_ERROR.format(id=f"{random.Random(visit.count).getrandbits(64):016X}")
    return WireAnswer(body.encode(), headers=(("Content-Type", "application/xml"),))


def soft_404(scene: Scene, story: Story, visit: Visit) -> WireAnswer:
    """A page that has nothing at the address, and offers five stories with their beginnings and dates."""
    rng = random.Random(f"related {visit.count}")
    related = rng.sample(scene.ordered(), min(5, len(scene.stories)))
    offers = "".join(
        f"<div class='offer'><h3><a href='/news/{one.number}'>{one.first.headline}</a></h3>"
        f"<time datetime='{scene.frame.stamp(-one.age_hours)}'>{scene.frame.stamp(-one.age_hours)[:10]}</time>"
        f"<p>{one.first.bodies()[0]}</p></div>"
        for one in related
    )
    ranking = links([(f"/news/{one.number}", one.first.headline) for one in related])
    body = (
        f"<header>{menu(scene.frame)}</header><main><article><h1>{scene.frame.words['paper']}</h1>"
        f"<div class='article-text'>{offers}</div></article></main><aside>{ranking}</aside>"
    )
    return html_answer(document(scene.frame.words["paper"], body, "", scene.frame))
