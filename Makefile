# Needs nothing but make and a Python of at least 3.11; everything else goes into .venv.
# Tells whether a Python will do. Some are there and do not run (pyenv's shims) or lack parts (Debian's python3-venv).
FITS := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11 python $$HOME/.pyenv/versions/3.1*/bin/python; do \
	$$candidate -c '$(FITS)' >/dev/null 2>&1 && { echo $$candidate; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
ADAPTER ?= postgres
STAMP := $(VENV)/.installed
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo database observe trace test faults bench screenshots check lint types imports format pythons lowest constraints clean

help: ## Show the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: $(STAMP) ## Run the example business, kill a worker, count the effects (ADAPTER=memory: without Postgres)
	@$(BIN)/python -m infrastructure.demo --adapter $(ADAPTER)

database: $(STAMP) ## Run a PostgreSQL to try things with, until Ctrl-C
	@$(BIN)/python -m infrastructure.trial_database

observe: $(STAMP) ## Print the spans and metrics that a few orders of the demo leave
	@$(BIN)/python -m infrastructure.demo.observe

trace: $(STAMP) ## Renew the picture of a trace in docs/observability.md (needs Chromium)
	@$(BIN)/python -m tests.pictures.trace

test: $(STAMP) ## Run every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q

faults: $(STAMP) ## Run the long tests of faults: processes killed and frozen, connections cut, for minutes
	$(BIN)/python -m pytest -n $(WORKERS) -m faults -q tests/faults

bench: $(STAMP) ## Measure against the peers, on one PostgreSQL server (installs them into .bench)
	$(BIN)/python -m tests.benchmarks

screenshots: $(STAMP) ## Take the pictures of the dashboard that the README shows (needs Chromium)
	$(BIN)/python -m tests.web.screenshots

check: lint types imports test ## Everything that CI checks

lint: $(STAMP) ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP) ## Check the types, twice
	$(BIN)/mypy
	$(BIN)/pyright

imports: $(STAMP) ## Check that the layers point inwards
	$(BIN)/lint-imports

format: $(STAMP) ## Format and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pythons: ## Run the tests on each Python that is there: 3.11, 3.12, 3.13
	@for version in 3.11 3.12 3.13; do \
		for python in python$$version $$HOME/.pyenv/versions/$$version.*/bin/python none; do \
			$$python -c '$(FITS)' >/dev/null 2>&1 && break; \
		done; \
		if [ $$python = none ]; then echo "Python $$version is not there: left out"; continue; fi; \
		$(MAKE) test PYTHON=$$python VENV=.venv-$$version || exit 1; \
	done

lowest: ## Run the tests with the lowest versions that pyproject.toml asks for
	@rm -rf .venv-lowest && $(PYTHON) -m venv .venv-lowest
	@.venv-lowest/bin/python -m pip install -q --disable-pip-version-check uv
	@.venv-lowest/bin/uv pip install -q --python .venv-lowest --resolution lowest-direct -e '.[dev]'
	.venv-lowest/bin/python -m pytest -n $(WORKERS) --dist worksteal -q

constraints: $(STAMP) ## Renew constraints.txt, the exact versions with their hashes
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --no-emit-index-url --upgrade -q -o constraints.txt

clean: ## Remove what was made here
	rm -rf .venv .venv-* arrower.egg-info build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .bench
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): constraints.txt
	@$(or $(PYTHON),false) -c '$(FITS)' 2>/dev/null || { \
		echo "This needs a Python of version 3.11 or later, with venv and pip. Install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; }
	@echo "Installing into $(VENV) …"
	@rm -rf $(VENV)
	@env -u VIRTUAL_ENV -u PYTHONHOME -u PYTHONPATH $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r constraints.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)
