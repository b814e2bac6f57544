# Everything a developer runs. Each target works from a clean checkout; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# uv is several times quicker; pip does the same with the same lock.
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
INSTALL := $(UV) pip install --quiet --python $(BIN)/python
else
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif
LOCKED := --require-hashes --only-binary :all: -r
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header

.PHONY: help install dev demo lock

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed ## build .venv with the raincheck command

dev: $(VENV)/.installed-dev ## install plus what tests and checks need

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml requirements.lock | $(BIN)/python
	$(INSTALL) $(LOCKED) requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(INSTALL) $(LOCKED) requirements-dev.lock
	@touch $@

lock: $(VENV)/.installed-dev ## pin every dependency anew, with hashes
	$(COMPILE) --group build pyproject.toml --output-file requirements.lock
	$(COMPILE) --group build --group dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

demo: install ## database, demo company, console and API on http://127.0.0.1:8000
	@exec $(BIN)/raincheck demo
