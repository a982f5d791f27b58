#!/bin/sh
# deps.sh - checks that each room includes only the rooms it may, and that file names are unique.
set -eu
cd "$(dirname "$0")/.."

# What a room may include besides itself; "." is the root.
allowed() {
    case "$1" in
        core) ;;
        math | data | token | format) echo core ;;
        model) echo core math token format ;;
        loss) echo core math ;;
        train) echo core math data model loss eval ;;
        eval) echo core data model ;;
        report) echo core math data model loss train eval ;;
        .) echo core math data token format model loss train eval report ;;
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
        case " $room $(allowed "$room") " in
            *" $other "*) ;;
            *) echo "$file: room $room may not include $included" && bad=1 ;;
        esac
    done
done
for file in cmd/*.[ch]; do
    others=$(sed -n 's/^# *include "\(.*\/.*\)"/\1/p' "$file")
    [ -z "$others" ] || { echo "$file: cmd may include stsfit.h only, not $others" && bad=1; }
done
same=$(find lib -name '*.[ch]' -exec basename {} \; | sort | uniq -d)
[ -z "$same" ] || { echo "file names of lib/ that are not unique: $same" && bad=1; }
free=$(grep -rn -A 1 'pragma omp parallel' lib cmd | sed -n '/pragma/{/num_threads(sts_threads())/d;/\\$/d;p;}')
[ -z "$free" ] || { echo "parallel regions without num_threads(sts_threads()): $free" && bad=1; }
cblas=$(grep -l '<cblas.h>' -r lib cmd | grep -v '^lib/math/blas.c$' || true)
[ -z "$cblas" ] || { echo "cblas.h outside lib/math/blas.c: $cblas" && bad=1; }
dnnl=$(grep -l '<dnnl.h>' -r lib cmd | grep -v '^lib/math/onednn.c$' || true)
[ -z "$dnnl" ] || { echo "dnnl.h outside lib/math/onednn.c: $dnnl" && bad=1; }
exit $bad
