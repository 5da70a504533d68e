"""The channels, each against a real receiver."""

import asyncio
import json
import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from schedules.delivery import Channel, DeliveryError, deliver
from scraper.http.addresses import AllowedHosts
from storage.queue.outbox import undelivered
from tests.schedules.test_delivery import WEEKDAYS, add_edits, edit_pages
from tests.support.checker import Checker
from tests.support.site import Answer, Names, Site
from variorum.config.channel import CHANNEL_TYPES, ChannelConfig
from variorum.config.settings import Config
from variorum.errors import ConfigError
from variorum.notify.atom import ATOM
from variorum.notify.channels import OPENERS, open_channels
from variorum.notify.message import cut, message_text
from variorum.notify.webhook import webhook_signature

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
EDIT: dict[str, Any] = {
    "delivery": 7, "id": 5, "article_id": 1, "url": "https://example.org/news/1", "host": "example.org", "headline": "Fire in the mill",
    "field": "body", "op": "replace", "kind": "number", "old": "12", "new": "21", "context": "Fire kills 21 in mill.",
    "context_at": 11, "paragraph": 0, "disclosed": 0, "seen_after": "2026-05-14T11:00:00.000Z",
    "seen_at": "2026-05-14T11:10:00.000Z", "from_version": 1, "to_version": 2,
}  # fmt: skip


def channel(db: Database, **settings: Any) -> Channel:
    config = Config(channels=(ChannelConfig(name="desk", **settings),))
    (desk_channel,) = open_channels(config, db, lambda: NOON)
    return desk_channel


def send(channel: Channel, *edits: dict[str, Any]) -> None:
    asyncio.run(channel.send(edits or [EDIT]))


def script(tmp_path: Path, code: str) -> tuple[str, ...]:
    path = tmp_path / "channel.py"
    path.write_text(code, encoding="utf-8")
    return (sys.executable, str(path), str(tmp_path / "got.json"))


def test_a_command_channel_gets_json_on_standard_input(db: Database, tmp_path: Path) -> None:
    command = script(tmp_path, "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())")
    send(channel(db, command=command))
    payload = json.loads((tmp_path / "got.json").read_text(encoding="utf-8"))
    assert payload["edits"][0]["delivery"] == 7
    assert "Fire kills [-12-]{+21+} in mill." in payload["text"]


@pytest.mark.parametrize(
    ("code", "error_text"),
    [
        ("import sys; sys.exit('no desk here')", "ended with 1: no desk here"),
        ("import os; os.kill(os.getpid(), 9)", "ended with -9"),
    ],
)
def test_a_command_that_fails_says_why(
    db: Database, tmp_path: Path, code: str, error_text: str
) -> None:
    with pytest.raises(DeliveryError, match=error_text):
        send(channel(db, command=script(tmp_path, code)))


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess, sys; sys.stdin.read(); subprocess.Popen(['sleep', '3'])",
        "import sys; sys.stderr.write('x' * 3_000_000)",
        "pass",
    ],
    ids=["leaves a child behind", "says a lot", "reads nothing"],
)
def test_a_command_that_exits_0_has_delivered(db: Database, tmp_path: Path, code: str) -> None:
    started = tmp_path / "started"
    code = f"open({str(started)!r}, 'x').close(); {code}"
    send(channel(db, command=script(tmp_path, code)), {**EDIT, "new": "x" * 300_000})
    assert started.exists()


def test_an_error_from_a_command_hides_its_secrets(db: Database, tmp_path: Path) -> None:
    command = (*script(tmp_path, "import sys; sys.exit('no such token: ' + sys.argv[2])"), "hush")
    with pytest.raises(DeliveryError) as error_info:
        send(channel(db, command=command, secrets=("hush",)))
    assert "no such token: ***" in str(error_info.value)


def test_a_missing_command_is_a_failure(db: Database) -> None:
    with pytest.raises(DeliveryError, match="cannot be run"):
        send(channel(db, command=("/nowhere/at/all",)))


