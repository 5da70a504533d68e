"""Learn the weights of the body model from the corpora, and say how well they generalise.

    python benchmarks/train_body.py [--corpora DIR] [--folds-only]

Writes `scraper/extract/weights.json`. Needs numpy, scipy, scikit-learn and lightgbm.
The label of a block is the share of its 4-token shingles that the true body has. All
scores are printed from folds over registrable domains: no site is judged by what was
learned from itself. Nothing of the pages is kept but weights of class words that at
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

import lightgbm
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.corpus import located  # noqa: E402
from benchmarks.world import build  # noqa: E402
from scraper.extract import features  # noqa: E402 - the path comes first
from scraper.extract.blocks import Block, Frame, read_blocks  # noqa: E402
from scraper.extract.body import folded, headline_words, usable_blocks, weighed  # noqa: E402
from scraper.extract.metadata import read_metadata  # noqa: E402
from scraper.extract.model import label_words, probability  # noqa: E402
from scraper.extract.tree import parse  # noqa: E402

MIN_SITES = 6  # sites that use a class word before it gets a weight
SMALL = 0.04  # word weights under this are left out
FIRST = {"num_leaves": 8, "learning_rate": 0.3, "min_data_in_leaf": 300, "lambda_l2": 5,
         "feature_fraction": 0.7}  # fmt: skip
SECOND = {"num_leaves": 12, "learning_rate": 0.12, "min_data_in_leaf": 100, "lambda_l2": 5,
          "feature_fraction": 0.5}  # fmt: skip
FIRST_TREES, SECOND_TREES = 20, 60
FOLDS = 5


@dataclass
class Page:
    """A page with its blocks and what they should be; `right` is -1 where unknown."""

    corpus: str
    host: str
    truth: str
    headline: str | None
    dek: str | None
    said: str
    blocks: list[Block]
    right: list[float]
    weight: list[float]
    noised: bool


def domain(url: str) -> str:
    parts = urlsplit(url).netloc.lower().removeprefix("www.").split(".")
    second = (
        len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in ("co", "com", "org", "net", "or")
    )
    return ".".join(parts[-3:] if second else parts[-2:])


def sources(corpora: Path) -> Iterator[tuple[str, str, str, bytes, str, bool]]:
    """Corpus, host, address, HTML and true body of every page that has one, and whether
    noise was put into it: most pages come twice, as saved and with the invented ads,
    related boxes, pitches and lists of benchmarks/page_noise.py in and around the text."""
    articles, pairs = corpora / "articles", corpora / "pairs"
    for count, line in enumerate((articles / "truth.jsonl").open(encoding="utf-8")):
        truth = json.loads(line)
        if truth.get("body"):
            url, corpus = truth.get("url") or "", truth["corpus"]
            host = domain(url) or truth.get("publisher") or truth["id"]
            path = articles / "pages" / corpus / f"{truth['id']}.html.gz"
            html = gzip.decompress(path.read_bytes())
            yield corpus, host, url, html, truth["body"], False
            page = located(corpora, truth)
            if page is not None:
                noised = build([page], seed=count, mix="hard")[0].html(1, 0)
                yield corpus, host, url, noised, truth["body"], True
    seen = set()
    for line in (pairs / "versions.jsonl").open(encoding="utf-8"):
        version = json.loads(line)
        if version.get("body") and version["article_id"] not in seen:
            seen.add(version["article_id"])
            html = gzip.decompress((pairs / version["html"]).read_bytes())
            yield "pairs", domain(version["url"]), version["url"], html, version["body"], False


def read_page(corpus: str, host: str, url: str, html: bytes, truth: str, noised: bool, score: Any) -> Page:  # fmt: skip
    tree = parse(html, url)
    metadata = read_metadata(tree, url)
    blocks = usable_blocks(read_blocks(tree, lambda tag, label: (0.0, 0.0)))
    right = labels(blocks, truth, score)
    known = {folded(metadata.headline), *map(folded, (metadata.dek or "").split("\n"))}
    weight = [
        0.0 if value < 0 or block.text in known else min(60, len(score.tokenize(block.text))) ** 0.5
        for block, value in zip(blocks, right, strict=True)
    ]
    scale = (200 / max(100.0, sum(weight))) ** 0.5
    return Page(
        corpus, host, truth, metadata.headline, metadata.dek, folded(metadata.schema_body), blocks,
        right, [value * scale for value in weight], noised,
    )  # fmt: skip


def labels(blocks: list[Block], truth: str, score: Any) -> list[float]:
    """Share of each block in the true body; -1 for what cannot be told."""
    tokens = score.tokenize(truth)
    all_of_it = score.shingles(tokens)
    left = dict(all_of_it)
    lines = {" ".join(score.tokenize(line.casefold())) for line in truth.split("\n")}
    joined = f" {' '.join(tokens)} "
    found = []
    for block in blocks:
        words = score.tokenize(block.text)
        if len(words) < score.SHINGLE:
            exact = " ".join(score.tokenize(block.text.casefold())) in lines and bool(words)
            inside = bool(words) and f" {' '.join(words)} " in joined
            found.append(1.0 if exact else -1.0 if inside else 0.0)
            continue
        mine = score.shingles(words)
        count = sum(mine.values())
        share = sum(min(n, left.get(key, 0)) for key, n in mine.items()) / count
        ever = sum(min(n, all_of_it.get(key, 0)) for key, n in mine.items()) / count
        if share > 0.6:
            for key, n in mine.items():
                left[key] = max(0, left.get(key, 0) - n)
        found.append(share if ever - share < 0.5 else -1.0)
    return found


def frame_names(frame: Frame | None) -> Counter[str]:
    """Words of the elements around a block: a: all, n: the three nearest, o: the nearest."""
    names: Counter[str] = Counter()
    depth = 0
    while frame is not None and frame.parent is not None:
        for word in [f"<{frame.tag}", *label_words(frame.label[:400])]:
            names["a:" + word] += 1
            if depth <= 2:
                names["n:" + word] += 1
            if depth == 0:
                names["o:" + word] += 1
        frame = frame.parent
        depth += 1
    return names


class Words:
    """The logistic regression on class words."""

    def __init__(self, pages: list[Page], sites: np.ndarray) -> None:
        names: dict[Frame, Counter[str]] = {}
        every = [names.setdefault(b.frame, frame_names(b.frame)) for p in pages for b in p.blocks]
        used: dict[str, set[int]] = defaultdict(set)
        for found, site in zip(every, sites, strict=True):
            for name in found:
                used[name].add(int(site))
        self.names = sorted(name for name, hosts in used.items() if len(hosts) >= MIN_SITES)
        index = {name: at for at, name in enumerate(self.names)}
        cells = [
            (row, index[name], count)
            for row, found in enumerate(every)
            for name, count in found.items()
            if name in index
        ]
        rows, columns, counts = zip(*cells, strict=True)
        shape = (len(every), len(self.names))
        self.matrix = csr_matrix((np.array(counts, dtype=np.float32), (rows, columns)), shape=shape)
        self.kind = np.array([name[0] for name in self.names])
        self.near_of_own = np.array([index.get("n" + name[1:], -1) for name in self.names])
        learned = np.flatnonzero(self.kind != "o")
        self.learned = learned
        self.narrow = self.matrix[:, learned]

    def fit(self, rows: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
        model = LogisticRegression(C=0.03, max_iter=100, solver="liblinear")
        model.fit(self.narrow[rows], y[rows], sample_weight=w[rows] / 10)
        weights = np.zeros(len(self.names))
        weights[self.learned] = model.coef_[0]
        weights[np.abs(weights) < SMALL] = 0.0
        own = self.kind == "o"
        weights[own] = np.where(self.near_of_own[own] >= 0, weights[self.near_of_own[own]], 0.0)
        return weights

    def apply(self, rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Far, near and own weight of each block."""
        kinds = [np.where(self.kind == kind, weights, 0.0) for kind in "ano"]
        return np.stack([self.matrix[rows] @ kind for kind in kinds], axis=1)


