# Every task of the project. `make` alone lists them; HOST, PORT and PYTHON may be given to any.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run demo-reset test test-fast test-unit test-postgres faults guards bench-delivery bench-irt bench-readiness soak item-sheet check format lock clean
MAKEFLAGS += --no-print-directory

HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

MINUTES ?= 30
SHEET ?= item-sheet
PEERS ?= mirt girth catsim py-irt

PY := .venv/bin/python
MANAGE := $(PY) manage.py

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22

setup: ## .venv with what a server needs
	@sh .make/setup.sh

setup-dev: ## .venv with what tests and checks need too
	@sh .make/setup.sh dev

run: setup ## a server with a demo world: http://127.0.0.1:8000 (HOST=, PORT=)
	@exec $(MANAGE) demo --serve

demo-reset: setup ## throw the demo world away and make it anew
	@$(MANAGE) demo --reset

test: setup-dev ## every kind of test, and how many of each ran
	@sh .make/tools.sh node chromium driver strace
	@$(PY) .make/test.py

test-fast: setup-dev ## unit tests without a database, and JavaScript: a good minute
	@$(PY) .make/test.py fast javascript

test-unit: setup-dev ## every unit test: six minutes
	@$(PY) .make/test.py unit

test-postgres: setup-dev ## the unit tests once more, on PostgreSQL instead of SQLite
	@$(PY) .make/test.py unit-on-postgres

bench-delivery: setup-dev ## how fast exams are taken in, beside limits and baselines (BENCH=--quick)
	@$(PY) -m tests.bench.delivery $(BENCH)

bench-irt: setup-dev ## scoring.irt beside mirt, girth, py-irt, catsim (BENCH=--quick; PEERS="mirt girth catsim" saves 5 GB)
	@PEERS="$(PEERS)" sh .make/setup.sh bench
	@$(PY) -m tests.bench.irt $(BENCH)

bench-readiness: setup-dev ## are predictions calibrated, does practice help? on pupils with known truth (BENCH=--quick)
	@PEERS="catsim" sh .make/setup.sh bench
	@$(PY) -m tests.bench.readiness $(BENCH)

soak: setup-dev ## whole exams with random faults for MINUTES (30), every acknowledged answer looked for
	@$(MANAGE) rehearse --pupils 1000 --minutes 2 --soak $(MINUTES)

item-sheet: setup-dev ## pictures of every interaction, by width, theme and script, to be looked at (SHEET=item-sheet)
	@sh .make/tools.sh chromium driver
	@$(PY) -m tests.browser.item_sheet $(SHEET)

faults: setup-dev ## real servers killed, starved and flooded, and 10,000 histories (10 to 20 minutes)
	@sh .make/tools.sh chromium driver strace faketime
	@$(PY) .make/test.py all-faults

guards: setup-dev ## takes the most important guards out, one at a time: a test has to fail for each
	@sh .make/tools.sh node strace
	@$(PY) -m tests.faults.guards

check: setup-dev ## lint, types, migrations, messages, templates, browser syntax
	@sh .make/tools.sh node
	@sh .make/check.sh

format: setup-dev ## put Python code into the house style
	$(PY) -m ruff check --fix-only
	$(PY) -m ruff format

lock: ## pin the newest versions requirements.in and requirements-dev.in allow (needs uv)
	@sh .make/lock.sh

clean: ## remove what tests and checks leave behind (not .venv, not the demo world)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -not -path './.venv*' -prune -exec rm -rf {} +
