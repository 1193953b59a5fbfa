# Thin on purpose: the work is in packaging/run.py, which also runs where there is no make.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help run test bench screenshots clean

help:
	@echo "make run          set up everything, then open Parley (without a display: take its tour into build/tour)"
	@echo "make test         set up everything, then pass every gate and test"
	@echo "make bench        measure what Parley promises, into build/bench"
	@echo "make screenshots  take the pictures of the window"
	@echo "make clean        remove everything that the others made"

run test bench screenshots:
	@$(PYTHON) packaging/run.py $@

clean:
	rm -rf build dist .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
