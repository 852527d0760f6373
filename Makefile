# Two commands do everything:   make run   make test      The others are for maintainers; see `make help`.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
SEEDS := --schema visits --out runs/seeds.db

.PHONY: help run test lint eval bench bench-accuracy bench-scale bench-report bench-merge record docs wheel lock clean

help:  ## Show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1	\2/p' Makefile | expand -t 20

run: $(VENV)/.run  ## Set up, fetch the model, and extract the visits of the five seed articles
	@echo "Model weights (1.1 GB, fetched once):"
	@$(BIN)/extractor model pull
	$(BIN)/extractor run seeds/ $(SEEDS)

test: $(VENV)/.dev  ## Set up, and run the tests from recorded answers, offline, with coverage
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered

lint: $(VENV)/.dev  ## Check style, types and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

eval: run  ## Score the run over the seeds against the hand labels, and test the checks
	$(BIN)/extractor eval runs/seeds.db --labels seeds/labels.jsonl
	$(BIN)/extractor eval seeds/ --labels seeds/labels.jsonl --mutate

bench: $(VENV)/.run  ## Measure start-up time
	$(BIN)/python benchmarks/startup.py

PEERS := benchmarks/peers/.venv

ARTICLES ?= seeds benchmarks/corpus

bench-accuracy: $(VENV)/.dev  ## Measure accuracy, cost and checks beside LangExtract and instructor, and the ladder (hours)
	$(BIN)/extractor model pull
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet -r benchmarks/peers/requirements.txt
	$(PIP) install --require-hashes -r requirements/bench.txt
	$(BIN)/python benchmarks/accuracy.py $(ARTICLES) $(RESUME)
	$(BIN)/python benchmarks/confidence.py runs/accuracy $(ARTICLES)
	$(BIN)/python benchmarks/ladder.py benchmarks/corpus
	$(BIN)/python benchmarks/mutations.py seeds --labels seeds/labels.jsonl --peers $(PEERS)/bin/python

bench-scale: $(VENV)/.dev  ## Measure overhead, growth, latency, faults, repeats and two nodes against one (twenty minutes)
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/repeats.py
	$(BIN)/python benchmarks/ray_nodes.py

bench-report: $(VENV)/.dev  ## Measure how fast the report of 5,000 articles opens and filters (needs Chromium)
	$(BIN)/python benchmarks/report.py

bench-merge: $(VENV)/.dev  ## Measure how well and how fast records are merged into events, beside splink
	$(PIP) install --require-hashes -r requirements/bench.txt
	$(BIN)/python benchmarks/merge.py
	$(BIN)/python benchmarks/merge_splink.py
	$(BIN)/python benchmarks/merge.py --records 100000

record: $(VENV)/.dev  ## Record anew what the embedded model answers, and show it in the docs
	$(BIN)/extractor model pull
	place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && \
	$(BIN)/extractor run seeds/ --record $$place/new --out $$place/seeds.db && \
	$(BIN)/extractor run benchmarks/corpus --record $$place/new/corpus --out $$place/corpus.db && \
	$(BIN)/extractor run tests/fixtures/hostile --record $$place/new/hostile --out $$place/hostile.db && \
	$(BIN)/extractor run docs/examples/recipes --schema docs/examples/recipe.py \
	  --record $$place/new/recipes --out $$place/recipes.db && \
	$(BIN)/extractor run benchmarks/corpus --max-articles 2 --replay $$place/new/corpus --out $$place/short.db && \
	$(BIN)/extractor probe $$place/short.db --record $$place/new/probes && \
	$(BIN)/extractor probe $$place/seeds.db --probe names --probe countries --probe dates --probe removed \
	  --record $$place/new/probes && \
	$(BIN)/extractor run seeds/ --schema statements --record $$place/new/statements --out $$place/statements.db && \
	mkdir $$place/ten && cp benchmarks/corpus/d0?.txt benchmarks/corpus/d10.txt $$place/ten && \
	head -n 10 benchmarks/corpus/articles.jsonl > $$place/ten/articles.jsonl && \
	$(BIN)/extractor run $$place/ten --schema statements --record $$place/new/statements/corpus --out $$place/ten.db && \
	rm -rf cassettes && cp -r $$place/new cassettes
	$(BIN)/python scripts/update_docs.py

docs: $(VENV)/.dev  ## Bring the output shown in README.md and docs/ up to date
	$(BIN)/python scripts/update_docs.py

wheel: $(VENV)/.dev  ## Build the wheel and use it from an empty folder
	scripts/check_wheel.sh $(BIN)/python

UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links --upgrade pyproject.toml

lock:  ## Lock the newest versions that fit (needs uv)
	$(UV_COMPILE) --extra dev --group build -o requirements/dev.txt
	sed -E '/^ +--hash/d; s/ \\$$//' requirements/dev.txt > requirements/.pins
	$(UV_COMPILE) --extra local --extra eval --extra replay --group build -c requirements/.pins -o requirements/run.txt
	$(UV_COMPILE) --extra dev --group build --group bench -c requirements/.pins -o requirements/bench.txt
	rm requirements/.pins

clean:  ## Remove the environment, caches and builds; what you extracted stays in runs/
	rm -rf $(VENV) dist .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "extractor needs Python 3.11 or newer; name one, as in: make run PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@echo "Installing what requirements/run.txt locks; this takes a minute."
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing what requirements/dev.txt locks."
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
