# Every target makes the environment it needs from locked versions; only Python 3.11+, make and pip
# have to be there. TORCH_PIP_ARGS may name an index of CPU builds where pip does not find one itself.

PYTHON ?= python3
TORCH ?= torch==2.13.0
TORCH_PIP_ARGS ?=
PIP = -m pip --disable-pip-version-check --quiet
OUT ?= out
JOBS ?= 2

.PHONY: help demo test check check-scripts texts train-setup clean

help:
	@echo "make demo         scan the bundled photographs, turn a face, write out/demo.html"
	@echo "make test         run the test suite, then prove that run time needs no torch"
	@echo "make check        ruff, mypy --strict, import rules, types of the gallery's scripts"
	@echo "make texts        the gallery's texts for translators, and every language compiled"
	@echo "make train-setup  the environment for real training, in .venv-train"
	@echo "make clean        remove environments and results"

demo: .venv/ready
	mkdir -p $(OUT)
	.venv/bin/goodside album examples/photos examples/faces --catalog $(OUT)/demo.db \
		--portrait examples/faces/astronaut.jpg --credits examples/CREDITS.md \
		--title "goodside: a first album" -o $(OUT)/demo.html
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
		.venv/bin/python -m webbrowser "file://$(abspath $(OUT))/demo.html"; fi

test: .venv-test/ready .venv/ready
	.venv-test/bin/python -m compileall -q src  # the many processes that tests start read it
	.venv-test/bin/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder
	.venv/bin/python tests/smoke.py

check: .venv-test/ready
	.venv-test/bin/ruff check .
	.venv-test/bin/ruff format --check .
	.venv-test/bin/mypy
	.venv-test/bin/lint-imports
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory check-scripts; \
	else echo "npm is not installed: the types of the gallery's scripts are not checked"; fi

check-scripts: node_modules/ready
	node_modules/.bin/tsc --project tsconfig.json

texts: .venv-test/ready
	mkdir -p $(OUT)
	.venv-test/bin/python -m tools.extract_texts $(OUT)/goodside.pot

train-setup: .venv-train/ready
	@echo "ready: .venv-train/bin/python -m goodside_train --help"

.venv/ready: requirements/runtime.txt pyproject.toml
	$(PYTHON) -m venv --clear .venv
	.venv/bin/python $(PIP) install --require-hashes -r requirements/runtime.txt
	.venv/bin/python $(PIP) install --no-deps --editable .
	touch $@

.venv-test/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv --clear .venv-test
	.venv-test/bin/python $(PIP) install --require-hashes -r requirements/dev.txt
	.venv-test/bin/python $(PIP) install $(TORCH_PIP_ARGS) $(TORCH)
	.venv-test/bin/python $(PIP) install --no-deps --editable .
	touch $@

node_modules/ready: package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --silent
	touch $@

.venv-train/ready: requirements/train.txt pyproject.toml
	$(PYTHON) -m venv --clear .venv-train
	.venv-train/bin/python $(PIP) install --require-hashes -r requirements/train.txt
	.venv-train/bin/python $(PIP) install $(TORCH_PIP_ARGS) $(TORCH)
	.venv-train/bin/python $(PIP) install --no-deps --editable .
	touch $@

clean:
	rm -rf .venv .venv-test .venv-train node_modules $(OUT)
