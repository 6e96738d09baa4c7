# `make run` starts the service with demonstration data; `make test` proves it. Python 3.11+ is all they need.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; exit; fi; done; echo python3)
VENV ?= .venv
export VIG_VENV := $(VENV)
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
LOCK = $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet $(if $(UPGRADE),--upgrade) \
	--no-emit-index-url --no-emit-find-links
WORKERS ?= 2
UNIT := not journey and not fault and not soak

.DEFAULT_GOAL := help
.PHONY: help run install install-dev test test-unit test-journeys test-postgres soak bench lint types checks format lock clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: install  ## start web, workers and beat with demonstration data, in the foreground
	@exec $(BIN)/python -m vig_service.run --with-parent

install:
	@$(PYTHON) -I vig_service/install.py requirements.lock

install-dev:
	@$(PYTHON) -I vig_service/install.py requirements.lock requirements-dev.lock

test: lint types checks test-unit test-journeys test-postgres  ## everything: lint, types, checks, tests, journeys

lint: install-dev  ## ruff and djlint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet .

types: install-dev  ## mypy
	$(BIN)/mypy .

checks: install-dev  ## migrations are complete; production settings pass Django's deployment checks
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.production_check

test-unit: install-dev  ## tests without a browser, on SQLite
	$(PYTEST) -n $(WORKERS) -m "$(UNIT)"

# A browser, four processes and the wall clock share a machine: a story that fails is told once more, and the log says so (R).
test-journeys: install-dev  ## stories in Chromium, and processes killed in mid-work, on the whole service
	$(PYTEST) -n $(WORKERS) --dist loadfile --reruns 1 -r R -m "(journey or fault) and not soak"

test-postgres: install-dev  ## the tests without a browser again, on PostgreSQL (DATABASE_URL_POSTGRES names it)
	@if [ -n "$$DATABASE_URL_POSTGRES" ]; then set -x; \
		DATABASE_URL="$$DATABASE_URL_POSTGRES" $(PYTEST) -n $(WORKERS) -m "$(UNIT) and not film"; \
	elif [ "$$CI" = true ]; then echo "DATABASE_URL_POSTGRES is not set, and in CI it must be." >&2; exit 1; \
	else echo "Skipped on PostgreSQL: DATABASE_URL_POSTGRES names none."; fi

soak: install-dev  ## the fault tests twenty times each (long)
	VIG_SOAK=20 $(PYTEST) -m "fault or soak"

bench: install-dev  ## measurements, one JSON object a line (ONLY=words of a name for some)
	@$(BIN)/python -m benchmarks

format: install-dev  ## put the code into its house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: install-dev  ## resolve requirements*.txt into the lock files (UPGRADE=1: to the newest versions allowed)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	$(LOCK) requirements.txt -o requirements.lock
	$(LOCK) -c requirements.lock requirements-dev.txt -o requirements-dev.lock

clean:  ## remove what tools made; demonstration data in .data/ stays
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis staticfiles screenshots
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
