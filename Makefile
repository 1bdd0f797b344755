# Two commands are enough: `make run` and `make test`. Both install what is missing (scripts/setup).
.PHONY: run cluster test build setup setup-test page unit-test page-test e2e-test nodes-test conformance-test examples-test package-test \
	sanitizer-test format lint bench bench-codecs bench-growth fuzz

BUILD := build/release
PORT ?= 3000
BALANCER ?= nginx
FUZZ_SECONDS ?= 60
SANITIZER ?= asan

run: build
	$(BUILD)/atrium serve --demo --port $(PORT) --database sqlite:build/demo.db

# Two nodes as one over a Redis, behind nginx (BALANCER=haproxy: HAProxy).
cluster: build
	@scripts/setup --cluster
	deploy/two-nodes/run $(BALANCER) $(PORT)

build: setup page
	@cmake --preset release -DATRIUM_TESTS=OFF -DATRIUM_EXAMPLES=OFF >build/configure.log || { cat build/configure.log; exit 1; }
	cmake --build $(BUILD) --target atrium
	@rm -rf $(BUILD)/ui && cp -r ui/dist $(BUILD)/ui

page: setup
	@mkdir -p build
	cd ui && npm run --silent build

setup:
	@scripts/setup

setup-test:
	@scripts/setup --test

test: setup-test build unit-test page-test e2e-test nodes-test conformance-test examples-test package-test
	@scripts/ferretdb note
	@echo "All tests passed."

unit-test: build
	@cmake --preset release -DATRIUM_TESTS=ON -DATRIUM_EXAMPLES=ON >build/configure.log || { cat build/configure.log; exit 1; }
	cmake --build $(BUILD)
	scripts/ferretdb run ctest --test-dir $(BUILD) --output-on-failure --parallel 2

page-test: page
	cd ui && npm run --silent typecheck && npm test --silent

e2e-test: build
	@cmake --preset release -DATRIUM_TESTS=ON >build/configure.log || { cat build/configure.log; exit 1; }
	cmake --build $(BUILD) --target example_admin_ui recovery_server
	cd tests/e2e && npm test --silent

# Several nodes as one, of ours and official ones, over a Redis of the tests' own.
nodes-test: build
	@cmake --preset release -DATRIUM_TESTS=ON >build/configure.log || { cat build/configure.log; exit 1; }
	cmake --build $(BUILD) --target cluster_node
	cd tests/nodes && npm test --silent

# Atrium beside the official server, and under real clients; needs what setup-test installs.
conformance-test: build
	cmake --build $(BUILD) --target conformance_programs
	cd tests/conformance && npm test --silent

# The programs of examples/ under the real client, which setup-test installs.
examples-test: build
	@cmake --preset release -DATRIUM_EXAMPLES=ON >build/configure.log || { cat build/configure.log; exit 1; }
	cmake --build $(BUILD) --target examples
	node --test tests/examples/*.test.mjs

# A project of its own against what `cmake --install` leaves, by find_package and by pkg-config.
package-test: build
	cmake --build $(BUILD) --target atrium_library
	node --test tests/package/*.test.mjs

# All tests again under a sanitizer: asan (addresses, leaks, undefined behaviour), or SANITIZER=tsan (races). Takes a while.
sanitizer-test: setup-test page
	@scripts/sanitizer-test $(SANITIZER)

# The sources as .clang-format wants them.
format:
	git ls-files '*.h' '*.cpp' | xargs clang-format -i

# clang-tidy over everything that a build knows how to compile.
lint: setup
	cmake --preset lint >/dev/null
	git ls-files 'src/*.cpp' | xargs -P 2 -n 8 clang-tidy -p build/lint --quiet

# libFuzzer on every decoder, one after another; fails on a finding. Needs clang: scripts/setup --fuzz installs it.
fuzz:
	@scripts/fuzz $(FUZZ_SECONDS)

bench: build
	@scripts/setup --bench
	node bench/typing.mjs

# How the costs grow with connections and rooms; takes about ten minutes.
bench-growth: build
	node bench/growth.mjs

# The codecs by themselves.
bench-codecs: build
	@scripts/setup --bench
	@cmake --preset release -DATRIUM_BENCHMARKS=ON >build/configure.log || { cat build/configure.log; exit 1; }
	cmake --build $(BUILD) --target codec_benchmarks
	$(BUILD)/bench/micro/codec_benchmarks
