# Two commands do everything: `make lab` opens the course, `make test` runs every test.
# Each first brings .venv in order (tools/environment.py), so both work on a fresh clone.

PYTHON ?= $(shell for p in python3 python py; do \
	"$$p" -c "import sys; sys.exit(sys.version_info < (3, 6))" \
	>/dev/null 2>&1 && echo "$$p" && break; done)
NO_PYTHON = No Python 3 found. Install Python 3.10 to 3.13, then type the same \
	command again
IN_VENV = $(or $(PYTHON),$(error $(NO_PYTHON))) -m tools.environment

export CH

.PHONY: help lab test chapters lint bench browser clean
.DEFAULT_GOAL := help

help:  ## list these commands
	@sed -n 's/^\([a-z]*\):  ## /  make \1@/p' Makefile | tr @ '\t' | expand -t 18

lab:  ## open the course in JupyterLab (CH=03: at chapter 03)
	@$(IN_VENV) -m tools.lab

test:  ## run every test: units, doctests, notebooks, browser
	@$(IN_VENV) -m pytest

browser:  ## run only the tests in a real browser
	@$(IN_VENV) -m pytest -m browser

chapters:  ## execute the notebooks and write them anew (CH=01: only this one)
	@$(IN_VENV) -m tools.chapters

lint:  ## look for mistakes in the code's style, notebooks included
	@$(IN_VENV) -m ruff check
	@$(IN_VENV) -m ruff format --check

bench:  ## measure speed beside PyTorch
	@$(IN_VENV) -m benchmarks

clean:  ## remove .venv and caches; your solved exercises stay
	@$(or $(PYTHON),$(error $(NO_PYTHON))) -m tools.clean
