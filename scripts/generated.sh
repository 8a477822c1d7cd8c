#!/usr/bin/env bash
# Makes generated files anew and fails if that changes one: the API's types
# for the app, and the catalogs of its words.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$root"

files=(ui/src/words/api.d.ts ui/src/locales)
print() { git ls-files -z -- "${files[@]}" | xargs -0 sha256sum; }
before=$(print)
spec=$(mktemp "${TMPDIR:-/tmp}/parley-openapi.XXXXXX.json")
trap 'rm -f "$spec"' EXIT
bin/parley openapi >"$spec"
cd ui
OPENAPI=$spec npm run --silent words </dev/null >/dev/null
npm run --silent extract </dev/null >/dev/null
cd ..
# A build makes the catalogs too, so in CI what counts is what was committed.
if [[ $(print) != "$before" ]] || { [[ -n ${CI:-} ]] && ! git diff --quiet -- "${files[@]}"; }; then
	git --no-pager diff --stat -- "${files[@]}" >&2
	die "Generated files were not up to date; they are now: commit them."
fi