@pytest.fixture
def hook(site: Site) -> Site:
    site.answers["/hook"] = Answer(status=204)
    return site


def test_a_webhook_is_signed(db: Database, hook: Site) -> None:
    send(channel(db, webhook=hook.url + "/hook", secret="s3cret"))
    ((_, headers),) = hook.requests
    (text,) = hook.bodies
    assert headers["webhook-id"] == "desk-7"
    signature = webhook_signature("s3cret", "desk-7", headers["webhook-timestamp"], text)
    assert headers["webhook-signature"] == f"v1,{signature}"
    assert json.loads(text)["edits"][0]["new"] == "21"


def test_a_webhook_error_status_is_a_failure_that_hides_the_secret(
    db: Database, hook: Site
) -> None:
    hook.answers["/hook"] = Answer(status=500)
    with pytest.raises(DeliveryError) as error_info:
        send(channel(db, webhook=hook.url + "/hook?token=hush", secret="s3cret"))
    assert str(error_info.value) == "127.0.0.1 answers with status 500"


def test_an_unreachable_webhook_is_a_failure_that_hides_the_secret(db: Database) -> None:
    with pytest.raises(DeliveryError) as error_info:
        send(channel(db, webhook="http://127.0.0.1:9/hook?token=hush"))
    assert "hush" not in str(error_info.value)


