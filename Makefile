# Offstage needs Python 3.11+, make and git; everything else is set up under .venv and node_modules.

.DEFAULT_GOAL := help
.PHONY: help setup run test test-setup lint format lock bench eval drill fuzz clean

PORT ?=
PYTEST_ARGS ?=
export PYTHON

SETUP = python=$$($(SHELL) scripts/find_python.sh) && "$$python" scripts/setup.py
BIN := .venv/bin
# They kill and freeze what they run on, in seconds that other tests beside them would stretch.
DRILLS := tests/integration/test_drills.py

help: ## Say what there is to make
	@while IFS= read -r line; do case "$$line" in \
		[a-z]*:*'## '*) printf '  make %-8s %s\n' "$${line%%:*}" "$${line##*## }";; esac; done < Makefile

setup: ## Prepare .venv and build the page
	@$(SETUP)

run: setup ## Start Offstage (PORT=… to choose the port)
	@# Tethered to make: a make that is killed leaves no Offstage behind.
	@exec $(BIN)/python -I -S backend/supervisor/tether.py pid:$$PPID \
		$(BIN)/offstage up $(if $(PORT),--port $(PORT))

test-setup:
	@$(SETUP) --tests

lint: test-setup ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/python scripts/node.py frontend run --silent lint
	@$(BIN)/python scripts/node.py frontend run --silent typecheck
	@$(BIN)/python scripts/node.py frontend run --silent test

test: lint ## Run every check and every test (PYTEST_ARGS=… is handed on)
	$(BIN)/pytest -n 2 --dist worksteal $(or $(PYTEST_ARGS),--ignore=$(DRILLS))
	$(if $(PYTEST_ARGS),,$(BIN)/pytest $(DRILLS))

format: test-setup ## Format the Python code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup ## Pin the Python dependencies anew
	@$(BIN)/python scripts/lock.py

bench: ## Measure, side by side with RQ and SAQ (about five minutes)
	@$(SETUP) --bench
	$(BIN)/python -m bench

eval: setup ## Score the offline notes against summaries by people (needs ../shared/data)
	$(BIN)/python -m bench.eval_synopsis

drill: setup ## Kill, freeze and starve workers, count what is lost (about eight minutes)
	$(BIN)/python -m bench.drill --all

fuzz: test-setup ## Send the API what it should take and what not (ten minutes)
	$(BIN)/python -m bench.fuzz

clean: ## Remove all that was made, except data
	rm -rf .venv .cache frontend/node_modules frontend/dist tests/peers/node_modules tests/peers/browser/node_modules \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info
