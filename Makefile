# Everything a developer runs. Each target works from a clean checkout; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv is several times quicker; pip does the same with the same lock. What is never imported need not be compiled.
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
else
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
endif
LOCKED := --require-hashes --only-binary :all: -r
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header

CHROMIUM := $(or $(RAINCHECK_CHROMIUM),/usr/bin/chromium)
# `make check` tries how is decided, told and rehearsed; transactions, files, calls, pages, the worker and what is slow are
# left to `make test`.
FAST := -m "not slow and not browser and not embedded" $(addprefix --ignore tests/,actions api feeds jobs store web)

.PHONY: help install dev demo check check-format check-lint check-types check-imports check-migrations check-fast \
	test browser bench lock

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed ## build .venv with the raincheck command

dev: $(VENV)/.installed-dev ## install plus what tests and checks need

# Debian keeps ensurepip in a package of its own: as root it is installed, anybody else is told how.
$(BIN)/python:
	@if ! $(PYTHON) -c 'import ensurepip' 2> /dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends python3-venv; \
		else \
			echo "Python needs its venv module: sudo apt-get install --yes python3-venv" >&2; exit 2; \
		fi; \
	fi
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock | $(BIN)/python
	$(INSTALL) $(LOCKED) requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(INSTALL) $(LOCKED) requirements-dev.lock
	@# Many processes of the tests would each compile the same again. Templates inside packages are no Python.
	@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib || true
	@touch $@

demo: install ## database, demo company, console and API on http://127.0.0.1:8000; Ctrl-C stops it
	@exec $(BIN)/raincheck demo

check: dev ## format, lint, types, import rules, missing migrations, fast tests: under a minute
	@$(MAKE) -j3 --keep-going --output-sync=target check-fast check-types check-format check-lint check-imports check-migrations
	@echo "All checks passed."

check-format:
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }

check-lint:
	@$(BIN)/ruff check --quiet .

check-types:
	@$(BIN)/mypy --no-error-summary

check-imports:
	@$(BIN)/lint-imports --no-logo > $(VENV)/lint-imports.txt || { cat $(VENV)/lint-imports.txt; exit 1; }

check-migrations:
	@$(BIN)/raincheck makemigrations --check --dry-run

check-fast:
	@$(BIN)/pytest --quiet -n 2 --dist worksteal $(FAST) tests

test: browser dev ## every test; PYTEST="-k truck" narrows it down
	@$(BIN)/pytest -n 2 --dist worksteal $(PYTEST)

# As root it installs the browser that is missing; anybody else is told how.
browser:
	@if [ ! -x "$(CHROMIUM)" ]; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium; \
		else \
			echo "The browser tests need Chromium: sudo apt-get install --yes chromium" >&2; exit 2; \
		fi; \
	fi

bench: dev ## each benchmark beside its bound; ONLY=name runs one
	@$(BIN)/python -m bench $(ONLY)

lock: dev ## pin what pyproject.toml asks for, with hashes; LOCK=--upgrade takes the newest of all
	$(COMPILE) $(LOCK) --group build pyproject.toml --output-file requirements.lock
	$(COMPILE) $(LOCK) --group build --group dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