@pytest.mark.parametrize(
    "address",
    ["mailtos://hush:hush@127.0.0.1:9?to=b...e", "mailtos://hush:hush@ha/hush:w@mail.example.org?to=a@b.example",
     "slack://hush/hush", "tgram://hush", "discord://hush"],
)  # fmt: skip
def test_an_address_that_apprise_cannot_read_is_not_logged(
    db: Database, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    caplog.set_level(0)
    with pytest.raises(ConfigError, match="does not support address 1") as error:
        channel(db, apprise=(address,))
    assert "hush" not in caplog.text + str(error.value)


def test_the_repr_of_settings_hides_secrets(db: Database) -> None:
    config = ChannelConfig(name="desk", webhook="https://example.org/hush", secret="s3cret")
    reprs = repr(config) + repr(channel(db, webhook="https://example.org/hush", secret="s3cret"))
    assert "hush" not in reprs
    assert "s3cret" not in reprs


def test_a_webhook_that_fails_half_the_time_gets_every_edit_once_and_in_order(
    hook: Site, checker: Checker
) -> None:
    """The receiver refuses half of the messages, or takes them and answers too badly for us to know."""
    rng = random.Random(5)
    received: dict[str, dict[str, Any]] = {}
    order: list[str] = []

    def answer(headers: dict[str, str]) -> Answer:
        answer_kind = rng.choice(("taken", "taken", "refused", "taken, but not said"))
        if answer_kind != "refused" and headers["webhook-id"] not in received:
            received[headers["webhook-id"]] = json.loads(hook.bodies[-1])["edits"][0]
            order.append(headers["webhook-id"])
        return Answer(status=204) if answer_kind == "taken" else Answer(status=503)

    hook.answers["/hook"] = answer
    edit_pages(hook, checker, [f"/{number}" for number in range(4)])
    desk_channel = channel(checker.db, webhook=hook.url + "/hook")
    for _ in range(60):
        asyncio.run(deliver(checker.db, desk_channel, checker.clock.now))
        checker.clock.skip(hours=2)
    assert undelivered(checker.db) == []
    assert sorted(received) == sorted(f"desk-{number}" for number in range(1, 17))
    for path in ("/0", "/1", "/2", "/3"):
        new_texts = [
            received[delivery_id]["new"]
            for delivery_id in order
            if received[delivery_id]["url"].endswith(path)
        ]
        assert new_texts == list(WEEKDAYS[1:])


def test_an_atom_file_holds_the_newest_edits(db: Database, tmp_path: Path) -> None:
    add_edits(db, articles=2, edits=3)
    path = tmp_path / "edits.xml"
    send(channel(db, atom=str(path)))
    entries = ElementTree.parse(path).getroot().findall(f"{{{ATOM}}}entry")
    ids = [entry.findtext(f"{{{ATOM}}}id") for entry in entries]
    assert ids == [f"urn:variorum:edit:{number}" for number in range(6, 0, -1)]


def test_an_atom_file_in_a_missing_folder_is_a_failure(db: Database, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="cannot be written"):
        send(channel(db, atom=str(tmp_path / "none" / "edits.xml")))


def test_apprise_sends_text_cut_to_fit(db: Database, hook: Site) -> None:
    address = hook.url.replace("http://", "json://") + "/hook"
    send(channel(db, apprise=(address,)), EDIT)
    (text,) = hook.bodies
    assert "Fire kills [-12-]{+21+} in mill." in json.loads(text)["message"]


def test_a_failed_apprise_delivery_is_a_failure(db: Database, hook: Site) -> None:
    hook.answers["/hook"] = Answer(status=500)
    with pytest.raises(DeliveryError, match="Apprise could not deliver"):
        send(channel(db, apprise=(hook.url.replace("http://", "json://") + "/hook",)))


def test_an_unsupported_apprise_url_is_a_config_error(db: Database) -> None:
    with pytest.raises(ConfigError, match="does not support address 2"):
        channel(db, apprise=("json://localhost/", "nothing at all"))


def test_every_channel_type_has_an_opener() -> None:
    assert sorted(OPENERS) == sorted(CHANNEL_TYPES)


@given(st.text(), st.integers(0, 60))
def test_a_cut_text_fits_and_is_a_prefix_of_the_original(text: str, limit: int) -> None:
    cut_text = cut(text, limit)
    assert len(cut_text) <= limit
    assert text.startswith(cut_text.removesuffix("…").rstrip())


@pytest.mark.parametrize(
    "character",
    ["e\u0301", "👩‍👩‍👧‍👦", "👍🏽", "🇰🇷", "\u1100\u1161\u11a8", "नि"],
    ids=["accent", "family", "skin tone", "flag", "jamo", "vowel sign"],
)
def test_a_cut_never_splits_a_character(character: str) -> None:
    for limit in range(1, 6 * len(character)):
        kept_text = cut(character * 6, limit).removesuffix("…")
        assert kept_text == character * (len(kept_text) // len(character))


def test_a_long_digest_says_how_much_is_omitted() -> None:
    edits = [{**EDIT, "headline": "A long headline " * 20} for _ in range(40)]
    text = message_text(edits, 2000)
    assert len(text) <= 2000
    assert text.rpartition("\n\n")[2].startswith("and ")


def test_a_webhook_may_be_private_but_not_turn_private(
    db: Database, hook: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(monkeypatch)
    port = hook.url.rpartition(":")[2]
    names.addresses = {"hooks.example": "127.0.0.1"}
    address = f"http://hooks.example:{port}/hook"
    send(channel(db, webhook=address))
    send(channel(db, webhook=address, allowed=AllowedHosts.of(["127.0.0.1"])))  # it is public now
    with pytest.raises(DeliveryError, match="allow_private"):
        send(channel(db, webhook=address))
    assert hook.paths() == ["/hook", "/hook"]


def test_an_apprise_service_may_be_private_but_not_turn_private(
    db: Database, hook: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(monkeypatch)
    names.addresses = {"hooks.example": "127.0.0.1"}
    address = f"json://hooks.example:{hook.url.rpartition(':')[2]}/hook"
    send(channel(db, apprise=(address,)))
    send(
        channel(db, apprise=(address,), allowed=AllowedHosts.of(["127.0.0.1"]))
    )  # it is public now
    with pytest.raises(DeliveryError, match=r"address 1 leads inside: .*allow_private"):
        send(channel(db, apprise=(address,)))
    assert len(hook.bodies) == 2
