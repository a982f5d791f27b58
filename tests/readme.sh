#!/bin/sh
# readme.sh: runs the README's commands, so that they stay true. Every ```sh block runs, in order, in
# one directory that has data/, scripts/, tests/ and lib/ as a checkout has; `stsfit` is the program
# just built. In place of the network: scripts/fetch-model.sh puts data/tiny-bert there instead.
# ```sh setup blocks install packages: only the scripts that they name are looked at. Without jq,
# lines that begin with it are left out. Links to files must lead somewhere.
set -u
cd "$(dirname "$0")/.." || exit 1
ROOT=$PWD STSFIT=$PWD/${STSFIT:-stsfit}
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED: README.md: $*"; }

mkdir "$temp/bin" "$temp/here" "$temp/here/scripts" "$temp/here/models"
ln -s "$STSFIT" "$temp/bin/stsfit"
for d in data tests lib; do ln -s "$ROOT/$d" "$temp/here/$d"; done
cat > "$temp/here/scripts/fetch-model.sh" << END
#!/bin/sh
cp -R "$ROOT/data/tiny-bert" "models/\$1"
END
chmod +x "$temp/here/scripts/fetch-model.sh"

awk -v dir="$temp" '
/^```sh$/ { file = sprintf("%s/block-%02d", dir, ++n); line = FNR; print "# line " FNR > file; next }
/^```sh setup$/ { file = dir "/setup"; next }
/^```$/ { file = ""; next }
file != "" { print > file }' README.md

export ROOT PATH="$temp/bin:$PATH" STSFIT_THREADS=1
for block in "$temp"/block-*; do
    command -v jq > /dev/null || sed -i.all '/^jq /d' "$block"
    if (cd "$temp/here" && sh -eu "$block") > "$temp/out" 2>&1; then ok
    else bad "$(sed -n '1s/^# //p' "$block"): exit $?"; cat "$block" "$temp/out"
    fi
done
for script in $(grep -o 'scripts/[a-z-]*\.sh' README.md | sort -u); do
    if [ -x "$script" ] && sh -n "$script"; then ok; else bad "$script"; fi
done
for link in $(grep -o '](\([^)]*\))' README.md | sed 's/](\(.*\))/\1/; s/#.*//' | grep -v '^http' | sort -u); do
    if [ -e "$link" ]; then ok; else bad "a link to $link, which is not there"; fi
done
for option in $(grep -o -e '`[^`]*--[a-z-]*[^`]*`' README.md | grep -o -e '--[a-z-]*' | sort -u); do
    if "$STSFIT" man | sed 's/\\-/-/g' | grep -q -e "$option"; then ok; else bad "no option $option"; fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
