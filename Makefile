# Needs Python 3.11 or newer with venv, and make; everything else is installed from the lock files.

PORT   ?= 8000
SIZE   ?= 1m
PYTHON ?= python3
BIN     = .venv/bin

# uv must use the Python it was given, and must not remove what another target installed.
export UV_PYTHON_DOWNLOADS = never
SYNC = $(BIN)/uv sync --quiet --locked --inexact
# npm comes from the virtual environment; no package may run a script while it is installed.
NPM_CI = PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm ci --silent --ignore-scripts

.DEFAULT_GOAL = help
.PHONY: help demo demo-reset test coverage lint format bench pictures messages manage shell serve clean

help:                 ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 14

demo: .venv/demo node_modules/.demo    ## run the whole portal with demo data (PORT=8000)
	@exec $(BIN)/python -m config.demo --tethered --port $(PORT)

demo-reset: .venv/demo                 ## delete the demo's data
	@$(BIN)/python -m config.embedded reset

test: .venv/dev node_modules/.dev      ## everything that CI runs
	@$(BIN)/python -m tests.run

coverage: .venv/dev node_modules/.dev  ## which lines and branches no test reaches
	@$(BIN)/python -m config.embedded exec -- \
	  $(BIN)/python -m pytest -q -n auto --dist loadgroup --cov --cov-report term-missing

lint: .venv/dev                        ## only the checks that need no server
	@$(BIN)/python -m tests.run --lint

format: .venv/dev                      ## put code and templates into shape
	@$(BIN)/ruff check --fix --quiet . && $(BIN)/ruff format --quiet .
	@find templates -name '*.html' -o -name '*.txt' | xargs -r $(BIN)/djade --target-version 5.2

bench: .venv/dev node_modules/.demo     ## measure how quick it is, in ten minutes (SIZE=10k in one)
	@$(BIN)/python -m benchmarks --size $(SIZE)

pictures: .venv/dev node_modules/.dev  ## take the guide's pictures anew (PICTURES=check: compare)
	@PICTURES=$(or $(PICTURES),save) $(BIN)/python -m config.embedded exec -- \
	  $(BIN)/python -m pytest -q tests/journeys/test_pictures.py

messages: .venv/dev                    ## collect texts to translate
	@$(BIN)/python -m config.catalogue

manage: .venv/demo                     ## a command of the portal on the demo's data (DO="help")
	@$(BIN)/python -m config.embedded exec --demo -- $(BIN)/python manage.py $(DO)

shell: .venv/demo                      ## a Python shell on the demo's data
	@$(BIN)/python -m config.embedded exec --demo -- $(BIN)/python manage.py shell

serve: .venv/dev node_modules/.demo    ## the development server on the demo's data (PORT=8000)
	@$(BIN)/python -m config.embedded exec --demo -- \
	  env DEBUG=on $(BIN)/python manage.py runserver $(PORT)

clean:                                 ## remove everything that was installed or made
	rm -rf .venv node_modules var

# --- what is installed; each is made again when its lock file changes ---

.venv/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; give it as PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo "Python's venv module is missing: apt-get install python3-venv"; exit 1; }
	@echo "Installing Python packages …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes -r requirements/uv.txt
	@touch $@

.venv/demo: .venv/uv pyproject.toml uv.lock
	@$(SYNC) --no-default-groups --group demo
	@touch $@

.venv/dev: .venv/uv pyproject.toml uv.lock
	@$(SYNC)
	@touch $@ .venv/demo

node_modules/.demo: package.json package-lock.json | .venv/demo
	@echo "Installing front-end packages …"
	@$(NPM_CI) --omit=dev
	@touch $@

node_modules/.dev: package.json package-lock.json | .venv/demo
	@echo "Installing front-end packages, and the browser of the tests …"
	@$(NPM_CI)
	@touch $@ node_modules/.demo
