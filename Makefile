# Needs Python 3.11 or newer and make. Everything else goes into .venv, at the versions pinned in constraints.txt.
#   make run     the blockade of autumn 2025 as it was, 200 replications
#   make test    ruff, mypy, pytest
#   make bench   both engines, timed
# Another interpreter: make run PYTHON=/path/to/python3

MAKEFLAGS += --no-print-directory
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	"$$p" -c '$(NEW_ENOUGH)' 2>/dev/null && echo "$$p" && exit; done; echo python3)
PIP := .venv/bin/python -m pip --disable-pip-version-check --no-input -qq
PINS := pyproject.toml constraints.txt

.PHONY: run test lint bench clean

run: .venv/run.stamp
	@.venv/bin/convoi run scenarios/blockade-2025.yaml --overlay scenarios/posteriors/pump-free.yaml --hindcast -n 200

test: lint
	@.venv/bin/python -m pytest -n 2 --dist worksteal

lint: .venv/test.stamp
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy --no-error-summary

bench: .venv/run.stamp
	@.venv/bin/python benchmarks/engines.py --quick outputs

clean:
	rm -rf .venv

.venv/bin/python:
	@"$(PYTHON)" -c '$(NEW_ENOUGH)' || { \
		echo "convoi needs Python 3.11 or newer, and $(PYTHON) is not; name another: make run PYTHON=python3.11" >&2; exit 1; }
	@"$(PYTHON)" -m venv .venv

.venv/run.stamp: $(PINS) | .venv/bin/python
	@echo "installing convoi into .venv (once; a minute or two)" >&2
	@$(PIP) install -c constraints.txt -e '.[cluster,calibrate]'
	@touch $@

.venv/test.stamp: $(PINS) | .venv/bin/python
	@echo "installing convoi and its test tools into .venv (once; a minute or two)" >&2
	@$(PIP) install -c constraints.txt -e '.[test]'
	@touch $@
