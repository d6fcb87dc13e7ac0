# `make demo` and `make test` set up all they need by themselves: Python 3.11 or newer, git and make are enough.
.PHONY: demo test lint docs clean

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name))))
BIN := .venv/bin

demo: .venv/instructor
	$(BIN)/autograder demo demo

test: lint
	$(BIN)/pytest

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The site goes to site/; what the docs repeat from the code is renewed first.
docs: .venv/docs
	$(BIN)/python docs/tables.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf .venv demo site

.venv/instructor: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[instructor]"
	touch $@

.venv/docs: .venv/instructor
	$(BIN)/python -m pip install --quiet --editable ".[docs]"
	touch $@

.venv/dev: .venv/instructor
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@