def boost(x: np.ndarray, y: np.ndarray, w: np.ndarray, settings: dict[str, Any], trees: int) -> Any:
    kept = w > 0
    data = lightgbm.Dataset(x[kept], y[kept], weight=w[kept])
    return lightgbm.train(
        {"objective": "binary", "verbose": -1, "num_threads": 2, "seed": 1, **settings}, data, trees
    )


def out_of_fold(folds: list[Any], x: np.ndarray, y: np.ndarray, w: np.ndarray, settings: dict[str, Any], trees: int) -> np.ndarray:  # fmt: skip
    found = np.zeros(len(y))
    for train, test in folds:
        found[test] = boost(x[train], y[train], w[train], settings, trees).predict(x[test])
    return found


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


def second_rows(pages: list[Page], first: np.ndarray, likely: np.ndarray) -> np.ndarray:
    rows: list[list[float]] = []
    at = 0
    for page in pages:
        count = len(page.blocks)
        if count:
            mine, chance = first[at : at + count].tolist(), likely[at : at + count].tolist()
            weights, container = weighed(page.blocks, mine, chance)
            places = features.place_features(page.blocks, mine, chance, weights, container)
            rows += [
                place
                + (features.kind_features(block) if p >= features.UNLIKELY else features.NO_KINDS)
                for block, place, p in zip(page.blocks, places, chance, strict=True)
            ]
        at += count
    return np.array(rows)


