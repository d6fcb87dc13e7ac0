# `make demo` and `make test` set up all they need by themselves: Python 3.11 or newer, git and make are enough.
.PHONY: demo test test-slow check test-newest test-versions lint ruff docs constraints clean

# The first that is new enough and can make virtual environments. Another: make PYTHON=/path/to/python3.13
NEEDED := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
NAMES := python3.11 python3.12 python3.13 python3.14 python3
PYTHON ?= $(or $(shell for name in $(NAMES); do "$$name" -c '$(NEEDED)' 2>/dev/null && echo "$$name" && break; done),python3)
# Where it is set, each of the many processes would compile all of the package anew.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin

demo: $(VENV)/instructor
	$(BIN)/autograder demo demo

# On all processors; `.venv/bin/pytest tests/…` runs a file without the seconds that this takes to start.
# mypy runs beside the other tests, in tests/test_types.py.
PYTEST := $(BIN)/pytest --numprocesses=logical
test: ruff
	$(PYTEST) -m "not slow"

# The few that take as long as all others.
test-slow: $(VENV)/dev
	$(PYTEST) -m slow

# Before a commit: the tests of what has changed alone.
check: lint
	@tests=$$($(BIN)/python tools/changed.py); \
	if [ "$$tests" ]; then echo $$tests; $(PYTEST) --quiet $$tests; else echo "Nothing has changed that has tests of its own."; fi

# With the newest versions of everything, which constraints.txt holds back.
test-newest:
	$(MAKE) test-slow test VENV=.venv-newest CONSTRAINTS=--newest

# Each Python that is found here, each with the oldest and the newest NumPy it can have: hours, without ARGS=tests/….
test-versions: $(VENV)/dev
	$(BIN)/python tools/versions.py $(ARGS)

lint: ruff
	$(BIN)/mypy
	$(BIN)/mypy tools/*.py

ruff: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The site goes to site/; what the docs repeat from the code is renewed first.
docs: $(VENV)/docs
	$(BIN)/python docs/tables.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# The newest versions of everything, for all Pythons, into constraints.txt.
constraints:
	"$(PYTHON)" tools/constraints.py

clean:
	rm -rf .venv .venv-* demo site

# Always looked at, and done in a moment where nothing has changed. A PYTHON that was named is kept to.
NAMED := $(if $(filter environment command,$(firstword $(origin PYTHON))),--this-python)
.PHONY: $(VENV)/instructor $(VENV)/docs $(VENV)/dev
$(VENV)/instructor $(VENV)/docs $(VENV)/dev:
	@python="$(PYTHON)"; "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	{ echo "Python 3.11 or newer is needed, and $$python is none: make PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	exec "$$python" tools/environment.py $(NAMED) $(CONSTRAINTS) $(@D) $(@F)
