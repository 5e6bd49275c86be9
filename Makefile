# The commands of this project. `make run` and `make test` need nothing but Python 3.11+ and make.
PYTHON ?= python3
BIN := .venv/bin
POINTS ?= 1000
# Tests wait half of their time, for programs, browsers and clocks: so more of them than cores.
WORKERS ?= $(shell echo $$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 )))

PIN := uv pip compile --universal --generate-hashes --no-header --no-annotate -q --python-version 3.11
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run production install test check bench crash browser messages requirements

help: ## show the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/'

run: .venv/.runs ## start everything with the practice workspace at /practice
	@$(BIN)/otl demo

production: .venv/.runs ## install what runs, and say how to start it
	@echo "OTL is installed. Set the variables of .env.example, then:"
	@echo "  $(BIN)/otl calendars load calendars.toml"
	@echo "  $(BIN)/otl doctor    # what it marks MEND has to be done first"
	@echo "  $(BIN)/otl serve"
	@echo "README, \"Connect a real workspace\", goes through it step by step."

install: .venv/.develops ## what developers need, in the same .venv

.venv/.runs: requirements.txt requirements-build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "OTL needs Python 3.11 or newer: make $(firstword $(MAKECMDGOALS)) PYTHON=python3.12"; exit 1; }
	@echo "Installing what OTL runs on into .venv: once, some 20 seconds …"
	@$(PYTHON) -m venv .venv || \
	  { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(PIP) --require-hashes -r requirements.txt -r requirements-build.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m pip uninstall -qq --disable-pip-version-check --yes setuptools  # venv's own, on Python 3.11
	@touch $@

.venv/.develops: .venv/.runs requirements-dev.txt
	@echo "Installing what tests and checks need into .venv: once, about a minute …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

browser: ## a chromium for the tests, through apt when root
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  if [ "$$(id -u)" = 0 ]; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core fonts-noto-color-emoji; \
	  else \
	    echo "The tests need chromium. Install it once: sudo apt-get install chromium"; exit 1; \
	  fi; }

test: install browser ## run the tests
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

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

messages: install ## collect what the site and the mails say, for translators, in var/otl.pot
	@mkdir -p var
	$(BIN)/pybabel -q extract --mapping booking_web/babel.cfg --no-location --sort-output \
	  --project OTL --output var/otl.pot booking_web scheduling

requirements: ## pin what is not pinned yet, with hashes; needs uv
	$(PIN) pyproject.toml -o requirements.txt
	$(PIN) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"])' | $(PIN) - -o requirements-build.txt
