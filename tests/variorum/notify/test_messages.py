"""Messages to people: an article's words stay words, in mail, in chat and in a webhook."""

import asyncio
import contextlib
import email
import email.policy
import html
import importlib
import json
import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sqlite_utils import Database

from schedules.delivery import Channel, DeliveryError
from tests.support.site import Answer, Site
from variorum.config.channel import ChannelConfig
from variorum.config.settings import Config
from variorum.notify.channels import open_channels
from variorum.notify.message import LOOKALIKES, defused, message_text, message_title, plain_url

smtpd = pytest.importorskip("aiosmtpd.controller", reason="mail is tested with aiosmtpd")

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
PIXEL = '<img src="https://evil.example/pixel.gif?you">'
LURE = '<a href="https://evil.example/login">log in again</a>'
HOSTILE = (
    f"{PIXEL} {LURE} [log in](https://evil.example) ![x](http://evil.example/p.png) www.evil.example"
    " evil.example/path @everyone @here ＠everyone @channel <!channel> <!here|x> <!everyone> <@U123> <@&9>"
    " <#C1> <https://evil.example|bank> @room @all mailto:you@evil.example javascript:alert(1) [a]: http://evil.example"
    " **bold** __bold__ *it* _it_ ~~gone~~ ~gone~ `code` ``code`` ||hidden|| :skull: &lt;b&gt; \\*\\[ a_b 3~5 6~7 f***"
)  # fmt: skip
# What mail and chat programs act on: mentions, elements, links of Markdown and of Slack, and addresses.
LIVE = re.compile(
    r"[@＠][A-Za-z&]|<[!@#/a-zA-Z]|\]\(|\]\[|\w://|[a-z]:[a-z]|(?i:www|evil|example)\.[a-z]{2}"
    r"|[*~`]|\b_|_\b|\|\||:skull|&lt;b|\\\["
)
EDIT: dict[str, Any] = {
    "delivery": 7, "id": 5, "article_id": 1, "url": "https://paper.test/news/1", "host": "paper.test",
    "headline": f"Minister speaks {HOSTILE}", "field": "body", "op": "replace", "kind": "wording", "old": "yesterday",
    "new": HOSTILE, "context": f"The minister spoke {HOSTILE}.", "context_at": 19, "paragraph": 0, "disclosed": 0,
    "seen_after": "2026-05-14T11:00:00.000Z", "seen_at": "2026-05-14T11:10:00.000Z", "from_version": 1, "to_version": 2,
}  # fmt: skip
TEXTS = st.text(st.sampled_from("@＠<!#>[]():/.|&;ae1 wW*`_~-=+\\가\t\n"), max_size=40)
MARKDOWN = MarkdownIt("commonmark").enable(["strikethrough", "table"])
ORIGINALS = str.maketrans({"\u200b": "", **{sign: mark for mark, sign in LOOKALIKES.items()}})


def without_our_links(text: str) -> str:
    return text.replace("https://paper.test/news/1", "").replace("paper.test: ", "")


class Mailbox:
    """Keeps the mails that arrive."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.receivers: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Accept a mail; called by the server."""
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.receivers += envelope.rcpt_tos
        return "250 accepted"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = smtpd.Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"mailto://127.0.0.1:{port}?from=a@paper.test&to=desk@paper.test&mode=insecure"
    controller.stop()


def channels(db: Database, **settings: Any) -> tuple[Channel, ...]:
    config = Config(channels=(ChannelConfig(name="desk", **settings),))
    return open_channels(config, db, lambda: NOON)


def send(channel: Channel, *edits: dict[str, Any]) -> None:
    asyncio.run(channel.send(edits or [EDIT]))


@pytest.mark.parametrize("form", ["", "&format=html", "&format=text"])
def test_mail_has_the_text_and_nothing_live_of_an_article(
    db: Database, mailbox: tuple[Mailbox, str], form: str
) -> None:
    box, address = mailbox
    (channel,) = channels(db, apprise=(address + form,))
    send(channel)
    (mail,) = box.mails
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    assert parts
    for part in parts:
        text = str(part.get_content()).replace("&nbsp;", " ")
        assert "log in again" in text
        if part.get_content_subtype() == "html":
            assert set(re.findall(r"<\s*/?\s*(\w+)", text)) <= {
                "html",
                "body",
                "br",
                "p",
                "pre",
                "head",
            }
        else:
            assert not LIVE.search(without_our_links(text))


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x85"])
def test_a_headline_adds_no_header_and_no_receiver(
    db: Database, mailbox: tuple[Mailbox, str], line_break: str
) -> None:
    box, address = mailbox
    (channel,) = channels(db, apprise=(address,))
    attack = f"News{line_break}Bcc: victim@paper.test{line_break}X-Evil: yes{line_break}{line_break}<b>Body"
    send(channel, {**EDIT, "headline": attack})
    (mail,) = box.mails
    assert (mail["Bcc"], mail["X-Evil"], box.receivers) == (None, None, ["desk@paper.test"])
    assert "\n" not in str(mail["Subject"])


