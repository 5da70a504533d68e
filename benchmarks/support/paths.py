"""Where the repository is, and where the corpora are."""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPORA_VARIABLE = "VARIORUM_CORPORA"


class CorporaError(Exception):
    """The corpora are not where they should be."""


def add_corpora_option(parser: argparse.ArgumentParser) -> None:
    """Add `--corpora`; the door replaces its value by what `find_corpora` returns."""
    parser.add_argument(
        "--corpora",
        type=Path,
        metavar="DIR",
        help=f"default: ${CORPORA_VARIABLE}, else ../shared/corpora beside the checkout",
    )


def find_corpora(given: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the corpora: `given`, else $VARIORUM_CORPORA, else ../shared/corpora.

    The last one is beside the checkout, wherever the benchmark was started.
    Raises CorporaError if the folder does not exist.
    """
    variable = environ.get(CORPORA_VARIABLE)
    if given:
        folder, source = given, "--corpora"
    elif variable:
        folder, source = Path(variable), f"${CORPORA_VARIABLE}"
    else:
        folder, source = ROOT.parent / "shared" / "corpora", "the default, beside the checkout"
    if not folder.is_dir():
        raise CorporaError(
            f"no corpora in {folder} ({source}): "
            f"name their folder with --corpora DIR or ${CORPORA_VARIABLE}"
        )
    return folder
