# Commands for running, developing and testing. `make help` lists them; begin with `make run`.
# A finished step leaves a file in .stamps/, and runs again only when one of its sources changed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
KILLS ?= 1000
PORTAAL_DATA_DIR ?= var
export PORTAAL_DATA_DIR

BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
PORTAAL := $(BIN)/portaal
SUITE := $(BIN)/python tools/suite.py
# Tests write to memory where 4 GB are free: they make and remove hundreds of thousands of files.
MEMORY := $(shell df --output=avail /dev/shm 2>/dev/null | \
  awk 'END { if ($$1 > 4000000) print "TMPDIR=/dev/shm" }')
# A process that is done takes half of another's tests, so a row of long tests is shared.
PYTEST := env $(MEMORY) $(BIN)/pytest -n auto --dist worksteal
REST := --ignore=tests/house --ignore=tests/manual
say = @printf '  %s\n'

STATIC := $(PORTAAL_DATA_DIR)/static/staticfiles.json
# Templates and Python files name the icons that the build includes.
FRONTEND_SOURCES := package.json $(shell find frontend -type f 2>/dev/null) \
  $(shell find src/portaal -name '*.html' 2>/dev/null) \
  $(shell grep -rlwE 'icon|FONT_FILES' src/portaal --include='*.html' --include='*.py' 2>/dev/null)
STATIC_SOURCES := $(shell find src/portaal -type f -path '*/static/*' \
  ! -path '*/static/ui/built/*' 2>/dev/null)
CATALOGUES := $(shell find src/portaal -name django.po 2>/dev/null)
COMPILED := $(CATALOGUES:.po=.mo)

# The file `demo` allows demo-reset to delete the database of this folder.
define load-demo
$(say) "Database: make its tables"
@mkdir -p "$(PORTAAL_DATA_DIR)"
@[ -e "$(PORTAAL_DATA_DIR)/portaal.sqlite3" ] || touch "$(PORTAAL_DATA_DIR)/demo"
@$(PORTAAL) migrate --verbosity 0
$(say) "Demo office: load it once"
@$(PORTAAL) demo
endef

