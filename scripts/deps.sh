#!/bin/sh
# deps.sh [BUILD] - checks that each room of lib/ includes, and by its objects in BUILD (default
# build/release) uses, only the rooms it may; that lib's own folder holds one file per command;
# that file names are unique; and that functions of one file alone are static.
set -eu
cd "$(dirname "$0")/.."
build=${1:-${BUILD:-build/release}}

# What a room may use besides itself; "." is lib's own folder. train evaluates as it goes and report
# renders a whole run: neither is used by the rooms before it.
allowed() {
    case "$1" in
        core) ;;
        math | data | token | format) echo core ;;
        model) echo core math token format ;;
        loss) echo core math ;;
        eval) echo core math data model ;;
        train) echo core math data model loss eval ;;
        report) echo core math data model loss eval train ;;
        .) echo core math data token format model loss eval train report ;;
    esac
}

may() { # ROOM OTHER
    case " $1 $(allowed "$1") " in *" $2 "*) ;; *) return 1 ;; esac
}

bad=0
wrong() {
    echo "$*"
    bad=1
}

for file in lib/*.[ch] lib/*/*.[ch]; do
    room=$(dirname "${file#lib/}")
    for included in $(sed -n 's/^# *include "\(.*\)"/\1/p' "$file"); do
        case "$included" in
            */*) other=${included%%/*} ;;
            stsfit.h | stsfit_*.h) continue ;;
            *) other=$room ;; # a list beside the file
        esac
        may "$room" "$other" || wrong "$file: room $room may not include $included"
    done
done

# Symbols: a declaration may stand elsewhere than in the header of the room that defines it.
objects=''
for file in lib/*.c lib/*/*.c; do
    [ ! -f "$build/${file%.c}.o" ] || objects="$objects $build/${file%.c}.o"
done
if [ "$objects" ]; then
    # shellcheck disable=SC2086
    uses=$(nm -A -P $objects | sed "s|^$build/lib/||; s|\.o: *| |" | awk '
        { room = $1; if (!sub("/.*", "", room)) room = "." }
        $3 ~ /[BDRTV]/ { home[$2] = room }
        $3 == "U" { n++; file[n] = $1; from[n] = room; symbol[n] = $2 }
        END {
            for (i = 1; i <= n; i++)
                if (symbol[i] in home && home[symbol[i]] != from[i])
                    print from[i], home[symbol[i]], file[i], symbol[i]
        }')
    # A function that no other file names is static, or has no caller; of headers, macros count.
    # shellcheck disable=SC2086
    alone=$(nm -A -P $objects | sed "s|^$build/||; s|\.o: *|.c |" |
        awk '$3 == "T" && $2 ~ /^sts_/ { print $2, $1 }' | awk '
            NR == FNR { home[$1] = $2; next }
            FILENAME ~ /[.]h$/ && FILENAME !~ /^lib\/stsfit/ && !/\\$|= sts_/ { next }
            { while (match($0, /sts_[a-z0-9_]+/)) {
                word = substr($0, RSTART, RLENGTH)
                $0 = substr($0, RSTART + RLENGTH)
                if (word in home && home[word] != FILENAME) used[word]
            } }
            END { for (w in home) if (!(w in used)) print home[w] ": " w }' \
            - lib/stsfit*.h lib/*/*.h lib/*.c lib/*/*.c cmd/*.c tests/*/*.c tests/unit/*_help.h \
            tests/fuzz/*.h)
    [ -z "$alone" ] || wrong "functions that one file alone uses, and are not static: $alone"
    pairs=$(echo "$uses" | cut -d' ' -f1,2 | sort -u)
    while read -r room other; do
        [ "$room" ] || continue
        may "$room" "$other" || wrong "room $room uses symbols of $other:" \
            "$(echo "$uses" | sed -n "s/^$room $other \(.*\) \(.*\)/lib\/\1.c: \2/p" | tr '\n' ' ')"
    done <<END
$pairs
END
else
    echo "deps.sh: no objects in $build: symbols are not checked" >&2
fi

# One file per command, named as it is typed.
for file in lib/*.[ch]; do
    name=$(basename "$file")
    case "$name" in
        stsfit.h | stsfit_*.h) continue ;;
        *.c) grep -q "^COMMAND(${name%.c})" cmd/command_list.h && continue ;;
    esac
    wrong "$file: is not the file of a command: move it into a room"
done

for file in cmd/*.[ch]; do
    others=$(sed -n 's/^# *include "\(.*\/.*\)"/\1/p' "$file")
    [ -z "$others" ] || wrong "$file: cmd may include stsfit.h only, not $others"
done
same=$(find lib -name '*.[ch]' -exec basename {} \; | sort | uniq -d)
[ -z "$same" ] || wrong "file names of lib/ that are not unique: $same"
free=$(grep -rn -A 1 'pragma omp parallel' lib cmd | sed -n '/pragma/{/num_threads(sts_threads())/d;/\\$/d;p;}')
[ -z "$free" ] || wrong "parallel regions without num_threads(sts_threads()): $free"
cblas=$(grep -l '<cblas.h>' -r lib cmd | grep -v '^lib/math/blas.c$' || true)
[ -z "$cblas" ] || wrong "cblas.h outside lib/math/blas.c: $cblas"
commas=$(grep -rnE '(^|[^a-z_])(strtod|strtof|atof)\(|(^|[^a-z_])v?s?n?printf\(.*%[-+ 0]*[0-9*]*(\.[0-9*]+)?[aefg]' lib --include='*.[ch]' |
    grep -vE '^lib/core/(number|c_locale|json_scan)\.c|^lib/examples/|^lib/stsfit.h' || true)
[ -z "$commas" ] || wrong "numbers read or printed in the program's locale, not by sts_number_parse and sts_print: $commas"
dnnl=$(grep -l '<dnnl.h>' -r lib cmd | grep -v '^lib/math/onednn.c$' || true)
[ -z "$dnnl" ] || wrong "dnnl.h outside lib/math/onednn.c: $dnnl"
exit $bad
