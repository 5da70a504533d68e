"""Exports read back with other programs."""

from io import BytesIO
from pathlib import Path

from click.testing import CliRunner, Result
from warcio.archiveiterator import ArchiveIterator

from variorum.cli import main


def run(db: Path, *arguments: str) -> Result:
    """The result of a command on a database."""
    return CliRunner().invoke(main, ["--db", str(db), *arguments])


def warc(db: Path, *arguments: str) -> bytes:
    """The WARC that `export` writes."""
    result = run(db, "export", "--format", "warc", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def records(raw: bytes) -> list[tuple[str, dict[str, str], dict[str, str], bytes]]:
    """Type, WARC headers, HTTP headers and payload of each record; digests are verified."""
    record_list = []
    iterator = ArchiveIterator(BytesIO(raw), check_digests="raise")
    for record in iterator:
        http = dict(record.http_headers.headers) if record.http_headers else {}
        record_list.append(
            (
                record.rec_type,
                dict(record.rec_headers.headers),
                http,
                record.content_stream().read(),
            )
        )
    return record_list
