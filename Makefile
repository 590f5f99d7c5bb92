# Every command sets up what it needs first; a second run finds it done.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/bash

bin := .venv/bin
port ?= 8000
arguments ?=

.PHONY: help
help: ## show this list
	@echo 'Portal Koreksi Data'
	@echo
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: run
run: .venv/run.ok ## start the portal with demo data at http://127.0.0.1:8000 (make run port=9000)
	@exec $(bin)/python -m hr_portal.cli serve --demo --port $(port)

# In CI the domain's own tests must reach every branch of it. They run alone, by themselves in one
# process: measuring all the other tests, which say nothing about that, made each half as slow again.
# The other tests are loaded once before: else the workers would all begin with compiling them.
# They wait for children, browsers and databases: a worker more than cores uses what they leave.
workers := $(if $(filter true,$(CI)),$(shell expr $$(nproc) + 1),auto)
tests := env -u MAKEFLAGS $(bin)/python -m pytest
many := -n $(workers) --dist worksteal

.PHONY: test
ifeq ($(CI),true)
test: test-domain test-loaded
	@$(tests) $(many) --ignore=tests/domain $(arguments)
else
test: .venv/dev.ok ## run all tests (make test arguments='-k letters')
	@$(tests) $(many) $(arguments)
endif

.PHONY: test-domain test-loaded
test-domain: .venv/dev.ok
	@$(tests) tests/domain --cov --cov-fail-under=100 $(arguments)

test-loaded: .venv/dev.ok
	-@$(tests) --collect-only -qqq --ignore=tests/domain >/dev/null

.PHONY: lint
lint: .venv/dev.ok ## style, types, imports and templates
	@$(bin)/ruff check .
	@$(bin)/ruff format --check .
	@$(bin)/mypy
	@$(bin)/lint-imports --no-logo
	@$(bin)/djlint templates --lint --quiet

.PHONY: format
format: .venv/dev.ok ## put the code in the house style
	@$(bin)/ruff check --fix-only --quiet .
	@$(bin)/ruff format .

.PHONY: bench
bench: .venv/dev.ok ## measure against the bare read of a file (make bench arguments=10000)
	@$(bin)/python -m benchmarks.upload $(arguments)
	@$(bin)/python -m benchmarks.full_path $(arguments)
	@$(bin)/python -m benchmarks.check_rules $(arguments)
	@$(bin)/python -m benchmarks.annotated $(arguments)
	@$(bin)/python -m benchmarks.matching
	@$(bin)/python -m benchmarks.letters

.PHONY: bench-documents
bench-documents: .venv/dev.ok ## measure 500 scans of 2 MB taken in and made safe (make bench-documents arguments=100)
	@$(bin)/python -m benchmarks.documents $(arguments)

.PHONY: letter-pictures
letter-pictures: .venv/dev.ok ## draw every genre of letter as PNG, to be looked at (make letter-pictures arguments=FOLDER)
	@$(bin)/python -m benchmarks.letter_pictures $(arguments)

.PHONY: bench-pages
bench-pages: .venv/dev.ok ## measure pages of a batch of 1,000,000 rows against one of 10,000
	@$(bin)/python -m benchmarks.pages $(arguments)
	@$(bin)/python -m benchmarks.queue

.PHONY: bench-safety
bench-safety: .venv/dev.ok ## measure what tenancy and encryption cost (make bench-safety arguments=10000)
	@$(bin)/python -m benchmarks.guards $(arguments)

.PHONY: soak
soak: .venv/dev.ok ## kill the portal under load, 60 s on each database (make soak arguments='--seconds 300')
	@$(bin)/python -m tests.crash.soak $(arguments)
	@$(bin)/python -m tests.crash.soak --postgresql $(arguments)

.PHONY: security-table
security-table: .venv/dev.ok ## run the tests that docs/security.md names, write their results there (arguments=K7)
	@$(bin)/python -m tests.security_table $(or $(arguments),-n auto)

.PHONY: samples
samples: .venv/dev.ok ## write the sample workbooks anew (some with LibreOffice)
	@$(bin)/python -m samples.build $(arguments)

.PHONY: sbom
sbom: .venv/run.ok ## write sbom.json, the parts of an installation (CycloneDX), from the lock file
	@$(bin)/python scripts/sbom.py > sbom.json

.PHONY: weaknesses
weaknesses: ## ask for newly known weaknesses of what is pinned (needs the network, or says so)
	@python3 -m venv --clear build/audit
	@build/audit/bin/pip install --quiet --disable-pip-version-check pip-audit
	@build/audit/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock

.PHONY: lock
lock: ## write the lock files anew from pyproject.toml (needs uv)
	@scripts/lock.sh $(arguments)

.PHONY: clean
clean: ## remove what was set up and made, but not the data folder
	@rm -rf .venv build dist .coverage .coverage.* htmlcov .hypothesis .mypy_cache .pytest_cache \
		.ruff_cache .import_linter_cache test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps say which lock file the environment holds; a changed lock file sets up again.
.venv/run.ok: requirements.lock pyproject.toml bootstrap.sh
	@./bootstrap.sh run

.venv/dev.ok: requirements-dev.lock pyproject.toml bootstrap.sh
	@./bootstrap.sh dev
