# The course's commands; each sets up .venv by itself. `make` alone lists them.
SHELL := /bin/bash -o pipefail
PYTHON3 ?= python3
VENV := .venv
PYTHON := $(VENV)/bin/python
INSTALLED := $(VENV)/installed
PYTEST := $(PYTHON) -m pytest

# One thread each: results are repeatable, and parallel workers do not fight over the cores.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PYDEVD_DISABLE_FILE_VALIDATION := 1

.PHONY: help book test test-full mutation proofs experiments bench lint unit notebooks pages system lab release check grade clean

help:  ## list the commands
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; name another one with make PYTHON3=...")'
	$(PYTHON3) -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

book: $(INSTALLED)  ## build the HTML book; executes every chapter; warnings are errors
	@$(VENV)/bin/jupyter-book build -W -n --keep-going .
	@echo "Open file://$(CURDIR)/_build/html/index.html"

test: lint unit notebooks book pages  ## everything that CI checks

test-full: test mutation proofs  ## the long proofs too

proofs: $(INSTALLED) system  ## the long proofs of the grader: fuzz, kills
	$(PYTHON) -m tests.autograder.fuzz
	$(PYTHON) -m tests.autograder.kill

mutation: $(INSTALLED)  ## change each line of the cells: every mutant must be killed or explained
	$(PYTHON) tests/mutation/run.py $(FILES)

lint: $(INSTALLED)  ## style, types and spelling
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m mypy
	$(VENV)/bin/codespell

unit: $(INSTALLED) system  ## the library, the autograder, the exercises and the chapters' form
	$(PYTEST) tests --ignore tests/book/test_pages.py -n 2 --dist loadfile -q

notebooks: $(INSTALLED)  ## execute every chapter by nbval, one file a worker
	$(PYTEST) --nbval-lax --nbval-cell-timeout 120 chapters -n 2 --dist loadfile -q -W ignore

pages: $(INSTALLED) book system  ## open every built page in headless Chromium
	$(PYTEST) tests/book/test_pages.py -q

system:
	@tests/install_system.sh

lab: $(INSTALLED)  ## JupyterLab on the notebooks
	$(PYTHON) -m jupyter lab

release: $(INSTALLED)  ## exercises/ and the learners' archive from solutions/
	$(PYTHON) -m autograder release

check: $(INSTALLED)  ## the visible checks of one notebook: make check NB=exercises/...
	$(PYTHON) -m autograder check "$(NB)"

grade: $(INSTALLED)  ## grade classroom/submitted/: make grade ASSIGNMENT=...
	$(PYTHON) -m autograder grade "$(ASSIGNMENT)"

experiments: $(INSTALLED)  ## the long runs whose results the chapters draw; an interrupted one goes on
	$(PYTHON) -m experiments adding_problem

bench: $(INSTALLED)  ## the performance table: rnncore, torch.nn, a plain loop and the GEMM floor
	$(PYTHON) -m benchmarks
	$(PYTHON) -m benchmarks.grading

clean:  ## remove what was built, but neither .venv nor classroom/
	rm -rf _build dist .pytest_cache .mypy_cache .ruff_cache
