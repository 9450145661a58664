# Two commands: `make run` and `make test`. Each does all of its own set-up.
#
# make run   PORT=8000 HOST=127.0.0.1 DATA_DIR=var: where it listens and keeps its data;
#            DATABASE_URL, CELERY_BROKER_URL, SMTP_URL: use these instead of the embedded ones.
# make test  TESTS="tests/services -k sqlite": only a part of the tests.

python = .venv/bin/python
TESTS ?=
URL ?= http://127.0.0.1:8000

# What Python has compiled once it need not compile at the next start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test lint format lock messages clean
.DEFAULT_GOAL := help

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

run: ## start Concord with a demo city: everything embedded, one foreground command
	@scripts/set-up.sh run
	@exec $(python) -m runner

test: ## run all checks and tests, on SQLite and PostgreSQL, with real servers and a real browser
	@scripts/set-up.sh test
	$(python) -m runner.builds
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/pytest --numprocesses=2 --dist=worksteal $(TESTS)

lint: ## check style and import rules only
	@scripts/set-up.sh test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports

format: ## put all sources into the house's shape
	@scripts/set-up.sh test
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

compile = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: ## write the requirements' exact versions and hashes anew
	@scripts/set-up.sh run
	$(compile) requirements.in -o requirements.txt
	$(compile) requirements-dev.in -o requirements-dev.txt
	$(compile) requirements-uv.in -o requirements-uv.txt
	$(compile) requirements-node.in -o requirements-node.txt

messages: ## gather the words of pages and letters into translations/
	@scripts/set-up.sh run
	$(python) -m runner.messages

screenshots: ## take the README's pictures from a running demo: URL=http://127.0.0.1:8000
	@scripts/set-up.sh test
	$(python) scripts/screenshots.py $(URL)

clean: ## remove what was installed and built; the data in var/ stays
	rm -rf .venv frontend/node_modules workflow/static/build .pytest_cache .ruff_cache
	find translations -name '*.mo' -delete
	find . -name __pycache__ -prune -exec rm -rf {} +
