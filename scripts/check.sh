#!/usr/bin/env bash
# Everything that can be said of the code without running it; called by make check.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$root"

formatted() {
	local wrong
	wrong=$(git ls-files -z -- '*.go' | xargs -0 gofmt -l)
	[[ -z $wrong ]] || die "Not formatted; run gofmt -w on:"$'\n'"$wrong"
}
timed "gofmt" formatted
timed "go vet" go vet ./...
timed "go vet of the stories" go vet -tags networks,browser,shots,bench ./e2e/... ./cmd/...
timed "golangci-lint" scripts/lint.sh ./...
timed "types and style of the app" npm --prefix ui run --silent check
timed "generated files" scripts/generated.sh
if have shellcheck; then timed "shellcheck" shellcheck -x scripts/*.sh scripts/encoder/*.sh .ci/run; fi
