# `make demo` and `make test` set everything up themselves; nothing else has to be installed by hand.

PYTHON ?= python3
VENV   := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint policy policies format synth diff plan review deploy destroy verify bench

help: ## show these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: ## install what the project needs, below this folder; a second run does nothing
	@$(PYTHON) -m bootstrap

demo: setup ## deploy ENV (default prod) to an embedded AWS and verify it; KEEP=1 leaves it running
	@$(VENV) -m edge.demo $(or $(ENV),prod)

test: ## run every test: unit, architecture, and real Terraform against the embedded AWS
	@$(PYTHON) -m bootstrap --policy $(if $(CI),,--engine-optional)
	@env -u PYTHONDONTWRITEBYTECODE $(VENV) -m pytest --numprocesses 8 --dist loadfile --no-loadscope-reorder

check: ## lint, check types, and run the tests that need no engine
	@$(PYTHON) -m bootstrap --engine-optional
	@$(VENV) -m ruff format --check --quiet .
	@$(VENV) -m ruff check --quiet .
	@$(VENV) -m mypy
	@.venv/bin/lint-imports
	@$(VENV) -m pytest tests/unit tests/architecture -m "not slow" --quiet

lint: ## check the environment files, and nothing else; answers at once
	@$(PYTHON) -m bootstrap --engine-optional
	@$(VENV) -m edge.validate

policy: ## check the plan of ENV, or of every environment, against checkov's rules
	@$(PYTHON) -m bootstrap --policy
	@$(VENV) -m edge.scan $(ENV)

policies: setup ## derive the IAM policies of ENV's roles (default prod); WRITE=folder writes them as files
	@$(VENV) -m edge.roles $(or $(ENV),prod) \
		$(if $(WRITE),--write $(WRITE)) $(if $(REPOSITORY),--repository $(REPOSITORY)) $(OPTIONS)

format: setup ## lay the code out, and mend what the linter can mend
	@$(VENV) -m ruff format .
	@$(VENV) -m ruff check --fix .

synth: setup ## write the Terraform JSON of every environment to cdktf.out
	@$(VENV) -m edge.run_cdktf synth

diff: setup ## plan ENV against real AWS, changing nothing
	@$(VENV) -m edge.run_cdktf diff $(ENV)

plan: setup ## plan ENV against real AWS into plans/ENV, to be reviewed and applied as it is
	@$(VENV) -m edge.plan "$$ENV"

# The shell expands the variables: make would run what it finds in a text such as a label's.
review: setup ## review the plan of ENV, made anew, or PLAN=plans/ENV as it is; ACCEPT="…" acknowledges risks
	@[ -n "$$PLAN" ] || $(VENV) -m edge.plan "$$ENV"
	@$(VENV) -m edge.review "$${PLAN:-plans/$$ENV}" --accept "$$ACCEPT" --write "$${PLAN:-plans/$$ENV}"

deploy: setup ## deploy ENV to real AWS; PLAN=plans/ENV applies that plan and no other, DIGEST=… only the reviewed one
	@if [ -n "$$PLAN" ]; then \
	  exec $(VENV) -m edge.plan.apply "$$PLAN" --environment "$$ENV" --digest "$$DIGEST" --accept "$$ACCEPT"; \
	else exec $(VENV) -m edge.run_cdktf deploy $(ENV); fi

destroy: setup ## remove from real AWS what ENV made; shows the plan and asks first
	@$(VENV) -m edge.run_cdktf destroy $(ENV)

verify: setup ## ask from outside whether ENV (default prod) serves: DNS, TLS, health, OAuth discovery
	@$(VENV) -m edge.verify $(or $(ENV),prod)

bench: setup ## measure the synthesis against eager imports, in one run
	@$(VENV) -m bench
