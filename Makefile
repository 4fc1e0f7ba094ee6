# Needs Python 3.11 or newer and make. Everything else goes into .venv, at the versions pinned in constraints.txt.
#   make run     the blockade of autumn 2025 as it was, 200 replications
#   make test    ruff, mypy, pytest
#   make bench   both engines, timed
#   make man     manual pages, into man/
#   make notebooks   the notebooks, in JupyterLab
# Another interpreter: make test PYTHON=/path/to/python3.13. Where .venv is of another version already, that one has its
# own beside it, .venv-3.13.

MAKEFLAGS += --no-print-directory
# Where this is set, each of some hundred commands that the tests run would compile all libraries again.
unexport PYTHONDONTWRITEBYTECODE
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	"$$p" -c '$(NEW_ENOUGH)' 2>/dev/null && echo "$$p" && exit; done; echo python3)
VERSION := import sys; print("%d.%d" % sys.version_info[:2])
VENV := .venv
ifneq ($(filter command environment,$(word 1,$(origin PYTHON))),)
  ASKED := $(shell "$(PYTHON)" -c '$(VERSION)' 2>/dev/null)
  ifeq ($(ASKED),)
    $(error PYTHON=$(PYTHON) is no Python that runs here; name another: make $(MAKECMDGOALS) PYTHON=python3.11)
  endif
  THERE := $(shell .venv/bin/python -c '$(VERSION)' 2>/dev/null)
  ifneq ($(THERE),)
    VENV := .venv$(if $(filter-out $(THERE),$(ASKED)),-$(ASKED))
  endif
endif
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --no-input -qq
PINS := pyproject.toml constraints.txt

.PHONY: run test tools lint compiled collected bench man clean

run: $(VENV)/run.stamp
	@$(VENV)/bin/convoi run scenarios/blockade-2025.yaml --overlay scenarios/posteriors/pump-free.yaml --hindcast -n 200

test: $(VENV)/test.stamp
	@$(MAKE) -j2 compiled lint collected
	@$(VENV)/bin/python -m pytest -n 2 --dist worksteal

tools: $(VENV)/test.stamp
	@:

lint: $(VENV)/test.stamp
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy --no-error-summary

compiled: $(VENV)/test.stamp
	@$(VENV)/bin/python -c "from sim import fast; fast.prepare()"

# Beside the engine, which compiles longest: every library that tests import is byte-compiled once and not by each worker.
# What cannot be collected is told by the tests themselves.
collected: $(VENV)/test.stamp
	@$(VENV)/bin/python -m pytest --collect-only -qq >/dev/null 2>&1 || :

bench: $(VENV)/run.stamp
	@$(VENV)/bin/python benchmarks/engines.py --quick outputs

man: $(VENV)/test.stamp
	@$(VENV)/bin/python docs/man.py man

notebooks: $(VENV)/notebooks.stamp
	@$(VENV)/bin/jupyter lab notebooks

clean:
	rm -rf .venv .venv-3.*

$(VENV)/bin/python:
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' || { \
		echo "convoi needs Python 3.11 or newer, and $(PYTHON) is not; name another: make run PYTHON=python3.11" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/run.stamp: $(PINS) | $(VENV)/bin/python
	@echo "installing convoi into $(VENV) (once; a minute or two)" >&2
	@$(PIP) install --no-compile -c constraints.txt -e '.[cluster,calibrate,report,explore]'
	@touch $@

$(VENV)/notebooks.stamp: $(PINS) | $(VENV)/bin/python
	@echo "installing convoi and JupyterLab into $(VENV) (once; a minute or two)" >&2
	@$(PIP) install --no-compile -c constraints.txt -e '.[notebooks]'
	@touch $@

$(VENV)/test.stamp: $(PINS) | $(VENV)/bin/python
	@echo "installing convoi and its test tools into $(VENV) (once; a minute or two)" >&2
	@$(PIP) install --no-compile -c constraints.txt -e '.[test]'
	@touch $@
