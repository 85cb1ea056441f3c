# Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := .tools/bin/uv
export UV_PYTHON_DOWNLOADS = never
export PYTHONWARNINGS =
EASTER := examples/easter-truce-2025

.PHONY: demo test check deep sabotage bench score docs wheel format clean

# Run the Easter truce mission, print a summary and where the report is.
demo: $(VENV)/ready
	$(BIN)/truceline run $(EASTER)
	$(BIN)/truceline report $(EASTER) --view public

# Every test and check, in at most 20 minutes on two cores; the documentation and the wheel are among
# what is tested (tests/docs, tests/packaging).
test: check .venv-bench/ready
	$(BIN)/python -m pytest -n 2 -m "not deep" --durations=10

# Seconds: what a developer runs on every save.
check: $(VENV)/ready
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports

# Kills, full disks and sabotage, in at most 60 minutes.
deep: $(VENV)/ready
	$(BIN)/python -m pytest -n 2 --dist loadfile -m deep --durations=5 tests/deep
	$(MAKE) --no-print-directory sabotage

# Break each promise once, by a small recorded mutation; the test named for it must fail.
sabotage: $(VENV)/ready
	$(BIN)/python -m sabotage.run

# Speed and memory, as ratios against peers in one run. Nothing here is asserted by a test.
bench: $(VENV)/ready .venv-bench/ready
	$(BIN)/python -m benchmarks.line
	$(BIN)/python -m benchmarks.desk
	$(BIN)/python -m benchmarks.fusion
	$(BIN)/python -m benchmarks.record
	$(BIN)/python -m benchmarks.bundle
	$(BIN)/python -m benchmarks.proofs
	$(BIN)/python -m benchmarks.point_in_zone
	$(BIN)/python -m benchmarks.score --scenarios year-of-the-front --scale 1 --no-page

# The scoreboard: today's line, its rivals and the oracle over every scenario; writes docs/scoreboard.md.
score: $(VENV)/ready .venv-bench/ready
	$(BIN)/python -m benchmarks.score

# The documentation, offline, warnings as errors.
docs: $(VENV)/ready
	$(BIN)/python -m sphinx -W -q -b html docs docs/_build/html

# The wheel must install into an empty environment and run.
wheel: $(VENV)/ready
	$(BIN)/python -m pytest tests/packaging

format: $(VENV)/ready
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

clean:
	rm -rf $(VENV) .venv-bench .tools dist docs/_build examples/*/out examples/*/record examples/*/release

# Set-up: uv in .tools, the locked environment in .venv, the compiled kernels warmed.
$(VENV)/ready: requirements.lock tools.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $$($(PYTHON) --version) was found. Name another with: make PYTHON=python3.12 demo"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 2; }
	test -x $(UV) || { $(PYTHON) -m venv .tools && .tools/bin/python -m pip -q --disable-pip-version-check install --require-hashes -r tools.lock; }
	$(UV) venv -q --clear --python $(PYTHON) $(VENV)
	$(UV) pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation --editable .
	$(BIN)/truceline warm
	touch $@

# What only rivals of the scoreboard need, in an environment of its own.
.venv-bench/ready: benchmarks/requirements.lock | $(VENV)/ready
	$(UV) venv -q --clear --python $(PYTHON) .venv-bench
	$(UV) pip sync -q --python .venv-bench/bin/python --require-hashes $<
	touch $@
