#!/bin/sh
# coverage.sh BUILD: what the tests that ran with the build in BUILD (make coverage) reached: lines
# and branches of each room of lib/ and cmd/, by gcov; the files that were reached least; and of
# what reads strangers' files, the branches never taken but for those that scripts/uncovered.txt
# gives a reason for.
set -eu
cd "$(dirname "$0")/.."
build=${1:?which build?}
command -v gcov > /dev/null 2>&1 || { echo "coverage: no gcov here: skipped"; exit 0; }
data() { find "$build/lib" "$build/cmd" -name '*.gcda' | sort; }
data | xargs gcov -n -b 2> /dev/null |
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

# A line of uncovered.txt: a part of FILE: SOURCE LINE, a tab, why its branches are not taken.
readers='lib/core/(reader|json|json_scan|number|utf8)|lib/data/(columns|dataset|detect|jsonl|layout|row_reader|table)|lib/format/(pickle|safetensors|torch_zip|zip_source)|lib/model/(config|encoder_config|model_dir|modernbert|settings)|lib/token/(added_tokens|bpe|byte_level|charsmap|legacy_vocab|metaspace|pair_table|parts|pattern|postprocessor|regex|replace_split|split|subword|tokenizer_(class|config|load)|unigram|wordlevel|wordpiece)|cmd/(opt|encode)'
data | xargs gcov -t -b -c 2> /dev/null | awk -F '\t' -v readers="^($readers)[.]c\$" '
    NR == FNR { if ($2 != "") { part[++n] = $1; why[n] = $2 }; next }
    $0 ~ /^ *-: *0:Source:/ { file = $0; sub(/.*Source:/, "", file); next }
    file !~ readers { next }
    /^branch/ { all++; if (/ taken 0( |$)| never executed/) miss(); next }
    /^ *[^:]*: *[0-9]+:/ { at = $0; sub(/^[^:]*: */, "", at); source = at; sub(/^[0-9]+: */, "", source)
                           sub(/:.*/, "", at) }
    function miss(   i, line) {
        line = file ": " source
        missing++
        for (i = 1; i <= n; i++) if (index(line, part[i])) { used[why[i]]++; needed[i]; return }
        left++
        if (!(file ":" at in seen)) { seen[file ":" at]; list[++lines] = file ":" at ": " source }
    }
    END {
        printf "readers: %d branches, %d never taken, of these %d without a reason:\n", all, missing, left
        for (i = 1; i <= lines; i++) print "  " list[i]
        for (w in used) printf "  %d: %s\n", used[w], w
        for (i = 1; i <= n; i++) if (!(i in needed)) printf "  no branch for this line: %s\n", part[i]
    }' scripts/uncovered.txt - 
