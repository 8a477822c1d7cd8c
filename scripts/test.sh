#!/usr/bin/env bash
# test.sh: all tests but those against real networks, with a database that
# make test gives. test.sh networks: those.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$root"

CHROMIUM=$(scripts/chromium.sh)
export CHROMIUM PARLEY_BIN=$root/bin/parley

if [[ ${1:-} == networks ]]; then
	for tool in cc c++ make python3; do # SQLite's binding for the PDS is compiled
		have "$tool" || { apt build-essential python3 && break; } || die "A C++ compiler, make and python3 are missing: install them (Debian: build-essential python3)."
	done
	# What WordPress, MediaWiki and Shaarli are run with; they themselves are
	# unpacked from Debian's packages by e2e/networks, once.
	php_has() { php -m 2>/dev/null | grep -qix -- "$1"; }
	for module in mysqli sqlite3 xml mbstring intl curl gd ldap; do
		php_has "$module" && [[ -f /usr/share/php/Slim/autoload.php && -d /usr/share/php/getid3 ]] && have mariadbd && continue
		apt php-cli php-mysql php-sqlite3 php-xml php-mbstring php-intl php-curl php-gd php-ldap mariadb-server-core php-getid3 \
			php-slim php-klogger php-parsedown php-parsedown-extra php-arthurhoaro-web-thumbnailer php-oscarotero-gettext \
			php-malkusch-lock php-netscape-bookmark-parser php-pubsubhubbub-publisher && break
		die "PHP with its modules and MariaDB are missing: install them (Debian: the packages that scripts/test.sh names)."
	done
	# A mail server and an SMS gateway. The tests start them by themselves, with
	# configurations of their own; the packages' own services stay off.
	have dovecot && [[ -e /usr/lib/dovecot/lmtp ]] && have postfix && have smsbox && [[ -x /usr/lib/kannel/test/fakesmsc ]] ||
		without_services apt dovecot-imapd dovecot-lmtpd postfix kannel kannel-extras ||
		die "A mail server and an SMS gateway are missing: install them (Debian: dovecot-imapd dovecot-lmtpd postfix kannel kannel-extras)."
	mapfile -t dirs < <(grep -rl --include='*_test.go' '^//go:build networks' e2e | xargs -n 1 dirname | sort -u)
	timed "real networks" go test -tags networks -count=1 -p 2 -timeout 40m "${dirs[@]/#/./}"
	exit
fi
PARLEY_ENCODER_WEIGHTS=$(scripts/encoder/weights.sh)
export PARLEY_ENCODER_WEIGHTS
mapfile -t packages < <(go list ./... | grep -v '/e2e')
timed "Go tests on both engines" go test -count=1 -timeout 30m "${packages[@]}"
timed "tests of the app" npm --prefix ui run --silent test
timed "stories in the browser" go test -tags browser -count=1 -p 2 -timeout 30m ./e2e/...
