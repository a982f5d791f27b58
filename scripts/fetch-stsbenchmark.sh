#!/bin/sh
# fetch-stsbenchmark.sh [DIR]: fetches the official STSbenchmark (train, dev, test), checks it and
# puts it into DIR (default data/stsbenchmark). STSB_URL names another source: a URL or a local
# archive. What is already there and right is not fetched again.
set -eu

case ${1-} in
    -h|--help) sed -n '2,4s/^# //p' "$0"; exit 0 ;;
    -*) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
esac
url=${STSB_URL:-http://ixa2.si.ehu.eus/stswiki/images/4/48/Stsbenchmark.tar.gz}
dir=${1:-$(dirname "$0")/../data/stsbenchmark}
train_sum=0f71910b59aa1ad973c5897f0791f3b0965a92b8f82b1a95f3eea9f4162fda82
dev_sum=5d7e944d8b02734b07bfdb5df67db3420c64bed153fcaa1ba47ad03480cf4234
test_rows=1379

die() { echo "fetch-stsbenchmark: $*" >&2; exit 1; }

sum_of() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum < "$1"; else shasum -a 256 < "$1"; fi |
        cut -d ' ' -f 1
}

# Says what is wrong with the three files in directory $1, or nothing. (No sum of the test file is
# known: its rows are counted.)
faults() {
    for name in sts-train.csv sts-dev.csv sts-test.csv; do
        if [ ! -f "$1/$name" ]; then echo "$name is missing"; return; fi
    done
    [ "$(sum_of "$1/sts-train.csv")" = $train_sum ] || echo "sts-train.csv has another SHA-256"
    [ "$(sum_of "$1/sts-dev.csv")" = $dev_sum ] || echo "sts-dev.csv has another SHA-256"
    rows=$(grep -c . "$1/sts-test.csv" || true)
    [ "$rows" -eq $test_rows ] || echo "sts-test.csv has $rows rows, not $test_rows"
}

fetch() {
    case $url in
        file://*) cp "${url#file://}" "$1" ;;
        *://*)
            if command -v curl >/dev/null 2>&1; then curl -fsSL --retry 3 -o "$1" "$url"
            elif command -v wget >/dev/null 2>&1; then wget -q -O "$1" "$url"
            else die "need curl or wget"
            fi ;;
        *) cp "$url" "$1" ;;
    esac || die "cannot fetch $url (STSB_URL=... names another source)"
}

if [ -z "$(faults "$dir")" ]; then
    echo "fetch-stsbenchmark: $dir is complete already" >&2
    exit 0
fi
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
trap 'exit 130' INT TERM
fetch "$temp/archive"
# One by one, to stdout: nothing in the archive chooses where it is written.
tar -tzf "$temp/archive" > "$temp/names" 2>/dev/null || die "$url is not a .tar.gz archive"
mkdir "$temp/out"
for name in sts-train.csv sts-dev.csv sts-test.csv LICENSE.txt readme.txt; do
    member=$(grep -E "^(\./)?(stsbenchmark/)?$name\$" "$temp/names" | head -n 1) || true
    [ -z "$member" ] || tar -xzOf "$temp/archive" "$member" > "$temp/out/$name" ||
        die "$url: $member cannot be unpacked"
done
fault=$(faults "$temp/out")
[ -z "$fault" ] || die "$url: $fault; nothing was kept"
mkdir -p "$dir"
for file in "$temp"/out/*; do
    cp "$file" "$dir/.part" && mv "$dir/.part" "$dir/${file##*/}"
done
echo "fetch-stsbenchmark: train, dev and test are in $dir" >&2
