# Carelake's verbs; `make help` lists them. What they stand on is made once and kept in .venv/ and .cache/.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

UV = $(shell cat .cache/uv.path)
RUN = $(UV) run --no-sync
# Where Python may not write __pycache__, each process would compile what it imports: two seconds for carelake's.
# Not a setting of the project's: every `uv run` would look at all files again, and say so.
SYNC = $(UV) sync --locked --inexact --compile-bytecode
ENVIRONMENT := .venv/.synced
JARS := .cache/jars/.verified
ARCHIVE := .cache/spark.jsa.done
JAVA := .cache/java.version
AIRFLOW := .venv/.airflow

.PHONY: help
help:  ## show this list
	@awk -F ':.*##' '/^[a-z][a-z0-9-]*:.*##/ {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: setup  ## generate, build and verify the default lake under data/
	$(RUN) carelake demo

.PHONY: test
test: setup $(AIRFLOW)  ## run all tests, two at a time
# Two threads of linear algebra in each of two processes would wait for each other.
	OPENBLAS_NUM_THREADS=1 $(RUN) pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: test-deployment
test-deployment: wheel s3-jars $(AIRFLOW)  ## test what a team runs: DAGs, a cluster, servers, object storage; half an hour
	$(SYNC) --group services
	$(RUN) pytest --timeout 1800 tests/dags/runs tests/services tests/cluster

.PHONY: check
check: setup  ## format, lint, types, import directions, contracts and generated docs; changes nothing
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) mypy
	$(RUN) lint-imports --no-logo
	$(RUN) carelake docs --check

.PHONY: fix
fix: setup  ## format the code, mend what the linter can, write the generated docs anew
	$(RUN) ruff check --fix-only
	$(RUN) ruff format
	$(RUN) carelake docs

.PHONY: notebooks
notebooks: setup  ## execute the notebooks on a lake with trained models (CARELAKE_DATA_DIR, else data/); keeps no output
	$(RUN) jupyter execute --timeout 600 notebooks/*.ipynb

.PHONY: airflow
airflow: setup $(AIRFLOW)  ## start Airflow on loopback with the DAGs, on the lake of CARELAKE_DATA_DIR (else data/)
	@scripts/airflow.sh standalone

.PHONY: history
history: setup  ## Spark's history server over SPARK_EVENT_LOG_DIR, on this machine alone, until Ctrl-C
	$(RUN) python scripts/history.py

.PHONY: wheel
wheel: setup  ## build the project's wheel, which a cluster's executors run
	rm -f dist/carelake-*.whl
	$(UV) build --quiet --wheel

.PHONY: cluster
cluster: wheel  ## run a Spark master and two workers on this machine until Ctrl-C
	$(RUN) python scripts/cluster.py

.PHONY: s3-jars
s3-jars: .cache/s3-jars/.verified  ## fetch what Spark needs for data in an object store (s3a://), once
.cache/s3-jars/.verified: conf/spark/s3-jars.sha256 scripts/fetch_jars.py $(JAVA) | $(ENVIRONMENT)
	$(SYNC) --group s3
	@$(RUN) python scripts/fetch_jars.py s3
	@touch $@

.PHONY: bench
bench: setup  ## measure the rows of docs/benchmarks.md that ROWS names, else all (hours), and write the page anew
	$(RUN) python -m benchmarks $(ROWS)

.PHONY: bench-scoring
bench-scoring: setup  ## time scoring on the lake of `make demo`: in Spark, here, the model alone
	$(RUN) python -m benchmarks.scoring

.PHONY: clean
clean:  ## remove what was built (.venv, .cache, tool caches); data/ stays
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: setup
setup: $(ENVIRONMENT) $(JARS) $(ARCHIVE)  ## fetch what the verbs above need (they do it themselves)

# Both scripts leave their file alone when nothing changed, so what depends on it is not made again.
.PHONY: probe
probe:
	@scripts/find_uv.sh .cache/uv.path
	@scripts/find_java.sh $(JAVA)
.cache/uv.path $(JAVA): probe ;

# --inexact: an Airflow or notebook group that someone added stays.
$(ENVIRONMENT): uv.lock pyproject.toml .cache/uv.path
	$(SYNC)
	@touch $@

$(AIRFLOW): $(ENVIRONMENT)
	$(SYNC) --group airflow
	@touch $@

$(JARS): conf/spark/jars.sha256 scripts/fetch_jars.py $(JAVA) | $(ENVIRONMENT)
	@echo "fetching the Delta jars (once)"
	@$(RUN) python scripts/fetch_jars.py
	@touch $@

# Without the archive Spark starts slower; that must never stop anybody.
$(ARCHIVE): $(JARS) uv.lock scripts/archive_classes.py $(JAVA)
	@echo "archiving Spark's classes for faster starts (once, about half a minute)"
	@$(RUN) python scripts/archive_classes.py > .cache/archive.log 2>&1 \
		|| echo "no archive could be made, Spark starts slower: see .cache/archive.log"
	@touch $@
