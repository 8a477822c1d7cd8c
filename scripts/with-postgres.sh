#!/usr/bin/env bash
# with-postgres.sh COMMAND…: runs a command with PARLEY_TEST_DATABASE naming a
# PostgreSQL of its own: empty, on a free loopback port, run by an unprivileged
# user, gone afterwards. Where PARLEY_TEST_DATABASE is set already, that one is
# used. It does not wait for the disk, since it holds nothing to keep;
# PARLEY_DURABLE=1 makes it wait, as benchmarks need.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

[[ -z ${PARLEY_TEST_DATABASE:-} ]] || exec "$@"

# find_postgres prints the folder of the newest server programs of 15 or later.
find_postgres() {
	local found=() dir v
	if have pg_config; then found+=("$(pg_config --bindir)"); fi
	found+=(/usr/lib/postgresql/*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql@*/bin)
	for dir in "${found[@]}"; do
		[[ -x $dir/initdb && -x $dir/postgres ]] || continue
		v=$("$dir/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
		if ((v >= 15)); then echo "$v $dir"; fi
	done | sort -rn | head -n 1 | cut -d ' ' -f 2-
}
bin=$(find_postgres)
if [[ -z $bin ]]; then
	apt postgresql || die "PostgreSQL is missing: install PostgreSQL 15 or newer, or set PARLEY_TEST_DATABASE to the address of one on which databases may be made."
	bin=$(find_postgres)
	[[ -n $bin ]] || die "PostgreSQL 15 or newer is needed, and this system's own is older: install it from postgresql.org, or set PARLEY_TEST_DATABASE."
fi

# PostgreSQL refuses to run as root.
as=()
if ((EUID == 0)); then
	user=nobody
	if id postgres >/dev/null 2>&1; then user=postgres; fi
	as=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups --)
fi

dir=$(mktemp -d "${TMPDIR:-/tmp}/parley-postgres.XXXXXX")
server=
stop() {
	if [[ -n $server ]]; then
		kill -INT "$server" 2>/dev/null || true # fast shutdown
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
if ((EUID == 0)); then chown "$user" "$dir"; fi
cd "$dir"

"${as[@]}" "$bin/initdb" -D "$dir/data" -U parley --auth=trust --encoding=UTF8 --locale=C --no-sync >"$dir/log" 2>&1 ||
	{ cat "$dir/log" >&2; die "PostgreSQL could not be set up."; }

lazy=(-c fsync=off -c full_page_writes=off)
if [[ -n ${PARLEY_DURABLE:-} ]]; then lazy=(); fi
for try in 1 2 3 4 5; do
	port=$(((RANDOM % 20000) + 20000))
	"${as[@]}" "$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$dir" \
		-c max_connections=300 -c shared_buffers=256MB -c max_wal_size=2GB "${lazy[@]}" >>"$dir/log" 2>&1 </dev/null &
	server=$!
	for ((i = 0; i < 300; i++)); do
		if "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; then break 2; fi
		kill -0 "$server" 2>/dev/null || break # the port was taken
		sleep 0.1
	done
	kill -INT "$server" 2>/dev/null || true
	wait "$server" 2>/dev/null || true
	server=
	((try < 5)) || { cat "$dir/log" >&2; die "PostgreSQL did not start."; }
done

cd "$OLDPWD"
export PARLEY_TEST_DATABASE="postgres://parley@127.0.0.1:$port/postgres?sslmode=disable"
"$@"
