#!/usr/bin/env bash
# How fast Parley is, on both databases; called by make bench with one.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$root"

export PARLEY_BIN=${PARLEY_BIN:-$root/bin/parley}
go test -tags bench -run '^$' -bench . -benchtime 1x -count=1 -timeout 60m -p 1 ./cmd/parley ./e2e/bench/ | grep --line-buffered -v '^\(goos\|goarch\|pkg\|cpu\|PASS\)'
