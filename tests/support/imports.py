"""Files to import, and what `import` says of them."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.database import open_database
from storage.queries import articles as queries
from storage.queries.health import integrity
from tests.support.pages import article_html
from variorum.cli import main

# What an import changes: the IDs, and who made the requests.
OWN_COLUMNS = {
    "id",
    "article_id",
    "version_id",
    "snapshot_id",
    "confirms",
    "declared_by",
    "imported",
}
HTML = "text/html; charset=utf-8"
URL = "https://example.org/news/the-bridge-4711042"
PAGE_V1 = article_html()
PAGE_V2 = PAGE_V1.replace("21 people", "12 people")
PAGE_V3 = PAGE_V2.replace("next year", "this year")


def run(db: Path, *arguments: str | Path) -> Result:
    """The result of a command on a database."""
    return CliRunner().invoke(main, ["--db", str(db), *map(str, arguments)])


def import_files(db: Path, *files: Path, status: int = 0) -> list[dict[str, Any]]:
    """What `import --json` says of each file."""
    result = run(db, "import", "--json", *files)
    assert result.exit_code == status, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def counts_of(report: dict[str, Any]) -> tuple[int, int, int, int]:
    """The articles, versions, edits and checks that a file brought."""
    return report["articles"], report["versions"], report["edits"], report["checks"]


def rows(text: str) -> list[dict[str, Any]]:
    """Exported rows without what an import changes."""
    row_list = [json.loads(line) for line in text.splitlines()]
    return [
        {name: value for name, value in row.items() if name not in OWN_COLUMNS} for row in row_list
    ]


def assert_sound(path: Path) -> None:
    """Assert that a database and its full-text index are consistent."""
    db = open_database(path)
    assert integrity(db) == queries.articles_with_number_gaps(db) == []
    db.execute("insert into version_words (version_words) values ('integrity-check')")
    db.close()


class Warc:
    """A web archive that a test writes, record by record."""

    def __init__(self, *, gzip: bool = True) -> None:
        self.out = BytesIO()
        self.writer = WARCWriter(self.out, gzip=gzip, warc_version="WARC/1.1")

    def page(
        self,
        at: str,
        html: str | bytes,
        url: str = URL,
        *,
        kind: str = HTML,
        status: str = "200 OK",
        protocol: str = "HTTP/1.1",
        **headers: str,
    ) -> "Warc":
        raw = html if isinstance(html, bytes) else html.encode()
        http_headers = [
            ("Content-Type", kind),
            *((name.replace("_", "-"), value) for name, value in headers.items()),
        ]
        self.writer.write_record(
            self.writer.create_warc_record(
                url, "response", payload=BytesIO(raw), length=len(raw), warc_headers_dict={"WARC-Date": at},
                http_headers=StatusAndHeaders(status, http_headers, protocol=protocol),
            )
        )  # fmt: skip
        return self

    def revisit(self, at: str, first_at: str, digest: str, url: str = URL) -> "Warc":
        self.writer.write_record(
            self.writer.create_revisit_record(
                url, digest, url, first_at, warc_headers_dict={"WARC-Date": at},
                http_headers=StatusAndHeaders("200 OK", [("Content-Type", HTML)], protocol="HTTP/1.1"),
            )
        )  # fmt: skip
        return self

    def resource(self, at: str, html: str, url: str = URL, kind: str = HTML) -> "Warc":
        """A page without the HTTP answer that brought it."""
        raw = html.encode()
        self.writer.write_record(
            self.writer.create_warc_record(
                url, "resource", payload=BytesIO(raw), length=len(raw), warc_content_type=kind,
                warc_headers_dict={"WARC-Date": at},
            )
        )  # fmt: skip
        return self

    def other_records(self) -> "Warc":
        self.writer.write_record(
            self.writer.create_warcinfo_record("x.warc", {"software": "other"})
        )
        self.writer.write_record(
            self.writer.create_warc_record(
                "dns:example.org", "resource", payload=BytesIO(b"1.2.3.4"), length=7
            )
        )
        return self

    def save(self, path: Path) -> Path:
        path.write_bytes(self.out.getvalue())
        return path


def day(number: int) -> str:
    return f"2025-03-{number:02}T09:00:00Z"
