#!/bin/sh
# deps.sh - checks that each room includes only the rooms it may, and that file names are unique.
set -eu
cd "$(dirname "$0")/.."

allowed() {
    case "$1" in
        core) echo core ;;
        math | text | loss) [ "$1" = loss ] && echo core math loss || echo core "$1" ;;
        model) echo core math text model ;;
        train) echo core math text model loss train ;;
        eval) echo core text model eval ;;
        out) echo core model train eval out ;;
        .) echo core math text model loss train eval out . ;;
    esac
}

bad=0
for file in lib/*.[ch] lib/*/*.[ch]; do
    room=$(dirname "${file#lib/}")
    for included in $(sed -n 's/^# *include "\(.*\)"/\1/p' "$file"); do
        case "$included" in
            */*) other=${included%%/*} ;;
            stsfit.h | stsfit_loss.h) continue ;;
            *) other=$room ;; # a list beside the file
        esac
        case " $(allowed "$room") " in
            *" $other "*) ;;
            *) echo "$file: room $room may not include $included" && bad=1 ;;
        esac
    done
done
for file in cmd/*.[ch]; do
    others=$(sed -n 's/^# *include "\(.*\/.*\)"/\1/p' "$file")
    [ -z "$others" ] || { echo "$file: cmd may include stsfit.h only, not $others" && bad=1; }
done
same=$(find cmd lib -name '*.[ch]' -exec basename {} \; | sort | uniq -d)
[ -z "$same" ] || { echo "file names that are not unique: $same" && bad=1; }
cblas=$(grep -l '<cblas.h>' -r lib cmd | grep -v '^lib/math/gemm.c$' || true)
[ -z "$cblas" ] || { echo "cblas.h outside lib/math/gemm.c: $cblas" && bad=1; }
dnnl=$(grep -l '<dnnl.h>' -r lib cmd | grep -v '^lib/math/onednn.c$' || true)
[ -z "$dnnl" ] || { echo "dnnl.h outside lib/math/onednn.c: $dnnl" && bad=1; }
exit $bad
