"""Train the weights of the body model on the corpora, and print how well they generalise.

    python -m benchmarks train-body [--folds-only]

The command writes `scraper/extract/body/weights.json`. It needs numpy, scipy, scikit-learn and
lightgbm. The label of a block is the share of its 4-token shingles in the true body. If the truth
is snippets only, a block counts if it contains one.

The F1 printed is of the whole extractor in folds over registrable domains, so no site is scored by
a model trained on it. That is what to expect of a new publisher. The weights contain nothing of
the pages but class words that at least six sites use.
"""

import argparse
import json
from collections import Counter, defaultdict
from typing import Any
from zlib import crc32

import lightgbm
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit

from benchmarks.extraction.labels import LabelledPage, Source, read_labelled_page, sources
from benchmarks.pages.corpus import corpus_scorer
from benchmarks.support.paths import ROOT, add_corpora_option
from scraper.extract.body import features, find_body, model
from scraper.extract.body.model import label_words
from scraper.extract.body.places import PLACE_FEATURE_NAMES, place_features, weigh
from scraper.extract.body.select import heaviest_element
from scraper.extract.html.blocks import Element
from scraper.extract.html.document import Document
from scraper.extract.metadata import read_metadata

WEIGHTS_PATH = ROOT / "scraper" / "extract" / "body" / "weights.json"
MIN_SITES_PER_WORD = 6  # sites that use a class word before it gets a weight
MIN_ABS_WEIGHT = 0.04  # smaller weights are dropped
FIRST_PASS_SETTINGS = {"num_leaves": 16, "learning_rate": 0.2, "min_data_in_leaf": 300, "lambda_l2": 5,
         "feature_fraction": 0.7}  # fmt: skip
SECOND_PASS_SETTINGS = {"num_leaves": 12, "learning_rate": 0.25, "min_data_in_leaf": 200, "lambda_l2": 20,
          "feature_fraction": 0.5}  # fmt: skip
FIRST_PASS_TREES, SECOND_PASS_TREES = 20, 20
FOLDS = 5


def element_names(element: Element | None) -> Counter[str]:
    """Class words of the elements around a block; a: of all, n: of the three nearest, o: of the nearest."""
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
    """A logistic regression on class words."""

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
        """The far, near and own weight of each block, in three columns."""
        kinds = [np.where(self.kind == kind, weights, 0.0) for kind in "ano"]
        return np.stack([self.matrix[rows] @ kind for kind in kinds], axis=1)


def boost(x: np.ndarray, y: np.ndarray, w: np.ndarray, settings: dict[str, Any], trees: int) -> Any:
    """A lightgbm model trained on the rows with a weight above 0."""
    used_rows = w > 0
    data = lightgbm.Dataset(x[used_rows], y[used_rows], weight=w[used_rows])
    return lightgbm.train(
        {"objective": "binary", "verbose": -1, "num_threads": 2, "seed": 1, **settings}, data, trees
    )


def tree_list(model: Any) -> list[Any]:
    """The trees of a lightgbm model as nested lists: [feature, threshold, left, right] or a leaf."""

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
    """The features of the second pass, and which blocks reach it."""
    rows = np.zeros((len(first), len(PLACE_FEATURE_NAMES) + len(features.TEXT_FEATURE_NAMES)))
    selected = np.zeros(len(first), dtype=bool)
    start = 0
    for page in pages:
        end = start + len(page.blocks)
        if page.blocks:
            part_values, chance = first[start:end].tolist(), probabilities[start:end].tolist()
            prose = features.Prose(page.blocks)
            weights = weigh(page.blocks, prose.widths, chance)
            container = heaviest_element(weights)
            places, _ = place_features(page.blocks, part_values, chance, weights, container)
            for at, place in places.items():
                rows[start + at] = place + features.text_features(page.blocks[at], page.schema_text)
                selected[start + at] = True
        start = end
    return rows, selected


def use_weights(weights: dict[str, Any]) -> None:
    """Make the extractor use these weights."""
    model._weights = lambda: weights  # type: ignore[assignment] # the cached reader of the file
    for cached_function in (model.prior, model.first_pass_scorer, model.second_pass_scorer):
        cached_function.cache_clear()