@pytest.mark.parametrize("kind", ["json", "webhook"])
def test_a_chat_gets_no_mention_and_no_link_of_an_article(
    db: Database, site: Site, kind: str
) -> None:
    site.answers["/hook"] = Answer(status=204)
    if kind == "json":
        (channel,) = channels(db, apprise=(site.url.replace("http", "json", 1) + "/hook",))
    else:
        (channel,) = channels(db, webhook=site.url + "/hook")
    send(channel)
    message = json.loads(site.bodies[0])
    text = message["title"] + (message["message"] if kind == "json" else message["text"])
    assert "log in again" in text
    assert not LIVE.search(without_our_links(text))


@pytest.mark.parametrize(
    ("service", "setting", "address"),
    [
        ("discord.NotifyDiscord", "notify_url", "discord://1234567890/abcdefghijklmnop"),
        (
            "slack.NotifySlack",
            "webhook_url",
            "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#desk",
        ),
        (
            "telegram.NotifyTelegram",
            "notify_url",
            "tgram://123456789:abcdefg_hijklmnop/12315544/?detect=no",
        ),
    ],
    ids=["Discord", "Slack", "Telegram"],
)
def test_a_chat_service_is_sent_nothing_that_it_acts_on(
    db: Database,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    service: str,
    setting: str,
    address: str,
) -> None:
    module, name = service.split(".")
    plugin = getattr(importlib.import_module(f"apprise.plugins.{module}"), name)
    monkeypatch.setattr(plugin, setting, f"{site.url}/hook")
    (channel,) = channels(db, apprise=(address,))
    with contextlib.suppress(DeliveryError):  # the site does not confirm as each service does
        send(channel)
    (message,) = map(json.loads, site.bodies)
    attachments = message.get("attachments", [{}])[0]
    text = "\n".join(
        str(part.get(key, ""))
        for part in (message, attachments)
        for key in ("content", "title", "text")
    )
    assert "log in again" in text
    assert not LIVE.search(re.sub(r"</?b>|&(lt|gt|amp);", "", without_our_links(text)))


def test_a_program_gets_the_words_of_an_edit_as_they_are(db: Database, site: Site) -> None:
    site.answers["/hook"] = Answer(status=204)
    (channel,) = channels(db, webhook=site.url + "/hook")
    send(channel)
    assert json.loads(site.bodies[0])["edits"][0]["new"] == HOSTILE


def test_a_digest_is_defused_too() -> None:
    edits = [EDIT, {**EDIT, "delivery": 8, "host": "other.test"}]
    assert not LIVE.search(without_our_links(message_text(edits, 100_000)))
    assert "\n" not in message_title(edits)


def original(text: str) -> str:
    return text.translate(ORIGINALS)


def markdown_tokens(text: str) -> Iterator[Token]:
    """What a program that shows Markdown shows instead of plain words, line breaks apart."""
    for block in MARKDOWN.parse(text):
        inline = block.children or []
        yield from (
            token for token in inline if token.type not in ("text", "softbreak", "hardbreak")
        )
        if block.type not in ("inline", "paragraph_open", "paragraph_close"):
            yield block


@pytest.mark.parametrize(
    "word", ["harbour ", "항구 ", "😀", "a.evil "], ids=["English", "Korean", "emoji", "links"]
)
def test_mail_with_a_headline_without_end_arrives(
    db: Database, mailbox: tuple[Mailbox, str], word: str
) -> None:
    box, address = mailbox
    (channel,) = channels(db, apprise=(address,))
    send(channel, {**EDIT, "headline": word * 2_000})
    (mail,) = box.mails
    assert word.strip()[:1] in str(mail["Subject"])


@given(TEXTS)
def test_a_defused_text_reads_the_same(text: str) -> None:
    assert original(defused(text)) == text


@given(TEXTS)
def test_markdown_shows_a_defused_text_as_it_is(text: str) -> None:
    shown = re.sub(r"</?p>|<br ?/>", "", MARKDOWN.render(defused(text)))
    assert list(markdown_tokens(defused(text))) == []
    assert original(html.unescape(shown)).split() == text.split()


@given(TEXTS, TEXTS)
def test_a_message_has_no_markdown(headline: str, new: str) -> None:
    edit = {
        **EDIT,
        "headline": headline,
        "new": new,
        "context": f"He said {new} today.",
        "context_at": 8,
    }
    assert list(markdown_tokens(message_title([edit]))) == []
    assert list(markdown_tokens(message_text([edit, edit], 10_000))) == []


@given(TEXTS)
def test_no_text_survives_as_a_mention_or_a_link(text: str) -> None:
    assert not re.search(r"[@＠]\w|<[!@#/\w]|\]\(|\w://", defused(text))


@pytest.mark.parametrize("path", ["@everyone", "(x)", "<!channel>", "[a](b)", "%40ok", "a_b*c"])
def test_the_address_of_an_article_mentions_nobody(path: str) -> None:
    url = plain_url(f"https://paper.test/{path}?q={path}#{path}")
    assert url.startswith("https://paper.test/")
    assert not re.search(r"[@<>()\[\]\s]", url)


def test_a_dead_address_of_two_is_named_and_the_other_gets_its_mail(
    db: Database, mailbox: tuple[Mailbox, str]
) -> None:
    box, address = mailbox
    live, dead = channels(db, apprise=(address, "json://127.0.0.1:9/hook"))
    with pytest.raises(Exception, match="could not deliver to address 2"):
        send(dead)
    send(live)
    assert len(box.mails) == 1
