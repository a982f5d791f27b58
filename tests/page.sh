#!/bin/sh
# page.sh: pages of real runs in headless Chromium at 360, 800 and 1400 pixels, light and dark:
# nothing on the console, cut or sideways; valid HTML (tidy); nothing fetched, no script. SHOTS=DIR
# keeps screenshots. Without a browser it says so and tests the rest.
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
stsfit=${STSFIT:-./stsfit}
case $stsfit in /*) ;; *) stsfit=$root/$stsfit ;; esac
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
. tests/tally.sh

browser=
for name in chromium chromium-browser google-chrome chrome; do
    [ -n "$browser" ] || browser=$(command -v $name)
done
browse() { # SCHEME(0 dark, 1 light) ARGUMENT...
    scheme=$1; shift
    sandbox=
    [ "$(id -u)" -ne 0 ] || sandbox=--no-sandbox
    timeout 120 "$browser" --headless=new $sandbox --disable-gpu --hide-scrollbars --no-first-run \
        --user-data-dir="$temp/profile" --allow-file-access-from-files --enable-logging=stderr \
        --blink-settings=preferredColorScheme="$scheme" --virtual-time-budget=10000 "$@"
}
train() { # NAME DATA OPTION...
    name=$1 data=$2; shift 2
    "$stsfit" train "$data" -m data/tiny-bert -o "$temp/$name" -q --progress none --threads 1 \
        --max-steps 40 --lr 2e-3 "$@"
}

looks_right() { # PAGE SCHEME
    browse "$2" --window-size=1400,3000 --dump-dom "file://$root/tests/page/measure.html#file://$1" \
        >"$temp/dom" 2>"$temp/console"
    sed -n 's/.*CONSOLE/CONSOLE/p' "$temp/console"
    sed -n '/<pre id="found">/,/<\/pre>/p' "$temp/dom" | sed 's/<[^>]*>//g' | grep -v '^$'
    ! grep -q CONSOLE "$temp/console" && grep -q '<pre id="found">measured' "$temp/dom" &&
        ! grep -qE '^(360|800|1400): ' "$temp/dom"
}
stands_alone() { # PAGE: no script, nothing fetched, no sentence of the data
    ! grep -nE '<script|<img|<iframe|<object|<embed|@import|url\(|javascript:| on[a-z]+=' "$1" &&
        ! grep -nE '(src|href)="[^#"]' "$1" | grep -v 'href="data:,"'
}
is_valid() { # PAGE
    tidy -q -e "$1"
}
is_private() { # PAGE
    cut -f 6 data/sts-dev.tsv data/sts-train.tsv | awk 'length > 20' >"$temp/sentences"
    ! grep -cF -f "$temp/sentences" "$1"
}

try 'a run with dev and test' train full data/sts-train.tsv --dev data/sts-dev.tsv \
    --test data/sts-dev.tsv --eval-steps 10
try 'another loss' train other data/sts-train.tsv --dev data/sts-dev.tsv --loss cosent
head -9 data/sts-train.tsv >"$temp/few.tsv"
try 'no dev set' train few "$temp/few.tsv"
sed 's/[0-9.]*\(\t[^\t]*\t[^\t]*\)$/2.5\1/' data/sts-dev.tsv >"$temp/constant.tsv"
try 'a dev set without correlations' train constant data/sts-train.tsv --dev "$temp/constant.tsv"
awk -F'\t' '{ print $6 "\t" $7 "\t" last; last = $6 }' data/sts-train.tsv |
    sed '1s/.*/anchor\tpositive\tnegative/' >"$temp/triplets.tsv"
try 'triplets' train triplets "$temp/triplets.tsv"
try 'several runs' "$stsfit" report -q "$temp/full" "$temp/other" "$temp/few" -o "$temp/several.html"
try 'with pairs' "$stsfit" report -q "$temp/full" --pairs -o "$temp/pairs.html"

for run in full other few constant triplets; do
    cp "$temp/$run/report.html" "$temp/$run.html" || fail "$run: no page"
    try "$run: no texts" is_private "$temp/$run.html"
done
for name in full few constant triplets several pairs; do
    page=$temp/$name.html
    try "$name: stands alone" stands_alone "$page"
    if command -v tidy >/dev/null; then try "$name: valid HTML" is_valid "$page"; fi
    [ -n "$browser" ] || continue
    try "$name: light" looks_right "$page" 1
    try "$name: dark" looks_right "$page" 0
    [ -z "${SHOTS-}" ] || for scheme in 0 1; do
        browse $scheme --window-size=1400,4200 --screenshot="$SHOTS/$name-$scheme.png" \
            "file://$page" >/dev/null 2>&1
    done
done
[ -n "$browser" ] || skip 'rendered pages' 'no chromium here'
command -v tidy >/dev/null || skip 'valid HTML' 'no tidy here'
tally
