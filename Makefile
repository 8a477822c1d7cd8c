# make run    build everything and start Parley on this machine, data in ./data
# make demo   the same with an example company, data in ./demo, beside make run
# make quick  the developer's minute: unit tests, SQLite only
# make check  format, vet, lint, types, generated files
# make test   all tests on both databases and in a browser; installs what it needs
# make test-networks   once round the loop through real social servers
# make bench  how fast it is
.PHONY: run demo build go ui quick check test test-networks bench
SHELL := bash

run: build
	@exec bin/parley serve --data ./data

demo: build
	@exec bin/parley serve --data ./demo --demo --addr 127.0.0.1:7341

build: ui go

go: | ui
	@. scripts/lib.sh && need_go && try3 go mod download
	go build -o bin/ ./cmd/parley

ui:
	@scripts/ui.sh build

quick:
	@PARLEY_TEST_DATABASE= go test $$(go list ./... | grep -v /e2e)
	@if [ -d ui/node_modules ]; then npm --prefix ui run --silent test; fi

check: build
	@scripts/check.sh

test: build
	@scripts/chromium.sh >/dev/null
	@scripts/with-postgres.sh scripts/test.sh

test-networks: build
	@scripts/test.sh networks

bench: build
	@PARLEY_DURABLE=1 scripts/with-postgres.sh scripts/bench.sh
