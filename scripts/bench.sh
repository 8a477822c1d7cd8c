#!/usr/bin/env bash
# How fast Parley is, on both databases; called by make bench with one.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$root"

go test -tags bench -run '^$' -bench . -benchtime 1x -count=1 -timeout 60m ./e2e/bench/
