"""The blocks of the corpora's pages, labelled by the true body of each page."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.pages.corpus import locate_paragraphs, saved_page
from benchmarks.pages.world import build_sites
from scraper.extract.body.select import usable_blocks
from scraper.extract.html.blocks import Block, no_weight, read_blocks
from scraper.extract.html.document import Document
from scraper.extract.html.rows import join_rows
from scraper.extract.html.text import one_line
from scraper.extract.metadata import read_metadata


@dataclass(frozen=True)
class Truth:
    """The true body of a page, or only snippets that it contains (`holds`) and that it does not."""

    body: str
    holds: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A page of a corpus and its truth. `has_noise` says that invented page noise was added to it."""

    corpus: str
    host: str
    url: str
    html: bytes
    truth: Truth
    has_noise: bool


@dataclass(frozen=True)
class LabelledPage:
    """A page with its blocks, their labels from 0 to 1 (-1: unknown) and their weights."""

    source: Source
    schema_text: str
    blocks: list[Block]
    labels: list[float]
    weight: list[float]


def domain(url: str) -> str:
    """The registrable domain of a URL, near enough for the corpora."""
    parts = urlsplit(url).netloc.lower().removeprefix("www.").split(".")
    second = (
        len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in ("co", "com", "org", "net", "or")
    )
    return ".".join(parts[-3:] if second else parts[-2:])


def read_truth(record: dict[str, Any]) -> Truth:
    """The truth of a record of the corpora."""
    with_, without = record.get("snippets_with") or (), record.get("snippets_without") or ()
    return Truth(
        record.get("body") or "",
        tuple(map(one_line, with_)),
        tuple(map(one_line, without)),
    )


def sources(corpora: Path) -> Iterator[Source]:
    """Every page that has a truth. Most come twice: as saved, and with invented page noise of the
    first family in and around the text."""
    articles, pairs = corpora / "articles", corpora / "pairs"
    for count, line in enumerate((articles / "truth.jsonl").open(encoding="utf-8")):
        record = json.loads(line)
        truth = read_truth(record)
        if not truth.body and not truth.holds:
            continue
        url, corpus = record.get("url") or "", record["corpus"]
        host = domain(url) or record.get("publisher") or record["id"]
        html = saved_page(corpora, record)
        yield Source(corpus, host, url, html, truth, has_noise=False)
        page = locate_paragraphs(corpora, record) if truth.body else None
        if page is not None:
            noise = build_sites([page], seed=count, mix="hard")[0].html(1, 0)
            yield Source(corpus, host, url, noise, truth, has_noise=True)
    selected = set()
    for line in (pairs / "versions.jsonl").open(encoding="utf-8"):
        version = json.loads(line)
        if version.get("body") and version["article_id"] not in selected:
            selected.add(version["article_id"])
            html = gzip.decompress((pairs / version["html"]).read_bytes())
            url = version["url"]
            yield Source("pairs", domain(url), url, html, read_truth(version), has_noise=False)


def read_labelled_page(source: Source, score: Any) -> LabelledPage:
    """A page with its blocks labelled; `score` is the corpora's scorer."""
    document = Document(source.html, source.url)
    metadata = read_metadata(document)
    blocks = join_rows(read_blocks(document.tree, no_weight, document.tags.hidden))
    blocks = usable_blocks(blocks, metadata.headline)
    truth = source.truth
    labels = shares(blocks, truth.body, score) if truth.body else snippets(blocks, truth)
    headline_texts = {
        one_line(metadata.headline or ""),
        *map(one_line, (metadata.dek or "").split("\n")),
    }
    weight = [
        0.0
        if value < 0 or block.text in headline_texts
        else min(60, len(score.tokenize(block.text))) ** 0.5
        for block, value in zip(blocks, labels, strict=True)
    ]
    scale = (200 / max(100.0, sum(weight))) ** 0.5
    schema_text = one_line(metadata.schema_body or "")
    return LabelledPage(source, schema_text, blocks, labels, [value * scale for value in weight])


def snippets(blocks: list[Block], truth: Truth) -> list[float]:
    """1 for a block with a snippet of the body, 0 with a snippet outside it, -1 for all others."""
    return [
        1.0
        if any(snippet in block.text for snippet in truth.holds)
        else 0.0
        if any(snippet in block.text for snippet in truth.lacks)
        else -1.0
        for block in blocks
    ]


def shares(blocks: list[Block], truth: str, score: Any) -> list[float]:
    """The share of each block that the true body contains, -1 if that is ambiguous."""
    tokens = score.tokenize(truth)
    body_shingles = score.shingles(tokens)
    remaining = dict(body_shingles)
    lines = {" ".join(score.tokenize(line.casefold())) for line in truth.split("\n")}
    joined = f" {' '.join(tokens)} "
    entries = []
    for block in blocks:
        words = score.tokenize(block.text)
        if len(words) < score.SHINGLE:
            exact = " ".join(score.tokenize(block.text.casefold())) in lines and bool(words)
            inside = bool(words) and f" {' '.join(words)} " in joined
            entries.append(1.0 if exact else -1.0 if inside else 0.0)
            continue
        part_values = score.shingles(words)
        count = sum(part_values.values())
        share = sum(min(n, remaining.get(key, 0)) for key, n in part_values.items()) / count
        share_in_body = (
            sum(min(n, body_shingles.get(key, 0)) for key, n in part_values.items()) / count
        )
        if share > 0.6:
            for key, n in part_values.items():
                remaining[key] = max(0, remaining.get(key, 0) - n)
        entries.append(share if share_in_body - share < 0.5 else -1.0)
    return entries
