# Shared by the scripts here; to be sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PARLEY_CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/parley
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false

say() { printf '==> %s\n' "$*" >&2; }
die() {
	printf 'parley: %s\n' "$*" >&2
	exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# try3 runs a command that asks a registry, up to three times.
try3() {
	local try
	for try in 1 2 3; do
		"$@" && return 0
		say "try $try of 3 failed: $*"
	done
	return 1
}

# timed NAME COMMAND… runs a command and says how long it took.
timed() {
	local name=$1 began=$SECONDS
	shift
	say "$name"
	"$@"
	say "$name took $((SECONDS - began)) s"
}

# need_go and need_node ask for the least versions that the README names.
need_go() {
	local v
	have go || die "Go is missing: install Go 1.26 or newer from go.dev/dl."
	v=$(cd "$root" && go env GOVERSION) || exit 1
	[[ $v =~ ^go1\.([0-9]+) ]] && ((BASH_REMATCH[1] < 26)) && die "$v is too old: install Go 1.26 or newer from go.dev/dl."
	return 0
}
need_node() {
	local v
	{ have node && have npm; } || die "Node.js is missing: install Node.js 20.19 or newer, with npm, from nodejs.org."
	v=$(node -p 'const [a, b] = process.versions.node.split("."); a > 20 || (a == 20 && b >= 19) ? "" : process.versions.node')
	[[ -z $v ]] || die "Node.js $v is too old: install Node.js 20.19 or newer from nodejs.org."
}

# apt PACKAGES… installs Debian packages as far as this machine lets us.
apt() {
	local as=()
	have apt-get || return 1
	if ((EUID != 0)); then
		{ have sudo && sudo -n true 2>/dev/null; } || return 1
		as=(sudo -n)
	fi
	local get=("${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
	say "installing $*"
	"${get[@]}" install --no-install-recommends "$@" </dev/null >&2 && return 0
	try3 "${get[@]}" update </dev/null >&2 || return 1
	try3 "${get[@]}" install --no-install-recommends "$@" </dev/null >&2
}

# without_services COMMAND… installs something whose services must neither be
# started nor stay enabled.
without_services() {
	local deny=/usr/sbin/policy-rc.d as=() made= got=0 unit
	((EUID == 0)) || as=(sudo -n)
	if [[ ! -e $deny ]]; then
		printf '#!/bin/sh\nexit 101\n' | "${as[@]}" tee "$deny" >/dev/null && "${as[@]}" chmod 755 "$deny" && made=1
	fi
	"$@" || got=$?
	[[ -z $made ]] || "${as[@]}" rm -f "$deny"
	if have systemctl; then
		for unit in dovecot postfix kannel; do "${as[@]}" systemctl disable --now "$unit" >/dev/null 2>&1 || true; done
	fi
	return "$got"
}
