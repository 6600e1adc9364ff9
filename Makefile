# One word each. Start with `make run`; `make help` lists them all.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run test lint format messages vendor screenshots drawing

help: ## list the words
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1|/' | column -t -s '|'

run: ## install what is missing and serve the demonstration on http://127.0.0.1:8000 (PORT=9000 make run)
	@scripts/run.sh

test: ## install what is missing and run every test: SQLite, Chromium, PostgreSQL
	@scripts/test.sh

lint: ## check style: ruff, its formatting, the templates
	@scripts/bootstrap.sh test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djlint templates --lint --quiet

format: ## repair style where a tool can
	@scripts/bootstrap.sh test
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

messages: ## collect the sentences to translate and compile the catalogues
	@scripts/messages.sh

vendor: ## fetch the committed third-party files again and check their hashes
	@python3 scripts/vendor.py

screenshots: ## take the pictures of the guide again, on a demonstration of its own
	@scripts/bootstrap.sh test
	@.venv/bin/python scripts/screenshots.py

drawing: ## draw docs/house.svg again from the plan of the house
	@scripts/bootstrap.sh run
	@.venv/bin/python scripts/drawing.py
