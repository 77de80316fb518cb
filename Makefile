# Every command a person needs; `make help` lists them. Nothing is installed outside .venv.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.requirements
INSTALLED_DEV := $(VENV)/.requirements-dev

# `make run PORT=9000` tells the product MARKETCAP_PORT=9000, and so on.
PASSED := PORT DATA_DIR SOURCE CAPTURES ASSETS DATE
$(foreach name,$(PASSED),$(if $($(name)),$(eval export MARKETCAP_$(name) := $($(name)))))
# Some shells export HOST as the name of the machine, so it counts on the command line only.
ifeq ($(origin HOST),command line)
export MARKETCAP_HOST := $(HOST)
endif

# A virtual environment whose Python is gone or too old is made anew.
RUNS := import sys; sys.exit(sys.version_info < (3, 11))
ifneq ($(shell $(PY) -c '$(RUNS)' 2>/dev/null && echo yes),yes)
UNUSABLE := unusable
endif

.PHONY: help run test check properties doctor bench clean unusable

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  make run takes PORT=8000 DATA_DIR=.data SOURCE=auto|live|sandbox|replay ASSETS=2000"
	@echo "  HOST=127.0.0.1 CAPTURES=<directory> DATE=YYYY-MM-DD; Ctrl-C stops everything."

run: $(INSTALLED) ## Install what is missing, start everything, print the address
	@$(PY) -m jobs up

test: $(INSTALLED_DEV) ## Build the pages and run every test; ARGS="-k name" for some
	@PLAYWRIGHT_CHROMIUM="$$($(PY) -m jobs browser)" && export PLAYWRIGHT_CHROMIUM \
		&& $(PY) -m jobs build && $(PY) -m pytest $(ARGS)

check: $(INSTALLED_DEV) ## Everything that must hold before a commit, the tests last
	@echo "ruff format" && $(VENV)/bin/ruff format --check .
	@echo "ruff check" && $(VENV)/bin/ruff check .
	@echo "lint-imports" && $(VENV)/bin/lint-imports
	@echo "basedpyright" && $(VENV)/bin/basedpyright --pythonpath $(PY)
	@echo "codespell" && $(VENV)/bin/codespell
	@echo "alembic check" && $(PY) -m jobs stores -- \
		sh -c '$(PY) -m alembic upgrade head && $(PY) -m alembic check'
	@$(MAKE) test

properties: $(INSTALLED_DEV) ## The invariants on 10,000 markets each; takes a while
	@HYPOTHESIS_PROFILE=nightly $(PY) -m pytest -q --timeout 0 -k test_invariant_ tests/market

doctor: $(INSTALLED) ## What works on this machine, what does not, and what to do
	@$(PY) -m jobs doctor

bench: $(INSTALLED_DEV) ## Measure; ONLY=name for one benchmark
	@$(if $(filter-out tick_to_browser,$(ONLY)),,PLAYWRIGHT_CHROMIUM="$$($(PY) -m jobs browser)" \
		&& export PLAYWRIGHT_CHROMIUM &&) $(PY) -m benchmarks $(ONLY)

clean: ## Remove all that make has made, except the data
	rm -rf $(VENV) .web assets/external .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# The first Python that will do; PYTHON=/path names one.
define FIND_PYTHON
for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$python -c '$(RUNS)' 2>/dev/null; then break; fi; \
	python=; \
done
endef

define NO_PYTHON
Python 3.11 or newer is needed; here is: $$(python3 --version 2>&1). \
Install one, or name it: make run PYTHON=/path/to/python3.12
endef

define INSTALL
if command -v uv >/dev/null; then \
	uv pip install --python $(PY) -r $(1); \
else \
	$(PY) -m pip install --quiet --disable-pip-version-check -r $(1); \
fi
endef

$(INSTALLED): requirements.txt $(UNUSABLE)
	@$(if $(UNUSABLE),rm -rf $(VENV);) $(FIND_PYTHON); \
	if command -v uv >/dev/null; then \
		uv venv --quiet --allow-existing --python "$${python:-3.12}" $(VENV); \
	elif [ -z "$$python" ]; then \
		echo "$(NO_PYTHON)" >&2; exit 2; \
	else \
		$$python -m venv $(VENV) || { echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }; \
	fi
	@echo "Installing requirements.txt; this happens once and takes about a minute"
	@$(call INSTALL,requirements.txt)
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@echo "Installing requirements-dev.txt; this happens once"
	@$(call INSTALL,requirements-dev.txt)
	@touch $@
