#!/bin/sh
# coverage.sh BUILD: what the tests that ran with the build in BUILD (make coverage) reached: lines
# and branches of each room of lib/ and cmd/, by gcov; and the files that were reached least.
set -eu
cd "$(dirname "$0")/.."
build=${1:?which build?}
command -v gcov > /dev/null 2>&1 || { echo "coverage: no gcov here: skipped"; exit 0; }
find "$build/lib" "$build/cmd" -name '*.gcda' | sort | xargs gcov -n -b 2> /dev/null |
    awk '
    function share(s) { sub(/.*executed:/, "", s); return s }
    /^File / { file = $2; gsub(/\047/, "", file) }
    /^Lines executed/ { split(share($0), p, /% of /); lines = p[1]; n = p[2] }
    /^Taken at least once/ { s = $0; sub(/.*once:/, "", s); split(s, p, /% of /); put(p[1], p[2]) }
    /^No branches/ { put(100, 0) }
    function put(taken, m,   room) {
        if (file !~ /^(lib|cmd)\/.*\.c$/) return
        room = file; sub(/\/[^\/]*$/, "", room)
        hit[room] += lines * n / 100; all[room] += n; took[room] += taken * m / 100; br[room] += m
        print "file", lines, taken, file
    }
    END { for (r in all) print "room", r, hit[r], all[r], took[r], br[r] }' > "$build/coverage.txt"
grep '^room' "$build/coverage.txt" | sort | awk '
    BEGIN { printf "%-12s %8s %8s %10s\n", "room", "lines", "covered", "branches" }
    { printf "%-12s %8d %7.1f%% %9.1f%%\n", $2, $4, 100 * $3 / $4, $6 ? 100 * $5 / $6 : 100
      h += $3; n += $4; t += $5; m += $6 }
    END { printf "%-12s %8d %7.1f%% %9.1f%%\n", "all", n, 100 * h / n, 100 * t / m }'
echo "least covered:"
grep '^file' "$build/coverage.txt" | sort -k 2,2n | sed -n '1,10s/^file \([0-9.]*\) \([0-9.]*\) \(.*\)/  \3  lines \1 %, branches \2 %/p'
