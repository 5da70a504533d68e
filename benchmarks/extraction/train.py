"""Learn the weights of the body model from the corpora, and say how well they generalise.

    python benchmarks/extraction/train.py [--corpora DIR] [--folds-only]

Writes `scraper/extract/body/weights.json`. Needs numpy, scipy, scikit-learn and lightgbm.
The label of a block is the share of its 4-token shingles that the true body has; where only
snippets are known, those blocks count that hold one. The scores printed are those of the
whole extractor in folds over registrable domains: no site is judged by what was learned
from itself. They are what to expect of a publisher never seen. Nothing of the pages is kept but weights of class words that at
least six sites use.
"""

import argparse
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import lightgbm
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.pages.corpus import locate_paragraphs  # noqa: E402
from benchmarks.pages.world import build_sites  # noqa: E402
from scraper.extract.body import (  # noqa: E402
    features,
    find_body,
    heaviest_element,
    model,
    usable_blocks,
)
from scraper.extract.body.model import label_words  # noqa: E402
from scraper.extract.html.blocks import Block, Element, no_weight, read_blocks  # noqa: E402
from scraper.extract.html.document import Document  # noqa: E402
from scraper.extract.html.text import one_line  # noqa: E402
from scraper.extract.metadata import read_metadata  # noqa: E402

MIN_SITES_PER_WORD = 6  # sites that use a class word before it gets a weight
MIN_ABS_WEIGHT = 0.04  # word weights under this are left out
FIRST_PASS_SETTINGS = {"num_leaves": 16, "learning_rate": 0.2, "min_data_in_leaf": 300, "lambda_l2": 5,
         "feature_fraction": 0.7}  # fmt: skip
SECOND_PASS_SETTINGS = {"num_leaves": 12, "learning_rate": 0.25, "min_data_in_leaf": 200, "lambda_l2": 20,
          "feature_fraction": 0.5}  # fmt: skip
FIRST_PASS_TREES, SECOND_PASS_TREES = 20, 20
FOLDS = 5


