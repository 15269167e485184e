# `make lab` and `make test` need Python 3.10 or newer (with venv), git and make, nothing else.
PYTHON ?= python3
ARGS ?=
ONLY ?=

.DEFAULT_GOAL := help
.PHONY: help lab test lint test-python test-page test-package test-browser clean python

help:
	@echo "make lab            try it: set everything up in this folder and open JupyterLab"
	@echo "make test           run every check that CI runs (ONLY=\"lint python page package browser\")"
	@echo "make lint           lint, types and import contracts"
	@echo "make test-python    Python tests"
	@echo "make test-page      the page's lint, types and unit tests"
	@echo "make test-package   build the sdist and the wheel, and install them"
	@echo "make test-browser   the browser story"
	@echo "make clean          remove what all these have made"
	@echo "PYTHON=python3.13 chooses the interpreter; ARGS=... goes to jupyter lab."

lab: python
	@$(PYTHON) -m dev.lab $(ARGS)

test: python
	@$(PYTHON) -m dev.check $(ONLY)

lint: python
	@$(PYTHON) -m dev.check lint

test-python: python
	@$(PYTHON) -m dev.check python

test-page: python
	@$(PYTHON) -m dev.check page

test-package: python
	@$(PYTHON) -m dev.check package

test-browser: python
	@$(PYTHON) -m dev.check browser

clean:
	rm -rf .venv .venv-oldest .dev jupyter_envsnap/labextension labextension/lib
	rm -rf labextension/node_modules labextension/checks/node_modules labextension/ui-tests/node_modules

# One line instead of a traceback where the interpreter is missing or too old.
python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "$(PYTHON) is missing: Python 3.10 or newer is needed (make $(MAKECMDGOALS) PYTHON=...)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	  echo "Python 3.10 or newer is needed, $(PYTHON) is $$($(PYTHON) -V 2>&1) (make $(MAKECMDGOALS) PYTHON=...)" >&2; exit 1; }
