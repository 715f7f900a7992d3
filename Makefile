# Core. `make help` lists what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 3000
TOOLS := .tools
PYTHON := $(TOOLS)/development/bin/python
# sam build calls python3.13 by name, so the real one goes first on PATH.
WITH_PYTHON = PATH="$$(dirname "$$(tools/find-python)"):$$PATH" SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=ap-southeast-3
SAM := $(WITH_PYTHON) $(TOOLS)/sam/bin/sam

.PHONY: help demo-figures documents events costs proofs start stop reset mail invoke start-api containers browser test check check-template format authorization openapi examples lint-openapi build deploy validate bench-startup bench-warm bench-import bench-signin proof-timing proof-walk proof-promotion proof-import proof-escalation proof-openapi

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# How the Makefiles of layers and functions install libraries, which sam build runs in folders of its own.
export CORE_INSTALL := $(CURDIR)/tools/install.py

# An environment of tools is made once for each version of its list of packages; uv makes them.
$(TOOLS)/%/.installed: tools/requirements/%.txt layers/dependencies/requirements.txt $(wildcard functions/*/requirements.txt) | $(TOOLS)/uv/.installed
	@python=$$(tools/find-python) && $$python tools/install.py environment $*
	@touch $@

$(TOOLS)/uv/.installed: tools/requirements/uv.txt
	@python=$$(tools/find-python) && $$python tools/install.py environment uv
	@mkdir -p $(@D) && touch $@

start: $(TOOLS)/cloud/.installed $(TOOLS)/sam/.installed $(TOOLS)/development/.installed ## Start Core on http://localhost:3000 (PORT=… moves it)
	@$(WITH_PYTHON) PORT=$(PORT) $(PYTHON) -m tools.local start

stop: $(TOOLS)/development/.installed ## Stop what make start left running
	@$(PYTHON) -m tools.local stop

reset: $(TOOLS)/development/.installed ## Stop, and forget the local data
	@$(PYTHON) -m tools.local reset

mail: $(TOOLS)/development/.installed ## Print the mails that the running Core sent
	@PORT=$(PORT) $(PYTHON) -m tools.local mail

invoke: $(TOOLS)/sam/.installed $(TOOLS)/development/.installed ## Run an event in a container beside make start: EVENT=users/get-me
	@PORT=$(PORT) $(PYTHON) -m tools.local invoke "$(EVENT)"

start-api: $(TOOLS)/sam/.installed $(TOOLS)/development/.installed ## Serve the functions in containers beside make start
	@PORT=$(PORT) $(PYTHON) -m tools.local start-api

containers: $(TOOLS)/development/.installed ## Let sam local by hand reach what make start runs
	@PORT=$(PORT) $(PYTHON) -m tools.local containers

$(TOOLS)/dynamodb/.fetched: tools/fetch-dynamodb-local
	@echo "Fetching DynamoDB Local for the tests of races (once)"
	@tools/fetch-dynamodb-local $(TOOLS)/dynamodb && mkdir -p $(TOOLS)/dynamodb && touch $@

browser: ## Install a Chromium for the tests of pages, where there is none (Debian and Ubuntu)
	@tools/fetch-browser

test: $(TOOLS)/cloud/.installed $(TOOLS)/sam/.installed $(TOOLS)/development/.installed $(TOOLS)/dynamodb/.fetched ## Run all tests
	@$(WITH_PYTHON) $(PYTHON) -m pytest -n 2 -rs

check: $(TOOLS)/template/.installed $(TOOLS)/sam/.installed $(TOOLS)/development/.installed ## Lint, types, template, architecture
	@$(TOOLS)/development/bin/ruff check .
	@$(TOOLS)/development/bin/ruff format --check .
	@$(TOOLS)/development/bin/mypy
	@$(TOOLS)/template/bin/python -m tools.check_template
	@$(PYTHON) -m pytest tests/template tests/architecture

check-template: $(TOOLS)/template/.installed $(TOOLS)/sam/.installed ## Lint the template as written and as translated
	@$(TOOLS)/template/bin/python -m tools.check_template

format: $(TOOLS)/development/.installed ## Format the code
	@$(TOOLS)/development/bin/ruff check --fix --quiet .
	@$(TOOLS)/development/bin/ruff format .

authorization: $(TOOLS)/development/.installed ## Write docs/authorization.md: who may do what
	@PYTHONPATH=layers/core/python $(PYTHON) -m tools.authorization

openapi: $(TOOLS)/development/.installed ## Write docs/openapi.json: what every operation takes and answers
	@PYTHONPATH=layers/core/python $(PYTHON) -m tools.openapi

demo-figures: $(TOOLS)/development/.installed ## Write docs/demo.md: the demo school in figures
	@PYTHONPATH=layers/core/python $(PYTHON) -m tools.demo.figures

examples: $(TOOLS)/development/.installed ## Write an example of each answer, as tests are given, into the document: TESTS=tests/events adds what these meet
	@rm -rf .local/examples
	@$(WITH_PYTHON) WRITE_EXAMPLES=.local/examples $(PYTHON) -m pytest -n 2 $(or $(TESTS),tests/core tests/events tests/functions)
	@PYTHONPATH=layers/core/python $(PYTHON) -m tools.openapi.recorded .local/examples $(if $(TESTS),--beside)
	@$(MAKE) --no-print-directory openapi

lint-openapi: $(TOOLS)/openapi/.installed ## Validate and lint docs/openapi.json
	@PYTHONPATH=layers/core/python $(TOOLS)/openapi/bin/python -m tools.openapi.lint

documents: events costs authorization openapi ## Write everything that follows from the operations: events, costs, who may do what

events: $(TOOLS)/development/.installed ## Write events/: a file for sam local invoke for every operation
	@PYTHONPATH=layers/core/python $(PYTHON) -m tools.events

costs: $(TOOLS)/development/.installed ## Write into docs/table.md what each operation costs
	@$(WITH_PYTHON) WRITE_COSTS=yes $(PYTHON) -m pytest tests/functions/test_costs.py

build: $(TOOLS)/sam/.installed ## Build the functions and layers
	@$(SAM) build

deploy: $(TOOLS)/sam/.installed $(TOOLS)/development/.installed ## Build and deploy to AWS: STAGE=prod PARAMETERS="PublicOrigin=https://…"
	@PATH="$$(dirname "$$(tools/find-python)"):$$PATH" $(PYTHON) -m tools.deploy "$(STAGE)" $(PARAMETERS)

bench-startup: $(TOOLS)/benchmarks/.installed $(TOOLS)/development/.installed build ## Count what a cold start of each function costs
	@$(WITH_PYTHON) $(PYTHON) -m benchmarks.startup.run

bench-warm: $(TOOLS)/benchmarks/.installed $(TOOLS)/development/.installed build ## Count what a warm call costs, next to a bare handler with the same reads
	@$(WITH_PYTHON) $(PYTHON) -m benchmarks.warm.run

bench-import: $(TOOLS)/cloud/.installed $(TOOLS)/development/.installed ## Measure how many rows a second the workers of imports take
	@PYTHONPATH=layers/core/python $(PYTHON) -m benchmarks.imports.run

bench-signin: $(TOOLS)/development/.installed ## Compare a warm sign-in with the bcrypt verification inside it
	@PYTHONPATH=layers/core/python $(PYTHON) -m benchmarks.signin.run

proofs: lint-openapi proof-openapi $(TOOLS)/cloud/.installed $(TOOLS)/sam/.installed $(TOOLS)/development/.installed $(TOOLS)/dynamodb/.fetched ## Run the tests that are too slow for every run
	@$(WITH_PYTHON) $(PYTHON) -m pytest -n 2 -m proof -rs

proof-timing: $(TOOLS)/development/.installed ## Show that no answer's time tells whether an address is known
	@PYTHONPATH=layers/core/python $(PYTHON) -m benchmarks.signin.timing

proof-walk: $(TOOLS)/cloud/.installed $(TOOLS)/development/.installed $(TOOLS)/dynamodb/.fetched ## Walk 10,000 students while others come and go
	@PYTHONPATH=layers/core/python $(PYTHON) -m benchmarks.walk.run

proof-promotion: $(TOOLS)/cloud/.installed $(TOOLS)/development/.installed ## Promote 1,000 students, undo it, and compare checksums
	@PYTHONPATH=layers/core/python $(PYTHON) -m benchmarks.promotion.run

proof-import: $(TOOLS)/development/.installed ## Send 1,200 students with and without passwords to what make start runs
	@PYTHONPATH=layers/core/python PORT=$(PORT) $(PYTHON) -m benchmarks.imports.through_http

proof-escalation: $(TOOLS)/development/.installed ## Try 5,000 edits by anybody, and see that none raises anybody
	@$(PYTHON) -m pytest -m proof tests/functions/test_escalation.py

proof-openapi: $(TOOLS)/openapi/.installed $(TOOLS)/sam/.installed ## Send 2,000 requests made up from docs/openapi.json, and hold the answers against it
	@$(WITH_PYTHON) $(TOOLS)/openapi/bin/python -m pytest -n 0 -m proof -rs tests/functions/test_any_request.py

validate: $(TOOLS)/sam/.installed ## Validate the template with SAM
	@$(SAM) validate --lint
