# Everything a developer does here, by name. `make` alone lists it.

HOST ?= 127.0.0.1
PORT ?= 8088
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
ARGS ?=
SITE ?= build/site
SECONDS_EACH ?= 600

export JOBS

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

.PHONY: help
help: ## This list
	@echo 'Transport Playground: polling, Server-Sent Events and WebSocket, side by side.'
	echo
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	echo
	echo '  PORT=8088 HOST=127.0.0.1   where `make run` listens'
	echo '  SITE=build/site            the folder that `make site` writes'
	echo '  ARGS=…                     more options for the server (make run) or for make bench'

.PHONY: run
run: build ## Build what has changed, then serve the page at http://localhost:8088/
	@host='$(HOST)'; case "$$host" in 127.0.0.1|0.0.0.0|::1|::) host=localhost ;; esac
	echo "run: the page is at http://$$host:$(PORT)/ (Ctrl-C ends the server)"
	exec build/native/playground_server --host '$(HOST)' --port '$(PORT)' $(ARGS)

.PHONY: build
build: native wasm ## Build the server with the page in it, the command line and the WebAssembly client
	@tools/web-build.sh page
	tools/cmake-build.sh native playground_server

.PHONY: guide
guide: build ## Build the guide too: /guide/ beside the page
	@tools/cmake-build.sh native guide_figures
	tools/web-build.sh guide
	tools/cmake-build.sh native playground_server

.PHONY: site
site: guide ## Write page and guide, which need no server, as a folder for any static host (SITE=build/site)
	@tools/web-build.sh site '$(SITE)'

.PHONY: deb
deb: build ## Build a Debian package: server, command line, settings, a systemd unit, manual pages (build/deb)
	@tools/install-packages.sh package
	cd build/native && cpack -B ../deb

.PHONY: packages
packages:
	@tools/install-packages.sh build

.PHONY: dependencies
dependencies: packages
	@tools/fetch-dependencies.sh

.PHONY: emscripten
emscripten: packages
	@./emsdk-setup.sh

.PHONY: native
native: dependencies
	@tools/cmake-build.sh native playground_server playground

.PHONY: wasm
wasm: dependencies emscripten
	@tools/cmake-build.sh wasm playground_core_module

.PHONY: tables
tables: wasm ## Write the page's copy of the core's tables (web/src/contract/tables.ts)
	@node web/tables.mjs

.PHONY: test
test: packages dependencies emscripten ## Build everything and run every test
	@tools/install-packages.sh test fuzz
	tools/test.sh

.PHONY: test-docs
test-docs: guide ## Read the guide in a browser; install the package and build sites with it, as its users do
	@tools/install-packages.sh test docs
	for folder in browser package embedding; do tools/web-build.sh packages tests/$$folder; done
	npm run --silent --prefix docs/guide typecheck
	node --test --test-concurrency=1 --test-reporter=spec tests/{guide,package,embedding}/*.test.mjs

.PHONY: test-proxies
test-proxies: build ## Check the path through real proxies, in browsers and from the command line
	@tools/install-packages.sh test
	for folder in browser proxies; do tools/web-build.sh packages tests/$$folder; done
	node --test --test-concurrency=1 --test-reporter=spec tests/proxies/*.test.mjs

.PHONY: bench
bench: build ## Measure the server, the parser, the simulator and the page, as ratios (ARGS=--quick for a short run)
	@tools/install-packages.sh bench test
	tools/cmake-build.sh native playground_server bench_load bench_bare_loop bench_event_stream core_tests
	tools/web-build.sh packages tests/bench
	tools/web-build.sh packages tests/browser
	node tests/bench/bench.mjs $(ARGS)

.PHONY: sanitize
sanitize: dependencies ## Run the C++ tests under AddressSanitizer, UBSan and ThreadSanitizer
	@for preset in asan-ubsan tsan; do
	  tools/cmake-build.sh $$preset
	  ctest --preset $$preset --parallel $(JOBS)
	done

.PHONY: fuzz
fuzz: dependencies ## Fuzz the formats and the HTTP edge, each for SECONDS_EACH=600
	@tools/install-packages.sh fuzz
	tools/fuzz.sh --seconds $(SECONDS_EACH)

.PHONY: lint
lint: packages ## Check formatting, the linters and the rules of the tree
	@tools/install-packages.sh lint
	tools/web-build.sh packages web
	tools/web-build.sh declarations
	tools/web-build.sh packages tests/browser
	tools/lint.sh

.PHONY: format
format: packages ## Format the C++ and the web sources
	@tools/install-packages.sh lint
	tools/web-build.sh packages web
	git ls-files --cached --others --exclude-standard -z -- '*.cc' '*.h' | xargs -0 -r clang-format -i
	npm run --silent --prefix web format

.PHONY: clean
clean: ## Remove what was built
	@rm -rf build web/dist tests/browser/artifacts

.PHONY: distclean
distclean: clean ## Also remove what was downloaded
	@rm -rf .deps {docs/guide,web,tests/{bench,browser,embedding,package}}/node_modules