@dataclass(frozen=True)
class Truth:
    """The true body of a page, or where only snippets are known, what it holds and what not."""

    body: str
    holds: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A page of a corpus and its truth; `has_noise` where invented noise was put into it."""

    corpus: str
    host: str
    url: str
    html: bytes
    truth: Truth
    has_noise: bool


@dataclass(frozen=True)
class LabelledPage:
    """A page with its blocks and what they should be; `labels` are -1 where unknown."""

    source: Source
    schema_text: str
    blocks: list[Block]
    labels: list[float]
    weight: list[float]


def domain(url: str) -> str:
    parts = urlsplit(url).netloc.lower().removeprefix("www.").split(".")
    second = (
        len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in ("co", "com", "org", "net", "or")
    )
    return ".".join(parts[-3:] if second else parts[-2:])


def read_truth(record: dict[str, Any]) -> Truth:
    with_, without = record.get("snippets_with") or (), record.get("snippets_without") or ()
    return Truth(
        record.get("body") or "",
        tuple(map(one_line, with_)),
        tuple(map(one_line, without)),
    )


def sources(corpora: Path) -> Iterator[Source]:
    """Every page that has a truth: most come twice, as saved and with the invented ads,
    related boxes, pitches and lists of benchmarks/pages/noise.py in and around the text."""
    articles, pairs = corpora / "articles", corpora / "pairs"
    for count, line in enumerate((articles / "truth.jsonl").open(encoding="utf-8")):
        record = json.loads(line)
        truth = read_truth(record)
        if not truth.body and not truth.holds:
            continue
        url, corpus = record.get("url") or "", record["corpus"]
        host = domain(url) or record.get("publisher") or record["id"]
        html = gzip.decompress(
            (articles / "pages" / corpus / f"{record['id']}.html.gz").read_bytes()
        )
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
    document = Document(source.html, source.url)
    metadata = read_metadata(document)
    blocks = read_blocks(document.tree, no_weight, document.tags.hidden)
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
    """1 for a block that holds what the body does, 0 for what it does not; -1 for all others."""
    return [
        1.0
        if any(snippet in block.text for snippet in truth.holds)
        else 0.0
        if any(snippet in block.text for snippet in truth.lacks)
        else -1.0
        for block in blocks
    ]


def shares(blocks: list[Block], truth: str, score: Any) -> list[float]:
    """Share of each block in the true body; -1 for what cannot be told."""
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


def element_names(element: Element | None) -> Counter[str]:
    """Words of the elements around a block: a: all, n: the three nearest, o: the nearest."""
    names: Counter[str] = Counter()
    depth = 0
    while element is not None and element.parent is not None:
        for word in [f"<{element.tag}", *label_words(element.label[:400])]:
            names["a:" + word] += 1
            if depth <= 2:
                names["n:" + word] += 1
            if depth == 0:
                names["o:" + word] += 1
        element = element.parent
        depth += 1
    return names


class ClassWordModel:
    """The logistic regression on class words."""

    def __init__(self, pages: list[LabelledPage], sites: np.ndarray) -> None:
        names: dict[Element, Counter[str]] = {}
        block_names = [
            names.setdefault(b.element, element_names(b.element)) for p in pages for b in p.blocks
        ]
        sites_by_name: dict[str, set[int]] = defaultdict(set)
        for entries, site in zip(block_names, sites, strict=True):
            for name in entries:
                sites_by_name[name].add(int(site))
        self.names = sorted(
            name for name, hosts in sites_by_name.items() if len(hosts) >= MIN_SITES_PER_WORD
        )
        index = {name: at for at, name in enumerate(self.names)}
        cells = [
            (row, index[name], count)
            for row, entries in enumerate(block_names)
            for name, count in entries.items()
            if name in index
        ]
        rows, columns, counts = zip(*cells, strict=True)
        shape = (len(block_names), len(self.names))
        self.matrix = csr_matrix((np.array(counts, dtype=np.float32), (rows, columns)), shape=shape)
        self.kind = np.array([name[0] for name in self.names])
        self.near_of_own = np.array([index.get("n" + name[1:], -1) for name in self.names])
        trained_columns = np.flatnonzero(self.kind != "o")
        self.trained_columns = trained_columns
        self.trained_matrix = self.matrix[:, trained_columns]

    def fit(self, rows: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
        model = LogisticRegression(C=0.03, max_iter=100, solver="liblinear")
        model.fit(self.trained_matrix[rows], y[rows], sample_weight=w[rows] / 10)
        weights = np.zeros(len(self.names))
        weights[self.trained_columns] = model.coef_[0]
        weights[np.abs(weights) < MIN_ABS_WEIGHT] = 0.0
        own = self.kind == "o"
        weights[own] = np.where(self.near_of_own[own] >= 0, weights[self.near_of_own[own]], 0.0)
        return weights

    def apply(self, rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Far, near and own weight of each block."""
        kinds = [np.where(self.kind == kind, weights, 0.0) for kind in "ano"]
        return np.stack([self.matrix[rows] @ kind for kind in kinds], axis=1)


def boost(x: np.ndarray, y: np.ndarray, w: np.ndarray, settings: dict[str, Any], trees: int) -> Any:
    used_rows = w > 0
    data = lightgbm.Dataset(x[used_rows], y[used_rows], weight=w[used_rows])
    return lightgbm.train(
        {"objective": "binary", "verbose": -1, "num_threads": 2, "seed": 1, **settings}, data, trees
    )