# Steps whose result was deleted by hand, or moved with the folder, run again.
ifneq ($(shell grep -qsF "$(CURDIR)/.venv/" .venv/bin/pip && echo here),here)
$(shell rm -f .stamps/venv .stamps/python .stamps/package .stamps/dev)
endif
ifeq ($(wildcard node_modules),)
$(shell rm -f .stamps/node)
endif
BUILT := $(wildcard src/portaal/ui/static/ui/built)
PDF_FONTS := $(wildcard src/portaal/gateways/pdf/fonts/*.ttf)
ifneq ($(and $(BUILT),$(PDF_FONTS),built),built)
$(shell rm -f .stamps/frontend)
endif


## Run

help: ## show this list
	@awk -F ':.*## ' '/^## /{print "\n" substr($$0, 4)} \
	  /^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: export PORTAAL_MODE = demo
run: export PORTAAL_BASE_URL = http://localhost:$(PORT)
run: .stamps/package $(COMPILED) $(STATIC) ## set up, load the demo, serve http://localhost:8000 (PORT=8001)
	$(load-demo)
	$(say) "Portal and worker: http://localhost:$(PORT) (Ctrl-C ends both)"
	@exec $(PORTAAL) serve

build: .stamps/package $(COMPILED) $(STATIC) ## make what production serves (docs/operations/installation.md)

demo-reset: export PORTAAL_MODE = demo
demo-reset: export PORTAAL_BASE_URL = http://localhost:$(PORT)
demo-reset: .stamps/package $(COMPILED) $(STATIC) ## delete the demo's data and load it again (stop the portal first)
	@tools/wipe-demo.sh "$(PORTAAL_DATA_DIR)"
	$(load-demo)


## Develop

check: QUICK = -m "not slow"
check: check-static check-house check-domain ## run the quick checks, under a minute

check-static: check-format check-lint check-scripts check-styles check-templates
check-static: check-types check-contracts

check-format: .stamps/dev
	@$(SUITE) format --quiet -- $(BIN)/ruff format --check .
check-lint: .stamps/dev
	@$(SUITE) lint --quiet -- $(BIN)/ruff check .
check-scripts: .stamps/dev .stamps/node
	@$(SUITE) scripts --quiet -- node_modules/.bin/biome check --error-on-warnings
check-styles: .stamps/dev .stamps/node
	@$(SUITE) styles --quiet -- node_modules/.bin/stylelint "frontend/css/**/*.css"
check-templates: .stamps/dev
	@$(SUITE) templates --quiet -- $(BIN)/djangofmt --quiet --check src
check-types: .stamps/dev
	@$(SUITE) types --quiet -- $(BIN)/mypy --no-fast-exit
check-contracts: .stamps/dev
	@$(SUITE) contracts --quiet -- $(BIN)/lint-imports
check-house: .stamps/dev .stamps/frontend $(COMPILED)
	@$(SUITE) house --quiet -- $(PYTEST) $(QUICK) tests/house
check-domain: .stamps/dev .stamps/frontend $(COMPILED)
	@$(SUITE) domain --quiet -- env -u DATABASE_URL $(PYTEST) -m "not browser and not slow" tests/domain

fix: .stamps/dev .stamps/node ## format, and correct what linters can correct
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .
	@node_modules/.bin/stylelint --fix "frontend/css/**/*.css" || true
	@node_modules/.bin/biome check --write --log-level=error || true
	@$(BIN)/djangofmt --quiet src

test: test-needs check-static check-house test-sqlite test-postgres test-plain test-browser ## run everything

test-needs:
	@tools/debian.sh chromium chromium-headless-shell postgresql gettext nodejs npm clamav-daemon

test-sqlite: .stamps/dev .stamps/frontend .stamps/rclone $(COMPILED) ## run the tests on SQLite (ARGS="-k word")
	@$(SUITE) sqlite -- env -u DATABASE_URL $(PYTEST) $(REST) $(ARGS)

# PostgreSQL takes turns: every second commit is tested on it without prepared queries.
test-postgres: export PORTAAL_PLAIN ?= $(shell expr 0$$(git rev-list --count HEAD 2>/dev/null) % 2)
test-postgres: .stamps/dev .stamps/frontend .stamps/rclone $(COMPILED) ## run the tests on a temporary PostgreSQL
	@$(SUITE) postgresql -- env $(MEMORY) $(BIN)/python tools/postgres.py -- $(PYTEST) $(REST) $(ARGS)

# The tests of files read bytes: they reach no prepared query that others do not.
test-plain: .stamps/dev .stamps/frontend $(COMPILED) ## run them without prepared queries (docs/speed.md)
	@$(SUITE) plain -- env -u DATABASE_URL PORTAAL_PLAIN=1 $(PYTEST) -m "not slow and not browser" \
	  --ignore=tests/domain/files tests/domain tests/faces tests/web tests/speed $(ARGS)

test-browser: .stamps/dev .stamps/frontend $(COMPILED) ## run the manual's paragraphs in Chromium
	@$(SUITE) browser -- env -u DATABASE_URL $(PYTEST) tests/manual $(ARGS)

walls: .stamps/dev .stamps/frontend $(COMPILED) ## remove each access check and see a test fail (ARGS="path --fresh")
	@$(BIN)/python -m tools.walls $(ARGS)

bench: export DOSSIERS := $(DOSSIERS)
bench: export BENCH := $(BENCH)
bench: .stamps/package $(COMPILED) $(STATIC) ## measure the pages (DOSSIERS=100000; BENCH=full or memory)
	@$(BIN)/python -m tools.bench

shots: .stamps/dev .stamps/frontend $(COMPILED) ## take a picture of every screen, in var/shots (ARGS="--only office")
	@$(BIN)/python -m tools.shots "$(PORTAAL_DATA_DIR)/shots" $(ARGS)

prove: .stamps/dev .stamps/frontend $(COMPILED) ## break a real portal and check the remains (ARGS="kills power" KILLS=50)
	@tools/debian.sh strace
	@env -u DATABASE_URL $(BIN)/python -m tests.prove --kills $(KILLS) $(ARGS)

messages: KEYWORDS = -k gettext_noop -k gettext_lazy -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2 \
  -k npgettext_lazy:1c,2,3
messages: .stamps/dev ## collect the strings of each app in its django.po
	@for app in $$(find src/portaal -type d -name locale -printf '%h '); do \
	  printf '  %s\n' "$$app"; \
	  $(BIN)/pybabel --quiet extract --mapping-file babel.cfg $(KEYWORDS) --no-location --sort-output \
	    --output-file .stamps/messages.pot "$$app" || exit 1; \
	  $(BIN)/pybabel --quiet update --locale nl --input-file .stamps/messages.pot \
	    --output-file "$$app/locale/nl/LC_MESSAGES/django.po" --no-wrap --no-fuzzy-matching \
	    --ignore-obsolete --ignore-pot-creation-date || exit 1; \
	done

pins: .stamps/dev ## pin the requirements again, with hashes (needs uv)
	@for set in requirements requirements-s3 requirements-dev; do \
	  uv pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --no-header --universal \
	    --python-version 3.11 $$set.in -o $$set.txt || exit 1; \
	done

clean: ## delete what was built (not the data in var/)
	@rm -rf .stamps .venv node_modules src/portaal/ui/static/ui/built src/*.egg-info
	@rm -f src/portaal/gateways/pdf/fonts/*.ttf
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	@rm -rf "$(PORTAAL_DATA_DIR)/static"
	@find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
	@find src -name django.mo -delete


# Steps

.stamps/venv: tools/venv.sh
	$(say) "Python: make .venv"
	@mkdir -p .stamps
	@tools/venv.sh
	@touch $@

.stamps/python: requirements.txt .stamps/venv
	$(say) "Python packages: requirements.txt"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

.stamps/package: pyproject.toml .stamps/python
	$(say) "The command portaal"
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.stamps/dev: requirements-dev.txt .stamps/package
	$(say) "Python packages for development: requirements-dev.txt"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

.stamps/rclone: tools/rclone.txt .stamps/venv
	$(say) "S3 server for the tests: rclone"
	@$(BIN)/python tools/rclone.py $@

.stamps/node: package-lock.json
	$(say) "Packages of the frontend: package-lock.json"
	@tools/node.sh
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@mkdir -p .stamps
	@touch $@

.stamps/frontend: $(FRONTEND_SOURCES) .stamps/node
	$(say) "Scripts, styles and icons"
	@npm run --silent build >/dev/null
	@touch $@

%.mo: %.po | .stamps/python
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(STATIC): $(STATIC_SOURCES) .stamps/frontend | .stamps/package
	$(say) "Static files: hash and compress"
	@PORTAAL_MODE=demo PORTAAL_KEYS_FILE=.stamps/keys $(PORTAAL) collectstatic --no-input --verbosity 0
	@touch $@

.PHONY: help run build demo-reset check check-static check-format check-lint check-scripts \
  check-styles check-templates check-types check-contracts check-house check-domain fix test \
  test-needs test-sqlite test-postgres test-plain test-browser walls bench shots prove messages pins clean
