# `make demo` and `make test` set everything up themselves; nothing else has to be installed by hand.
# What is only an alias of `edge` says so; make turns every failure into 2, `edge` itself has exact exit codes.

# What is written on the command line, such as ENV=…, is text: make would expand it wherever it stands in a recipe, and
# even where it only hands it on to one, so that ENV='$(shell …)' ran. From here on it stays as it was written, and a
# recipe reads it as a variable of the shell, in quotes, which run nothing either.
$(foreach name,$(.VARIABLES),$(if $(findstring command,$(origin $(name))),\
  $(eval override $(name) := $$(value $(name)))$(eval export $(name))))

override EDGE   := .venv/bin/edge
override VENV   := .venv/bin/python
override SET_UP := "$${PYTHON:-python3}" -m bootstrap

.DEFAULT_GOAL := help
.PHONY: help setup demo test check engine validate scan roles format synth diff plan review deploy destroy recover adopt verify bench
.PHONY: lint policy policies

help: ## show these targets
	@grep -hE '^[a-z]+:.*##' Makefile | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: ## install what the project needs, below this folder; a second run does nothing
	@$(SET_UP)

demo: setup ## edge demo, of ENV (default prod); KEEP=1 leaves the embedded AWS running
	@$(EDGE) demo -- "$${ENV:-prod}"

test: ## run the tests, with real Terraform on the embedded AWS; WHOLE=1 runs all of them, AFTER_CHECK=1 not what check ran
	@$(SET_UP) --policy $(if $(value CI),,--engine-optional)
	@env -u PYTHONDONTWRITEBYTECODE $(VENV) -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder \
	  -m "$(if $(value AFTER_CHECK),(slow or engine),(slow or not slow)) $(if $(value WHOLE),,and not whole)" \
	  $(if $(value AFTER_CHECK),tests/engine $$(grep -rl --include='*.py' 'mark\.slow' tests/unit tests/architecture))

check: ## lint, check types and the imports between rooms, and run the tests that need no engine
	@$(SET_UP) --engine-optional
	@$(VENV) -m ruff format --check --quiet .
	@$(VENV) -m ruff check --quiet .
	@$(VENV) -m mypy
	@.venv/bin/lint-imports
	@env -u PYTHONDONTWRITEBYTECODE $(VENV) -m pytest tests/unit tests/architecture -m "not slow" --quiet \
	  --numprocesses auto --maxprocesses 2 --dist loadfile --no-loadscope-reorder

engine: ## with EDGE_ENGINE, an engine's synthesis compared with what the default one wrote to OF, and the unit tests
	@$(SET_UP) --engine-optional
	@$(VENV) -m tests.engines --compare "$$OF"
	@env -u PYTHONDONTWRITEBYTECODE $(VENV) -m pytest tests/unit tests/architecture -m "not slow" --quiet \
	  --numprocesses auto --maxprocesses 2 --dist loadfile --no-loadscope-reorder

format: setup ## lay the code out, and fix what the linter can fix
	@$(VENV) -m ruff format .
	@$(VENV) -m ruff check --fix .

validate: ## edge validate
	@$(SET_UP) --engine-optional
	@$(EDGE) validate

synth: setup ## edge synth
	@$(EDGE) synth

diff: setup ## edge diff, of ENV
	@$(EDGE) diff -- "$$ENV"

plan: setup ## edge plan, of ENV
	@$(EDGE) plan -- "$$ENV"

review: setup ## edge review, of ENV or of PLAN=plans/ENV; ACCEPT="…" accepts risks
	@$(EDGE) review $${PLAN:+--plan="$$PLAN"} --accept="$$ACCEPT" -- "$$ENV"

deploy: setup ## edge deploy, of ENV or of PLAN=plans/ENV; with DIGEST=… of the reviewed plan alone, and ACCEPT="…"
	@$(EDGE) deploy $${PLAN:+--plan="$$PLAN"} $${DIGEST:+--digest="$$DIGEST"} $${ACCEPT:+--accept="$$ACCEPT"} -- "$$ENV"

destroy: setup ## edge destroy, of ENV
	@$(EDGE) destroy -- "$$ENV"

recover: setup ## edge recover, of ENV
	@$(EDGE) recover -- "$$ENV"

adopt: setup ## edge adopt, of ENV
	@$(EDGE) adopt -- "$$ENV"

verify: setup ## edge verify, of ENV (default prod)
	@$(EDGE) verify -- "$${ENV:-prod}"

scan: ## edge scan, of ENV (default all)
	@$(SET_UP) --policy
	@$(EDGE) scan -- $${ENV:+"$$ENV"}

roles: setup ## edge roles, of ENV (default prod); WRITE=folder, REPOSITORY=owner/name, OPTIONS="--id …"
	@set -f; $(EDGE) roles $${WRITE:+--write="$$WRITE"} $${REPOSITORY:+--repository="$$REPOSITORY"} $$OPTIONS \
	  -- "$${ENV:-prod}"

bench: setup ## edge bench
	@$(EDGE) bench

# The names of before, for one release.
lint:
	@echo "make lint is now make validate, or edge validate." >&2; exit 2
policy:
	@echo "make policy is now make scan, or edge scan." >&2; exit 2
policies:
	@echo "make policies is now make roles, or edge roles." >&2; exit 2
