#!/usr/bin/env bash
# shots.sh [DIR]: takes the pictures in docs/img anew, from the example company
# in a data folder of it, or from one that is made for this.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
demo=${1:+$(realpath "$1")}
cd "$root"

CHROMIUM=$(scripts/chromium.sh)
export CHROMIUM PARLEY_BIN=${PARLEY_BIN:-$root/bin/parley}
go test -tags shots -count=1 -timeout 15m ./e2e/shots/ -args -demo "$demo"
