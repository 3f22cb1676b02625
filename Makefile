# Every command sets up what it needs first; a second run finds it done. `make` alone lists them.
PYTHON ?= python3
RUN := .venv/bin/python
SAM := .tools/sam/bin
export SAM_CLI_TELEMETRY := 0

.DEFAULT_GOAL := help
.PHONY: help demo test check simulate bench up down organization push logs build lock product sam local-aws peer

help: ## list the commands
	@awk -F ' *## *' '/^[a-z-]+:.*##/ { split($$1, name, ":"); printf "  make %-14s %s\n", name[1], $$2 }' Makefile

demo: product local-aws ## push the sample church's Sunday on a local AWS and print its proof
	@$(RUN) -m local.demo

test: product local-aws ## run every test, the end-to-end ones on a local AWS of their own included
	@$(RUN) -m pytest

check: product sam ## ruff, mypy, import-linter, sam validate --lint, cfn-lint
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	.venv/bin/lint-imports
	AWS_DEFAULT_REGION=us-east-1 $(SAM)/sam validate --lint
	$(SAM)/cfn-lint template.yaml

simulate: product ## push under seeded faults: SEEDS=how many SEED=the first
	@$(RUN) -m tests.simulation --seeds $(or $(SEEDS),300) --seed $(or $(SEED),1) $(if $(SHARE),--share $(SHARE)) $(if $(EVERY),--every $(EVERY)) $(if $(filter-out 0,$(TRACE)),--trace)

bench: product peer ## measure requests, budget and cold starts; also in build/bench.json
	@$(RUN) -m bench

up: product local-aws ## start the local AWS and deploy the stack; data is kept
	@$(RUN) -m local up

down: product ## stop the local AWS; data is kept
	@$(RUN) -m local down

organization: product ## register or change a church: FILE=church.json
	@$(RUN) -m local organization "$(FILE)"

push: product ## push a day on the local stack and print its proof: DATE=YYYY-MM-DD [DRY_RUN=1]
	@$(RUN) -m local push "$(DATE)" $(if $(filter-out 0,$(DRY_RUN)),--dry-run) $(if $(ORGANIZATION),--organization "$(ORGANIZATION)")

logs: product ## show what the functions of the local stack logged, newest last
	@$(RUN) -m local logs

build: product sam ## build for production: arm64, python3.13
	$(SAM)/sam build --parallel

lock: product ## resolve all dependencies anew and write every lock
	@$(PYTHON) -m local.locks

product:
	@$(PYTHON) local/environments.py product

sam:
	@$(PYTHON) local/environments.py sam

local-aws:
	@$(PYTHON) local/environments.py sam ministack

peer:
	@$(PYTHON) local/environments.py peer
