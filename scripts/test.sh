#!/usr/bin/env bash
# test.sh: all tests but those against real networks, with a database that
# make test gives. test.sh networks: those.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$root"

CHROMIUM=$(scripts/chromium.sh)
export CHROMIUM PARLEY_BIN=$root/bin/parley

if [[ ${1:-} == networks ]]; then
	for tool in cc c++ make python3; do # SQLite's binding for the PDS is compiled
		have "$tool" || { apt build-essential python3 && break; } || die "A C++ compiler, make and python3 are missing: install them (Debian: build-essential python3)."
	done
	mapfile -t dirs < <(grep -rl --include='*_test.go' '^//go:build networks' e2e | xargs -n 1 dirname | sort -u)
	timed "real networks" go test -tags networks -count=1 -p 1 -timeout 40m "${dirs[@]/#/./}"
	exit
fi
mapfile -t packages < <(go list ./... | grep -v '/e2e')
timed "Go tests on both engines" go test -count=1 -timeout 30m "${packages[@]}"
timed "tests of the app" npm --prefix ui run --silent test
timed "stories in the browser" go test -tags browser -count=1 -p 1 -timeout 30m ./e2e/...
