"""Nothing that a server says commands a terminal: not in messages, not in the log, not in JSON."""

import json
import logging
import re
import unicodedata
from pathlib import Path

import pytest

from storage.articles.versions import article_from_row, content_hash, details_hash
from storage.database import open_database
from storage.diff.render import printable
from tests.support.pages import article_html
from tests.support.shell import Shell
from tests.support.site import Answer, Site
from variorum.monitor.log import JsonFormatter, LineFormatter

ESCAPES = "\x1b]0;owned\x07\x1b[2J"
# C0 and C1 controls; everything that Unicode calls a control of direction (Bidi_Control); line separators.
COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
HOSTILE = "a\u009b2J\u009d0;owned\u202eb\u2066c\u200fd\u061ce\x07"


@pytest.mark.parametrize("header", ["Content-Encoding", "Content-Type", "X-Any"])
@pytest.mark.parametrize("command", ["extract", "fetch --delay 0", "fetch --delay 0 --json"])
def test_a_header_commands_no_terminal(site: Site, shell: Shell, header: str, command: str) -> None:
    site.answers["/a"] = Answer(b"abc", headers={header: ESCAPES})
    name, *options = command.split()
    output = shell(name, site.url + "/a", *options).output
    assert output
    assert not COMMANDS.search(output)


def test_the_name_of_a_file_commands_no_terminal(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / f"{HOSTILE}.warc"
    path.write_bytes(b"nothing")
    assert not COMMANDS.search(shell("import", str(path)).output)
    assert not COMMANDS.search(shell("import", f"{path}-missing").output)


def record(message: str) -> logging.LogRecord:
    try:
        raise ValueError(message)
    except ValueError as error:
        fault = (type(error), error, error.__traceback__)
    return logging.LogRecord("variorum", logging.WARNING, "", 0, "said %s", (message,), fault)


@pytest.mark.parametrize(
    "formatter", [JsonFormatter(), LineFormatter("%(levelname)s %(message)s")], ids=["json", "text"]
)
def test_the_log_commands_no_terminal(formatter: logging.Formatter) -> None:
    assert not COMMANDS.search(formatter.format(record(HOSTILE)))


def test_a_json_log_keeps_what_was_said() -> None:
    assert json.loads(JsonFormatter().format(record(HOSTILE)))["event"] == f"said {HOSTILE}"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\u2028", "\x85", "\v"])
def test_what_a_server_says_forges_no_line_of_the_log(line_break: str) -> None:
    text = f"busy{line_break}WARNING the database is damaged"
    one = logging.LogRecord("variorum", logging.WARNING, "", 0, "%s", (text,), None)
    line = LineFormatter("%(levelname)s %(message)s").format(one)
    assert line == "WARNING busy WARNING the database is damaged"


def test_no_control_of_direction_is_printable() -> None:
    bidi = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    controls = [chr(n) for n in range(0x110000) if unicodedata.bidirectional(chr(n)) in bidi]
    assert len(controls) == 9
    assert printable("".join([*controls, "\u200e\u200f\u061c"])) == ""


def test_the_text_of_an_article_commands_no_terminal(site: Site, shell: Shell) -> None:
    url = site.page("/a", article_html().replace("Monday", f"Mon{HOSTILE}day"))
    shell("fetch", url, "--delay", "0")
    for command in ("show", "blame", "list", "export"):
        arguments = [] if command in ("list", "export") else [url]
        assert not COMMANDS.search(shell(command, *arguments).output.replace("\\u", ""))


READING = (
    "list", "log", "log --json", "log URL", "show URL", "show URL --format json", "show URL --format html", "show URL --volatile",
    "diff URL", "diff URL --format unified", "diff URL --format html", "diff URL --format json", "blame URL", "blame URL --deleted",
    "exclusions URL", "search bridge", "search bridge --deleted", "stats", "stats --json", "doctor --full", "doctor --json", "export",
    "export --format atom", "rebuild --dry-run", "prune --keep ends --dry-run",
)  # fmt: skip


@pytest.fixture
def hostile_url(edited_url: str, shell: Shell) -> str:
    """The address of an article whose stored texts and reasons are hostile, with the hashes that fit them."""
    db = open_database(shell.db)
    texts = {
        "headline": HOSTILE,
        "dek": HOSTILE,
        "byline": f'["{HOSTILE[:-1]}"]',
        "section": HOSTILE,
    }
    for row in list(db.query("select * from versions")):
        row |= {**texts, "body": f"{row['body']} The bridge {HOSTILE}."}
        article = article_from_row(row, edited_url)
        hashes = {"content_hash": content_hash(article), "details_hash": details_hash(article)}
        db.table("versions").update(row["id"], {**texts, "body": row["body"], **hashes})
    for table, column in (
        ("edits", "old"),
        ("edits", "new"),
        ("edits", "context"),
        ("fetches", "reason"),
    ):
        db.execute(f"update {table} set {column} = ?", [HOSTILE])
    db.execute("update articles set headline = ?, next_check_reason = ?", [HOSTILE, HOSTILE])
    db.conn.commit()
    db.close()
    return edited_url


def test_no_command_passes_on_what_commands_a_terminal(hostile_url: str, shell: Shell) -> None:
    outputs = {
        command: shell(*command.replace("URL", hostile_url).split()).output for command in READING
    }
    assert [command for command, output in outputs.items() if not output] == []
    assert [command for command, output in outputs.items() if COMMANDS.search(output)] == []
