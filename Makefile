# The workflow, one line each. Start with `make setup`. `make -n NAME` prints a recipe without running it.
VENV = .venv
BIN = $(VENV)/bin

setup: ## install Variorum and its tools into .venv
	python3 -m venv $(VENV) && $(BIN)/pip install -q -e '.[test,lint]'

test: ## all tests
	$(BIN)/pytest

quick: ## the tests that do not wait for daemons, workers or browsers
	$(BIN)/pytest -m 'not slow'

browser: ## the tests of the web pages in Chromium
	$(BIN)/pip install -q -e '.[browser]' && $(BIN)/pytest tests/web/test_browser.py

lint: ## style and formatting
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: ## put the code into the format that lint wants
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

types: ## static types
	$(BIN)/mypy

gates: ## quality on real pages: extraction, pairs, seed, sensitivity, publishers (needs the corpora)
	$(BIN)/python -m benchmarks extraction --gate
	$(BIN)/python -m benchmarks pairs --gate
	$(BIN)/python -m benchmarks seed --gate
	$(BIN)/python -m benchmarks sensitivity --pages 60 --gate
	$(BIN)/python -m benchmarks publishers --peer none --gate

cases: ## small cases in the shapes of public bug reports (needs the corpora)
	$(BIN)/python -m benchmarks cases --gate

ci: ## everything above in a fresh environment
	.ci/run

help: ## this list
	@sed -n 's/^\([a-z]*\): ## /\1\t/p' Makefile | expand -t 10

.DEFAULT_GOAL = help
.PHONY: setup test quick browser lint format types gates cases ci help
