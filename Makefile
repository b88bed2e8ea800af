# The two commands of a fresh clone are `make caption` and `make test`; everything else is a step of theirs.
.PHONY: help setup build caption docs web web-build test test-quick test-sanitize fuzz bench-peers lint clean

BUILD := build
STAMP := .deps/setup.done
PORT := 8010

help:
	@echo "make caption    install what is missing, build, caption examples/pairs and make report.html"
	@echo "make web        install what is missing, build the browser page and serve it on http://localhost:$(PORT)/"
	@echo "make web-build  leave the page in web/dist, for any static host"
	@echo "make test       install what is missing, build, and run every test"
	@echo "make test-quick  build, and run the tests of single layers and of parity with others: under two minutes"
	@echo "make build      leave the command at build/ccx"
	@echo "make docs       write the tables of docs/cli.md anew"
	@echo "make test-sanitize  every test under address and undefined-behaviour sanitizers (an hour)"
	@echo "make fuzz       fuzz each reader of files for FUZZ_SECONDS (60)"
	@echo "make bench-peers  time ccx against LLaVA-OneVision, llama.cpp and ONNX Runtime (half an hour, and once as much to install)"
	@echo "make lint       check layout and code with clang-format and clang-tidy"
	@echo "make clean      remove build/ (what was installed stays in .deps/)"

$(STAMP): scripts/setup.sh scripts/versions.sh
	@bash scripts/setup.sh

setup: $(STAMP)

build: $(STAMP)
	@bash scripts/build.sh $(BUILD) ccx

caption: $(STAMP)
	@bash scripts/build.sh $(BUILD) ccx
	@bash scripts/caption_examples.sh $(BUILD)

web-build: $(STAMP)
	@bash scripts/setup_web.sh
	@bash scripts/build.sh $(BUILD) ccx
	@bash scripts/build_web.sh $(BUILD)

web: web-build
	@bash scripts/serve_web.sh $(PORT)

test: $(STAMP)
	@bash scripts/setup_tests.sh || echo "[ccx] not everything could be installed, see above: what needs it is skipped, which fails the run" >&2
	@bash scripts/build.sh $(BUILD) all
	@bash scripts/build_web.sh $(BUILD) || echo "[ccx] the page could not be built, see above: its tests are skipped, which fails the run" >&2
	@bash scripts/run_tests.sh $(BUILD)

test-quick: $(STAMP)
	@bash scripts/build.sh $(BUILD) all
	@bash scripts/test_quick.sh $(BUILD)

docs: build
	@bash scripts/make_docs.sh $(BUILD)

test-sanitize: $(STAMP)
	@bash scripts/test_sanitize.sh

fuzz: $(STAMP)
	@bash scripts/fuzz.sh

# PEERS="--rounds 1 --only ccx,llama --docs": options of scripts/bench_peers/compare.py.
bench-peers: $(STAMP)
	@bash scripts/build.sh $(BUILD) ccx
	@bash scripts/bench_peers.sh $(BUILD) $(PEERS)

lint: $(STAMP)
	@bash scripts/build.sh $(BUILD) ccx
	@bash scripts/lint.sh $(BUILD) $(LINT)

clean:
	rm -rf $(BUILD)
