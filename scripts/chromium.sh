#!/usr/bin/env bash
# Prints where Chromium is, installing it where there is none.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

find_chromium() {
	local name
	for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
		if [[ -n $name ]] && command -v "$name"; then return 0; fi
	done
	return 1
}
find_chromium || { apt chromium && find_chromium; } ||
	die "Chromium is missing: install it (Debian: apt install chromium), or set CHROMIUM to a Chrome."
