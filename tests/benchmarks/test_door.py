"""The one door to the benchmarks."""

from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS, Benchmark, main
from benchmarks.support.paths import CORPORA_VARIABLE, CorporaError, find_corpora


def test_the_list_has_a_line_for_each_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == [benchmark.name for benchmark in BENCHMARKS]


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda benchmark: benchmark.name)
def test_every_benchmark_has_help(benchmark: Benchmark, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip(f"benchmarks.{benchmark.module}", exc_type=ImportError)
    with pytest.raises(SystemExit, match=r"^0$"):
        main([benchmark.name, "--help"])
    assert f"usage: python -m benchmarks {benchmark.name}" in capsys.readouterr().out


def test_an_unknown_benchmark_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["extractoin"]) == 2
    assert "no benchmark is named 'extractoin'" in capsys.readouterr().err


def test_the_option_comes_before_the_variable(tmp_path: Path) -> None:
    given, variable = tmp_path / "given", tmp_path / "variable"
    given.mkdir()
    variable.mkdir()
    environ = {CORPORA_VARIABLE: str(variable)}
    assert find_corpora(given, environ) == given
    assert find_corpora(None, environ) == variable


def test_without_corpora_the_error_says_where_it_searched_and_what_to_try(tmp_path: Path) -> None:
    environ = {CORPORA_VARIABLE: str(tmp_path / "nothing")}
    with pytest.raises(
        CorporaError, match=rf"no corpora in {tmp_path}/nothing \(\$VARIORUM_CORPORA\)"
    ):
        find_corpora(None, environ)


def test_a_benchmark_without_corpora_ends_with_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seed", "--corpora", str(tmp_path / "nothing")]) == 2
    assert "name their folder with --corpora DIR" in capsys.readouterr().err
