# Every target sets up what it needs: a Python 3.11 or newer with pip, and make, are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types imports unit prove bench bench-patterns soak docs lock clean

help:
	@echo "make demo    the daemon at work against a built-in Notion, with sample logs"
	@echo "make test    lint, types, import contracts and tests"
	@echo "make prove   the long proofs: every kill point, many more random histories"
	@echo "make bench   measure requests, latency, throughput, memory; a table and bench.json"
	@echo "make bench-patterns  how well the logs' issues are grouped; PATTERN_DATA=FILE for a set of your own"
	@echo "make soak    a quarter of an hour at full rate with mishaps; SOAK_SECONDS shortens it"
	@echo "make format  put the code in shape"
	@echo "make docs    make the reference of the settings, the rules and the man page anew"
	@echo "make lock    resolve the dependencies anew into the lock files"
	@echo "make clean   remove everything that the other targets made"

demo: $(VENV)/demo
	@$(BIN)/ai-traces demo

test: lint types imports unit

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

imports: $(VENV)/dev
	$(BIN)/lint-imports

unit: $(VENV)/dev
	$(BIN)/pytest -q -n auto --dist worksteal -m "not slow"

prove: $(VENV)/dev
	HYPOTHESIS_PROFILE=prove $(BIN)/pytest -q -n logical --dist worksteal -m slow

bench: $(VENV)/dev
	$(BIN)/python tests/bench/bench.py

soak: $(VENV)/dev
	$(BIN)/python tests/bench/soak.py

bench-patterns: $(VENV)/dev
	$(BIN)/python tests/bench/patterns_bench.py
	$(BIN)/python tests/bench/patterns_contract.py

format: $(VENV)/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# A Debian Python comes without the means to put pip into an environment: then the pip outside serves it.
$(BIN)/python:
	@echo "Setting up $(VENV), once ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV) && $(PYTHON) -m venv --without-pip $(VENV) \
		&& $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }

$(VENV)/demo: $(BIN)/python requirements.lock pyproject.toml
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev: $(VENV)/demo requirements-dev.lock
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

docs: $(VENV)/dev
	$(BIN)/python -m daemon.manual .

lock: $(VENV)/dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras \
		--no-header --no-annotate --extra demo --extra patterns --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras \
		--no-header --no-annotate --extra demo --extra fleet --extra metrics --extra model --extra patterns --group dev --group build pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage* bench.json
