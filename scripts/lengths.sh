#!/bin/sh
# lengths.sh [--list]: checks the house's measures: files under 500 lines, lines of 100 columns at
# most, no two blank lines, functions of 60 lines at most (lib/math excepted), comments at the head.
# --list prints every function's length. Functions are found by their braces, which stand alone in
# column 1.
set -eu
cd "$(dirname "$0")/.."
list=${1-}

find cmd lib tests -name '*.[ch]' | sort | xargs awk -v list="$list" '
function bad(what) { print FILENAME ":" FNR ": " what; faults++ }
function end_file() { if (file != "" && lines > 500) { print file ": " lines " lines, over 500"; faults++ } }
FNR == 1 { end_file(); file = FILENAME; own = file !~ /^tests/; if ($0 !~ /^\/\*/) bad("no comment at the head") }
{ lines = FNR }
length($0) > 100 { # bytes: count again without the continuation bytes of UTF-8
    s = $0; gsub(/[\200-\277]/, "", s)
    if (length(s) > 100) bad("over 100 columns")
}
/\t/ { bad("a tab") }
/[ \t]$/ { bad("blanks at the end") }
FNR > 1 && $0 == "" && last == "" { bad("a second blank line") }
{ last = $0 }
/^[a-z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
/^{$/ { start = FNR }
/^}$/ && start {
    n = FNR - start - 1; start = 0
    if (list != "") print n, FILENAME ":" name
    if (own) length_of[functions++] = n
    if (n > 60 && FILENAME !~ /^lib\/math/) bad(name " has " n " lines, over 60")
}
END {
    end_file()
    for (i = 0; i < functions; i++) at[length_of[i]]++
    for (n = 0; seen <= functions / 2; n++) seen += at[n]
    median = n - 1
    for (; seen <= functions * 0.9; n++) seen += at[n]
    print functions " functions in cmd and lib: median " median " lines, nine in ten at most " n - 1
    exit faults > 0
}'
