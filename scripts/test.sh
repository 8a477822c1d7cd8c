#!/usr/bin/env bash
# All tests but those against real networks; called with a database by make test.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$root"

timed "Go tests on both engines" go test -count=1 -timeout 30m ./...
timed "tests of the app" npm --prefix ui run --silent test
if compgen -G 'e2e/browser/*.test.mjs' >/dev/null; then
	PARLEY_CHROMIUM=$(scripts/chromium.sh)
	export PARLEY_CHROMIUM
	timed "browser stories" node --test --test-concurrency=1 e2e/browser/
fi
