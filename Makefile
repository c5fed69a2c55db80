# Every target builds what it needs in .venv itself: Python 3.11, make and a package index are enough.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
RUNTIME := $(VENV)/.runtime
BENCH := $(VENV)/.bench
# uv installs in seconds what takes pip minutes; where it cannot be had, pip does the same.
define INSTALL
	@UV=$$(command -v uv || true); \
	if [ -z "$$UV" ] && $(BIN)/python -m pip install -q uv 2>/dev/null; then UV=$(BIN)/uv; fi; \
	if [ -n "$$UV" ] && UV_INDEX_URL=$${UV_INDEX_URL:-$$PIP_INDEX_URL} \
		"$$UV" pip install --python $(BIN)/python -q -c constraints.txt -e '$(1)'; then :; \
	else $(BIN)/python -m pip install -q -c constraints.txt -e '$(1)'; fi
endef

.PHONY: help install demo test lint bench check-python

help:  ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

check-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "matcher needs Python 3.11 or newer; run: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2; }

$(BIN)/python: | check-python
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): setup.cfg pyproject.toml constraints.txt | $(BIN)/python
	$(call INSTALL,.)
	@$(BIN)/python -m matcher.web.translations
	@touch $@

$(STAMP): setup.cfg pyproject.toml constraints.txt | $(BIN)/python
	$(call INSTALL,.[test])
	@$(BIN)/python -m matcher.web.translations
	@touch $@ $(RUNTIME)

install: $(STAMP)  ## .venv with all that the tests need

demo: $(RUNTIME)  ## the demo region on http://127.0.0.1:8000 (PORT= changes the port)
	@$(BIN)/matcher demo --port $(PORT)

test: $(STAMP)  ## the whole suite
	@$(BIN)/python -m pytest -n auto --dist loadgroup --durations=40 --durations-min=5

lint: $(STAMP)  ## ruff, mypy, import contracts, bandit
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bandit -q -c pyproject.toml -r matcher

# Without a wheel of faiss for this Python the benchmarks leave that line out, and say so.
$(BENCH): $(STAMP)
	-$(call INSTALL,.[bench])
	@touch $@

bench: $(BENCH)  ## benchmarks as tables with ratios, kept in benchmarks/RESULTS.md (ONLY= picks some)
	@$(BIN)/python -m benchmarks $(ONLY)
