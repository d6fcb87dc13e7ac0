# `make demo` and `make test` set up all they need by themselves: Python 3.11 or newer, git and make are enough.
.PHONY: demo test check lint docs clean

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name))) python3.11)
BIN := .venv/bin
# Quiet pip still says what is wrong; that it works, and on what, is said here instead.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

demo: .venv/instructor
	$(BIN)/autograder demo demo

# On all processors; `.venv/bin/pytest tests/…` runs a file without the seconds that this takes to start.
PYTEST := $(BIN)/pytest --numprocesses=logical
test: lint
	$(PYTEST)

# Before a commit: the tests of what has changed alone.
check: lint
	@tests=$$($(BIN)/python tools/changed.py); \
	if [ "$$tests" ]; then echo $$tests; $(PYTEST) --quiet $$tests; else echo "Nothing has changed that has tests of its own."; fi

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
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	@echo "Setting up .venv/ with $(PYTHON). The first time, pip downloads nbgrader and Jupyter: a minute or two …"
	@$(PYTHON) -m venv .venv
	@$(INSTALL) --editable ".[instructor]"
	@touch $@

.venv/docs: .venv/instructor
	@echo "Adding to .venv/ what builds the docs …"
	@$(INSTALL) --editable ".[docs]"
	@touch $@

.venv/dev: .venv/instructor
	@echo "Adding to .venv/ what tests need: a minute …"
	@$(INSTALL) --editable ".[dev]"
	@touch $@