def tree_list(model: Any) -> list[Any]:
    def node(part: dict[str, Any]) -> Any:
        if "leaf_value" in part:
            return round(part["leaf_value"], 4)
        return [
            part["split_feature"],
            float(f"{part['threshold']:.4g}"),
            node(part["left_child"]),
            node(part["right_child"]),
        ]

    return [node(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]


def second_rows(pages: list[LabelledPage], first: np.ndarray, probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """The features of the second look, and which blocks come to it."""
    rows = np.zeros((len(first), features.PLACE_FEATURES + features.TEXT_FEATURES))
    selected = np.zeros(len(first), dtype=bool)
    start = 0
    for page in pages:
        end = start + len(page.blocks)
        if page.blocks:
            part_values, chance = first[start:end].tolist(), probabilities[start:end].tolist()
            prose = features.Prose(page.blocks)
            weights = features.weigh(page.blocks, prose.widths, chance)
            container = heaviest_element(weights)
            places, _ = features.place_features(
                page.blocks, part_values, chance, weights, container
            )
            for at, place in places.items():
                rows[start + at] = place + features.text_features(page.blocks[at], page.schema_text)
                selected[start + at] = True
        start = end
    return rows, selected


def use_weights(weights: dict[str, Any]) -> None:
    """Have the extractor use these weights from now on."""
    model._weights = lambda: weights  # type: ignore[assignment] # the cached reader of the file
    for cached_function in (model.prior, model.first_pass, model.second_pass):
        cached_function.cache_clear()


def counts(source: Source, score: Any) -> tuple[int, int, int]:
    """Shingles right, wrong and missed in the body that is extracted from a page."""
    document = Document(source.html, source.url)
    metadata = read_metadata(document)
    body = find_body(document, metadata)
    lines = list(body.paragraphs)
    if source.corpus == "fundus" and metadata.dek and metadata.dek not in lines:
        lines.insert(0, metadata.dek)
    entries: tuple[int, int, int] = score.shingle_counts(
        score.tokenize(source.truth.body), score.tokenize("\n".join(lines))
    )
    return entries


def exported_weights(
    words: ClassWordModel, weights: np.ndarray, first: Any, second: Any
) -> dict[str, Any]:
    """What `weights.json` holds."""
    kinds = {"a": "far", "n": "near"}
    entries: dict[str, Any] = {
        kinds[kind]: {
            name[2:]: round(float(value), 2)
            for name, value in zip(words.names, weights, strict=True)
            if name[0] == kind and abs(value) >= MIN_ABS_WEIGHT
        }
        for kind in kinds
    }
    return {**entries, "first": tree_list(first), "second": tree_list(second)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=ROOT.parent / "shared" / "corpora")
    parser.add_argument("--folds-only", action="store_true")
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.corpora / "articles"))
    import score  # the corpus brings its own scorer

    pages = [read_labelled_page(source, score) for source in sources(arguments.corpora)]
    sizes = [len(page.blocks) for page in pages]
    page_sites = np.array([crc32(page.source.host.encode()) for page in pages])
    sites = np.repeat(page_sites, sizes)
    y = np.array([value > 0.5 for page in pages for value in page.labels], dtype=float)
    w = np.array([value for page in pages for value in page.weight])
    folds = list(PredefinedSplit(sites % FOLDS).split())
    words = ClassWordModel(pages, sites)
    priors = np.zeros((len(y), 3))
    fold_weights = [words.fit(train, y, w) for train, _ in folds]
    for (_, test), weights in zip(folds, fold_weights, strict=True):
        priors[test] = words.apply(test, weights)
    first = first_rows(pages, priors)
    first_models = [
        boost(first[train], y[train], w[train], FIRST_PASS_SETTINGS, FIRST_PASS_TREES)
        for train, _ in folds
    ]
    probabilities = np.zeros(len(y))
    for (_, test), first_model in zip(folds, first_models, strict=True):
        probabilities[test] = first_model.predict(first[test])
    rows, selected = second_rows(pages, first, probabilities)
    all_features = np.hstack([first, rows])
    second_weights = np.where(selected, w, 0.0)
    entries = defaultdict(list)
    for (train, test), weights, first_model in zip(folds, fold_weights, first_models, strict=True):
        second = boost(
            all_features[train],
            y[train],
            second_weights[train],
            SECOND_PASS_SETTINGS,
            SECOND_PASS_TREES,
        )
        use_weights(exported_weights(words, weights, first_model, second))
        for at in np.flatnonzero(np.isin(page_sites, sites[test])):
            source = pages[at].source
            if source.truth.body and not source.has_noise:
                entries[source.corpus].append(counts(source, score))
    for corpus, page_counts in sorted(entries.items()):
        print(f"  {corpus:12} F1 %.3f  P %.3f  R %.3f" % score.shingle_f1(page_counts))
    if arguments.folds_only:
        return
    best = exported_weights(
        words,
        words.fit(np.arange(len(y)), y, w),
        boost(first, y, w, FIRST_PASS_SETTINGS, FIRST_PASS_TREES),
        boost(all_features, y, second_weights, SECOND_PASS_SETTINGS, SECOND_PASS_TREES),
    )
    text = json.dumps(best, ensure_ascii=False, separators=(",", ":")).replace('"far"', '\n"far"')
    target = ROOT / "scraper" / "extract" / "weights.json"
    target.write_text(text + "\n", encoding="utf-8")
    print(f"{target}: {target.stat().st_size:,} bytes")


def first_rows(pages: list[LabelledPage], priors: np.ndarray) -> np.ndarray:
    """The features of the first look of all blocks."""
    rows = []
    prior_rows = iter(priors.tolist())
    for page in pages:
        copies = Counter(block.text for block in page.blocks)
        for block in page.blocks:
            block.element.far, block.element.near, block.element.own = next(prior_rows)
        prose = features.Prose(page.blocks)
        rows += [
            features.first_features(block, at, prose.widths[at], copies[block.text], prose)
            for at, block in enumerate(page.blocks)
        ]
    return np.array(rows)


if __name__ == "__main__":
    main()
