# The commands of this project. `make run` and `make test` need nothing but Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
POINTS ?= 1000

.DEFAULT_GOAL := help
.PHONY: help install run test check bench crash browser requirements

help: ## show the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/'

install: .venv/.installed ## make .venv with everything in it

.venv/.installed: requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "OTL needs Python 3.11 or newer: make install PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: install ## start everything with the practice workspace at /practice
	@$(BIN)/otl demo

browser: ## a chromium for the tests, through apt when root
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-color-emoji; \
	  else \
	    echo "The tests need chromium. Install it once: sudo apt-get install chromium"; exit 1; \
	  fi; }

test: install browser ## run the tests
	$(BIN)/python -m pytest -q -n auto --dist loadfile

check: install ## what CI runs: format, lint, types, import contracts, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

bench: install ## measure, beside the floors, in one run
	$(BIN)/python -m benchmarks

crash: install ## kill the program POINTS times a database and check the history
	$(BIN)/python -m tests.crash --points $(POINTS)

requirements: ## pin all versions again, with hashes
	uv pip compile --universal --generate-hashes --no-header --no-annotate -q --python-version 3.11 --extra build pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --no-header --no-annotate -q --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.txt