def counts(source: Source, score: Any) -> tuple[int, int, int]:
    """How many shingles of the extracted body are right, how many wrong, and how many are missing."""
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
    """The content of `weights.json`."""
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


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `train-body`."""
    add_corpora_option(parser)
    parser.add_argument("--folds-only", action="store_true", help="print F1, write no weights")


def main(options: argparse.Namespace) -> int:
    """Print F1 in folds over sites; then train on all pages and write `weights.json`."""
    score = corpus_scorer(options.corpora)
    pages = [read_labelled_page(source, score) for source in sources(options.corpora)]
    training = TrainingSet(pages)
    first_models = training.fit_first_pass()
    for corpus, page_counts in sorted(training.fold_counts(first_models, score).items()):
        print(f"  {corpus:12} F1 %.3f  P %.3f  R %.3f" % score.shingle_f1(page_counts))
    if not options.folds_only:
        text = json.dumps(training.final_weights(), ensure_ascii=False, separators=(",", ":"))
        WEIGHTS_PATH.write_text(text.replace('"far"', '\n"far"') + "\n", encoding="utf-8")
        print(f"{WEIGHTS_PATH}: {WEIGHTS_PATH.stat().st_size:,} bytes")
    return 0


class TrainingSet:
    """The labelled pages as arrays, a row per block, with the folds over their sites."""

    def __init__(self, pages: list[LabelledPage]) -> None:
        self.pages = pages
        self.page_sites = np.array([crc32(page.source.host.encode()) for page in pages])
        sites = np.repeat(self.page_sites, [len(page.blocks) for page in pages])
        self.sites = sites
        self.y = np.array([value > 0.5 for page in pages for value in page.labels], dtype=float)
        self.w = np.array([value for page in pages for value in page.weight])
        self.folds = list(PredefinedSplit(sites % FOLDS).split())
        self.words = ClassWordModel(pages, sites)
        self.fold_weights = [self.words.fit(train, self.y, self.w) for train, _ in self.folds]
        priors = np.zeros((len(self.y), 3))
        for (_, test), weights in zip(self.folds, self.fold_weights, strict=True):
            priors[test] = self.words.apply(test, weights)
        self.first = first_rows(pages, priors)

    def fit_first_pass(self) -> list[Any]:
        """A first-pass model per fold; sets the features of the second pass."""
        first, y, w = self.first, self.y, self.w
        models = [
            boost(first[train], y[train], w[train], FIRST_PASS_SETTINGS, FIRST_PASS_TREES)
            for train, _ in self.folds
        ]
        probabilities = np.zeros(len(y))
        for (_, test), first_model in zip(self.folds, models, strict=True):
            probabilities[test] = first_model.predict(first[test])
        rows, selected = second_rows(self.pages, first, probabilities)
        self.all_features = np.hstack([first, rows])
        self.second_weights = np.where(selected, w, 0.0)
        return models

    def fit_second_pass(self, rows: np.ndarray) -> Any:
        """A second-pass model trained on these rows."""
        x, y, w = self.all_features[rows], self.y[rows], self.second_weights[rows]
        return boost(x, y, w, SECOND_PASS_SETTINGS, SECOND_PASS_TREES)

    def fold_counts(
        self, first_models: list[Any], score: Any
    ) -> dict[str, list[tuple[int, int, int]]]:
        """By corpus, the shingle counts of each page, extracted without having trained on its site."""
        result: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
        for (train, test), weights, first_model in zip(
            self.folds, self.fold_weights, first_models, strict=True
        ):
            second_model = self.fit_second_pass(train)
            use_weights(exported_weights(self.words, weights, first_model, second_model))
            for at in np.flatnonzero(np.isin(self.page_sites, self.sites[test])):
                source = self.pages[at].source
                if source.truth.body and not source.has_noise:
                    result[source.corpus].append(counts(source, score))
        return result

    def final_weights(self) -> dict[str, Any]:
        """The content of `weights.json`, trained on all pages."""
        everything = np.arange(len(self.y))
        return exported_weights(
            self.words,
            self.words.fit(everything, self.y, self.w),
            boost(self.first, self.y, self.w, FIRST_PASS_SETTINGS, FIRST_PASS_TREES),
            self.fit_second_pass(everything),
        )


def first_rows(pages: list[LabelledPage], priors: np.ndarray) -> np.ndarray:
    """The features of the first pass, a row per block."""
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
