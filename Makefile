# Two commands do everything: `make lab` opens the course, `make test` runs every test.
# Each first brings .venv in order, which takes no time when nothing changed.

# The first of these that is 3.10 to 3.13 makes .venv; PYTHON=... names another.
PYTHON ?= python3.13 python3.12 python3.11 python3.10 python3 python
is_right = $(1) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' \
	2>/dev/null
NO_PYTHON = The course needs Python 3.10 to 3.13, and none of these is one: $(PYTHON). \
	Install one (3.12, say), then type the same command again. \
	PYTHON=/path/to/python names one that is elsewhere.
# The PyTorch of constraints.txt: the stored outputs were made with it.
TORCH ?= 2.13.0

python_of = PATH="$$(pwd -P)/$(1)/bin:$$PATH" $(1)/bin/python
IN_VENV = $(call python_of,.venv)
# "again" if .venv is not there, was made in another folder, or lost its Python.
AGAIN := $(shell [ -x .venv/bin/python ] && \
	[ "$$(cat .venv/installed 2>/dev/null)" = "$$(pwd -P)" ] || echo again)

export CH

.PHONY: help lab test test-range oldest newest browser soak chapters lint bench bench-small \
	constraints clean again
.DEFAULT_GOAL := help

help:  ## list these commands
	@sed -n 's/^\([a-z-]*\):.*  ## /  make \1@/p' Makefile | tr @ '\t' | expand -t 19

lab: .venv/installed  ## open the course in JupyterLab (CH=03: at chapter 03)
	@$(IN_VENV) -m tools.lab

test: .venv/installed  ## run every test: units, doctests, notebooks, browser
	@$(IN_VENV) -m pytest

test-range: .venv/bin/uv  ## run them with the oldest and the newest packages allowed
	@$(MAKE) --no-print-directory --keep-going $(ENDS)

browser: .venv/installed  ## run only the tests in a real browser, and take photographs
	@$(IN_VENV) -m pytest -m browser --photographs

soak: .venv/installed  ## kill 100 training runs and resume each (KILLS=500: so many)
	@KILLS=$(or $(KILLS),100) $(IN_VENV) -m pytest -n0 -rP -k killed_runs \
		tests/loop/test_kill_and_resume.py

chapters: .venv/installed  ## execute the notebooks and write them anew (CH=01: only it)
	@$(IN_VENV) -m tools.chapters

lint: .venv/installed  ## look for mistakes in the code's style, notebooks included
	@$(IN_VENV) -m ruff check
	@$(IN_VENV) -m ruff format --check

bench: .venvs/peers/installed  ## measure speed beside PyTorch and others (ONLY=engine)
	@$(call python_of,.venvs/peers) -m benchmarks $(ONLY) --out .benchmarks

bench-small: .venv/installed  ## run the benchmarks once, but for the long ones
	@$(IN_VENV) -m benchmarks $(ONLY) --small --out .benchmarks/small

# The other libraries' own environment, in which all of .venv is seen too.
.venvs/peers/installed: .venv/installed benchmarks/requirements.txt
	@.venv/bin/python -m venv --clear .venvs/peers
	@.venv/bin/python -c "import site; print('import site;', \
		*map('site.addsitedir({!r});'.format, site.getsitepackages()))" \
		> "$$(.venvs/peers/bin/python -c \
		'import site; print(site.getsitepackages()[0])')/venv.pth"
	@grep -v '^#' benchmarks/requirements.txt | while read -r peer; do \
		.venvs/peers/bin/python -m pip install --quiet -c constraints.txt "$$peer" || \
		echo "Without this one: $$peer"; done
	@touch $@

constraints: .venv/bin/uv  ## write constraints.txt anew (TORCH=2.14.1: with this PyTorch)
	@echo "torch==$(TORCH)" | .venv/bin/uv pip compile --quiet --universal \
		--python-version 3.10 --no-annotate --no-header \
		--no-emit-package backward-and-step requirements.txt - > .venv/resolved
	@{ echo "# The exact version of every package, written by make constraints. CUDA's"; \
	echo "# own are left to PyTorch: it names those that its build needs."; \
	grep -vE '^(cuda|nvidia)-' .venv/resolved; } > constraints.txt

clean:  ## remove .venv and caches; your solved exercises stay
	rm -rf .venv .venvs .benchmarks .screenshots
	find . -type d \( -name __pycache__ -o -name '.*_cache' -o -name .hypothesis \
		-o -name .ipynb_checkpoints -o -name '*.egg-info' \) -prune -exec rm -rf {} +

# A .venv that somebody made by hand is used, with what is in it.
.venv/installed: requirements.txt constraints.txt pyproject.toml $(AGAIN)
	@grep -qsF "$$(pwd -P)/.venv" .venv/bin/activate && \
	$(call is_right,.venv/bin/python) || { \
		for python in $(PYTHON) ""; do $(call is_right,"$$python") && break; done; \
		[ "$$python" ] || { echo "$(NO_PYTHON)" >&2; exit 1; }; \
		echo "Making .venv with $$python ..."; \
		"$$python" -m venv --clear .venv; }
	@.venv/bin/python -c "import pip" 2>/dev/null || .venv/bin/python -m ensurepip
	.venv/bin/python -m pip install -r requirements.txt -c constraints.txt
	@pwd -P > $@

.venv/bin/uv: | .venv/installed
	.venv/bin/python -m pip install --quiet uv

# Throw-away environments for make test-range; KEEP=1 keeps them.
ENDS ?= oldest newest
oldest: RESOLUTION = lowest-direct
newest: RESOLUTION = highest
oldest newest: .venv/bin/uv
	@echo "== The $@ packages of requirements.txt, into .venvs/$@"
	@.venv/bin/uv venv --quiet --clear --python .venv/bin/python .venvs/$@
	@.venv/bin/uv pip install --python .venvs/$@ --resolution $(RESOLUTION) \
		-r requirements.txt
	@.venvs/$@/bin/python -c "import sys, torch; print('== The tests, with the $@:', \
		'PyTorch', torch.__version__, 'on Python', sys.version.split()[0])"
	@$(call python_of,.venvs/$@) -m pytest -m "not browser" $(TESTS)
	@$(if $(KEEP),,rm -rf .venvs/$@; rmdir .venvs 2>/dev/null || :)
