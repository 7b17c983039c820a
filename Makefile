# Two commands do everything: `make run` and `make test`. Both set up what is missing.
SHELL := /bin/sh
PYTHON := $(shell for p in python3.11 python3.10 python3; do command -v $$p >/dev/null 2>&1 && $$p -c '' >/dev/null 2>&1 && { echo $$p; break; }; done)
ifeq ($(PYTHON),)
$(error No Python found. Install Python 3.10 and 3.11 (pyenv install 3.10 3.11, or uv python install 3.10 3.11) and try again)
endif
export CONSOLE
BOOT := PYTHONPATH=. $(PYTHON) -m customs.bootstrap
APP := PYTHONPATH=. .venv/app/bin/python
IN_BROWSERS := $(wildcard tests/console/*/test_*browser.py)
RASA := PYTHONPATH=. RASA_TELEMETRY_ENABLED=false .venv/rasa/bin/python
# Two at a time, the first named first: on two cores the long ones should not be left for the end.
SIDE_BY_SIDE := $(MAKE) --no-print-directory --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.PHONY: help run console setup test test-unit test-jobs test-postgresql test-dialogue test-e2e lint lock bench-turn bench-quality bench-search bench-rules bench-console soak clean

help:            ## this list
	@grep -E '^[a-z0-9-]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 18

run:             ## set up what is missing, start everything, print where the chat is
	@$(BOOT) run

console:         ## the staff console alone, at http://127.0.0.1:8001/ (beside the chat: make run CONSOLE=1)
	@$(BOOT) console

setup:           ## environments, encoder, dialogue model, knowledge release
	@$(BOOT) setup

test:            ## everything that fits in 15 minutes: unit, contract and end-to-end
	@$(BOOT) setup-tests
	$(APP) -m ruff check .
	$(APP) -m customs.cli check --quiet
	$(APP) -m pytest tests/knowledge_base -n 2 --dist loadfile
	$(SIDE_BY_SIDE) part-e2e part-bot part-console part-browser part-rest part-dialogue

# Parts of the tests that share nothing; a part's output is shown when it is done. What no other part names is in part-rest.
.PHONY: part-e2e part-browser part-bot part-console part-rest part-dialogue
part-e2e:
	$(APP) -m pytest tests/e2e
part-browser:
	$(APP) -m pytest tests/web_e2e
part-bot:
	$(APP) -m pytest tests/bot
part-console:
	$(APP) -m pytest tests/console --ignore=tests/console/jobs
part-rest:
	$(APP) -m pytest tests $(addprefix --ignore=tests/,knowledge_base e2e web_e2e bot console dialogue)
part-dialogue:
	$(RASA) -m pytest tests/dialogue

test-unit:       ## unit and contract tests of all but the dialogue engine
	@$(BOOT) setup-tests
	$(APP) -m pytest tests/knowledge_base -n 2 --dist loadfile
	$(SIDE_BY_SIDE) part-bot part-console part-browser part-rest

test-jobs:       ## the ten main jobs of staff in a real browser, with the real worker and bot
	@$(BOOT) setup-tests
	$(APP) -m pytest tests/console/jobs

test-postgresql: ## the staff console on a real PostgreSQL: all its tests, and the main jobs in one language
	@$(BOOT) setup-tests
	$(SIDE_BY_SIDE) part-postgresql-browser part-postgresql

.PHONY: part-postgresql part-postgresql-browser
part-postgresql: export CONSOLE_TEST_DATABASE = postgresql
part-postgresql:
	$(APP) -m pytest tests/console --ignore=tests/console/jobs $(addprefix --ignore=,$(IN_BROWSERS))
part-postgresql-browser: export CONSOLE_TEST_DATABASE = postgresql
part-postgresql-browser:
	$(APP) -m pytest $(IN_BROWSERS)
	$(APP) -m pytest tests/console/jobs

test-dialogue:   ## the dialogue engine's own tests, in its environment
	@$(BOOT) setup-tests
	$(RASA) -m pytest tests/dialogue

test-e2e:        ## the real processes: web, Telegram, browser, kills
	@$(BOOT) setup-tests
	$(APP) -m pytest tests/e2e

lint:            ## style
	@$(BOOT) setup-tests
	$(APP) -m ruff check .

bench-turn:      ## speed of a knowledge question against a stock `rasa init` bot (about 15 minutes)
	@$(BOOT) setup-tests
	$(APP) -m benchmarks.turn

bench-quality:   ## how good the answers are, beside BM25, MiniLM, Haystack and Rasa's ResponseSelector (first time: an hour)
	@$(BOOT) setup-tests
	$(APP) -m benchmarks.quality --get-peers

bench-search:    ## speed of the search at 600, 10,000 and 100,000 entries (about 15 minutes)
	@$(BOOT) setup-tests
	$(APP) -m benchmarks.search

bench-rules:     ## speed of the sums: an allowance of twelve goods beside reading the same basket from JSON (seconds)
	@$(BOOT) setup-tests
	$(APP) -m benchmarks.rules

soak:            ## half an hour of traffic on all channels while processes are killed: nothing lost, doubled or crossed
	@$(BOOT) setup-tests
	$(APP) -m benchmarks.soak

bench-console:   ## speed of the console's lists and editors with 2,000 answers (minutes)
	@$(BOOT) setup-tests
	$(APP) -m benchmarks.console

lock:            ## resolve the lock files again from requirements/*.in
	@$(BOOT) setup
	$(PYTHON) requirements/lock.py

clean:           ## remove all that was built (not the conversations in var/)
	rm -rf .venv models/e5-small models/*.tar.gz var/releases var/cache
