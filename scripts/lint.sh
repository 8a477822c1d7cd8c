#!/usr/bin/env bash
# Runs golangci-lint, which is built once into the user's cache folder: out of
# a copy of its module, so that go.mod here stays as it is.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

module=github.com/golangci/golangci-lint/v2
version=v2.12.0

need_go
bin=$PARLEY_CACHE/golangci-lint-$version-$(go env GOVERSION)
if [[ ! -x $bin ]]; then
	say "building golangci-lint $version, once"
	mkdir -p "$PARLEY_CACHE"
	work=$(mktemp -d "$PARLEY_CACHE/golangci-lint.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	cd "$work" # outside any module
	export GOFLAGS=-mod=mod GOWORK=off CGO_ENABLED=0
	try3 go mod download -json "$module@$version" >found.json || die "golangci-lint $version could not be downloaded."
	src=$(sed -n 's/^\t"Dir": "\(.*\)",$/\1/p' found.json)
	cp -r "$src" src
	chmod -R u+w src
	cd src
	try3 nice go build -buildvcs=false -trimpath -o ../golangci-lint ./cmd/golangci-lint
	mv ../golangci-lint "$bin"
	rm -rf "$work"
	unset GOFLAGS GOWORK CGO_ENABLED
fi
cd "$root"
# The linter keeps what it found by the words of a file, with the path of the
# checkout where it found it: a cache that two checkouts share tells of files
# that are gone. So each has its own.
export GOLANGCI_LINT_CACHE=$root/.cache/golangci-lint
exec nice "$bin" run "$@"
