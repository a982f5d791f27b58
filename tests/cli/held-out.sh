# The dev set that is held out: by distinct pair, so that no repeat of it is trained on, 32 pairs or
# none; --dev none; and one line on rows that repeat, contradict each other or are evaluated on too.
. "$ROOT/tests/cli/common"
sed -n 1,170p "$DATA/sts-train.tsv" > once.tsv
awk -F'\t' -v OFS='\t' '{ t = $6; $6 = toupper($7); $7 = t; print }' once.tsv > swapped.tsv
cat once.tsv once.tsv swapped.tsv > thrice.tsv
go() {
    echo "-- $*"
    rc "$STSFIT" train "$@" -m "$tiny" -o run --overwrite --max-steps 1 --progress none > out 2> err
    cat out
    grep '^stsfit:' err || :
    sed -n '/^data/,/^model/p' err | tr -s '\n ' ' ' | grep -o 'dev [0-9]* .*d [^;]*;\|no dev set;' | tr '\n' ' '
    "$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json
    grep -e '"rows"' -e '"repeated"' -e '"conflicting"' -e '"in_train"' run/report.json | tr -d '\t\n'
    echo
}
go once.tsv
go thrice.tsv
sed -n 1,159p once.tsv > short.tsv
go short.tsv
go thrice.tsv --dev none
go once.tsv --dev swapped.tsv --test dev.tsv
awk -F'\t' -v OFS='\t' 'NR <= 5 { $5 = 5 - $5 } { print }' once.tsv > other.tsv
go once.tsv other.tsv --dev dev.tsv --max-seq-length 12

# most pairs share a text with others: linked pairs stay together, where that leaves a choice
awk -F'\t' -v OFS='\t' '{ for (i = 0; i < 4; i++) print 1, 1, 1, 1, $5, $6, $7 " " i }' once.tsv > linked.tsv
go linked.tsv --dropout 0
awk -F'\t' -v OFS='\t' '{ print 1, 1, 1, 1, $5, "One text.", $7 }' "$DATA/sts-train.tsv" > star.tsv
go star.tsv --dropout 0
