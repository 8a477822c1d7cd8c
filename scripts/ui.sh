#!/usr/bin/env bash
# ui.sh packages: installs the app's npm packages as the lock file names them.
# ui.sh build: builds the app as well. Either does nothing where it was done.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$root/ui"

need_node
if [[ ! node_modules/.package-lock.json -nt package-lock.json ]]; then
	say "installing the app's packages"
	try3 npm ci --ignore-scripts </dev/null >&2 || die "The app's packages could not be installed from the npm registry."
	touch node_modules/.package-lock.json
fi
[[ ${1:-} == build ]] || exit 0

newer=found
if [[ -f dist/index.html ]]; then
	newer=$(find src public index.html package-lock.json vite.config.ts lingui.config.ts -newer dist/index.html -print -quit)
fi
if [[ -n $newer ]]; then
	say "building the app"
	npm run --silent build </dev/null >&2
fi