def report(pages: list[Page], chance: np.ndarray, score: Any) -> None:
    """Body F1 per corpus when every block over one half is taken."""
    counts = defaultdict(list)
    at = 0
    for page in pages:
        dek = folded(page.dek)
        texts = [b.text for b, p in zip(page.blocks, chance[at : at + len(page.blocks)]) if p > 0.5]  # noqa: B905
        at += len(page.blocks)
        if page.noised:
            continue
        texts = [text for text in texts if text not in (page.headline, dek)]
        if page.corpus == "fundus":
            texts.insert(0, dek)
        pair = score.tokenize(page.truth), score.tokenize("\n".join(texts))
        counts[page.corpus].append(score.shingle_counts(*pair))
    for corpus, found in sorted(counts.items()):
        print(f"  {corpus:12} F1 %.3f  P %.3f  R %.3f" % score.shingle_f1(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, default=ROOT.parent / "shared" / "corpora")
    parser.add_argument("--folds-only", action="store_true")
    arguments = parser.parse_args()
    sys.path.insert(0, str(arguments.corpora / "articles"))
    import score  # the corpus brings its own scorer

    pages = [read_page(*source, score) for source in sources(arguments.corpora)]
    site_of = {host: at for at, host in enumerate(sorted({page.host for page in pages}))}
    sites = np.array([site_of[page.host] for page in pages for _ in page.blocks])
    y = np.array([value > 0.5 for page in pages for value in page.right], dtype=float)
    w = np.array([value for page in pages for value in page.weight])
    folds = list(GroupKFold(FOLDS).split(y, y, sites))
    words = Words(pages, sites)
    priors = np.zeros((len(y), 3))
    for train, test in folds:
        priors[test] = words.apply(test, words.fit(train, y, w))
    first = first_rows(pages, priors)
    likely = out_of_fold(folds, first, y, w, FIRST, FIRST_TREES)
    both = np.hstack([first, second_rows(pages, first, likely)])
    all_weights, w = w, np.where(likely >= features.UNLIKELY, w, 0.0)
    chance = out_of_fold(folds, both, y, w, SECOND, SECOND_TREES)
    chance[likely < features.UNLIKELY] = 0.0
    report(pages, chance, score)
    if arguments.folds_only:
        return
    weights = words.fit(np.arange(len(y)), y, all_weights)
    chosen = {
        "far" if kind == "a" else "near": {
            name[2:]: round(float(value), 2)
            for name, value in zip(words.names, weights, strict=True)
            if name[0] == kind and abs(value) >= SMALL
        }
        for kind in "an"
    }
    chosen["first"] = tree_list(boost(first, y, all_weights, FIRST, FIRST_TREES))
    chosen["second"] = tree_list(boost(both, y, w, SECOND, SECOND_TREES))
    text = json.dumps(chosen, ensure_ascii=False, separators=(",", ":")).replace('"far"', '\n"far"')
    target = ROOT / "scraper" / "extract" / "weights.json"
    target.write_text(text + "\n", encoding="utf-8")
    print(f"{target}: {target.stat().st_size:,} bytes; {probability(0.0)} is the threshold")


def first_rows(pages: list[Page], priors: np.ndarray) -> np.ndarray:
    rows = []
    at = 0
    for page in pages:
        headline = headline_words(page.headline)
        copies = Counter(block.text for block in page.blocks)
        for block in page.blocks:
            block.frame.far, block.frame.near, block.frame.own = priors[at]
            rows.append(features.text_features(block, headline, copies[block.text], page.said))
            at += 1
    return np.array(rows)


if __name__ == "__main__":
    main()
