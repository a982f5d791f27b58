# A range of scores belongs to a file: those of known formats keep theirs, others are asked about
# where the scores do not fit, and what the question says works. Labels are given their values.
. "$ROOT/tests/cli/common"
HEAD='sentence1	sentence2	score'
column() { { echo "$HEAD"; awk -F'\t' -v OFS='\t' "{ print \$6, \$7, $1 }" train.tsv; } > "$2"; }
column '$5' five.tsv
column '$5 / 5' unit.tsv
column '1 + int($5 * 4 / 5)' likert.tsv
column '$5 * 0.4 - 1' signed.tsv
column '2 - int($5 / 2)' nli.tsv
column '$5 < 2 ? "contradiction" : $5 < 4 ? "neutral" : "entailment"' words.tsv
sed 's/neutral/-/' words.tsv > dashes.tsv
go() {
    echo "-- $*"
    rc "$STSFIT" train "$@" -m "$tiny" -o run --overwrite --max-steps 1 --progress none 2> err
    grep '^stsfit:' err | plain || :
    [ ! -f run/report.json ] || sed -n '/"score_mapping"/,/}/p' run/report.json | grep -e min -e max | tr -d '\t\n'
    rm -rf run
    echo
}
go unit.tsv --dev dev.tsv
go unit.tsv --dev dev.tsv --score-range 0:1
go unit.tsv --dev five.tsv --score-range 0:1
go unit.tsv --dev five.tsv --score-range 0:1,five.tsv=0:5
go unit.tsv dev.tsv --dev five.tsv --score-range unit.tsv=0:1
go likert.tsv --dev none
go likert.tsv --dev none --score-range 1:5
go signed.tsv --dev none
go signed.tsv --dev none --score-range -1:1
go nli.tsv --dev none
go nli.tsv --dev dev.tsv --labels 0=1,1=0.5,2=0
go words.tsv --dev dev.tsv --labels entailment=1,neutral=0.5,contradiction=0
go words.tsv --dev dev.tsv --labels entailment=1,contradiction=0
go dashes.tsv --dev dev.tsv --labels entailment=1,contradiction=0,-=
go unit.tsv --dev dev.tsv --score-range units.tsv=0:1
go train.tsv --dev dev.tsv --score-range 0:4
go train.tsv --dev dev.tsv --score-range 0:5
go train.tsv --dev dev.tsv --score-range train.tsv=0:6
go train.tsv --dev unit.tsv --score-range 0:1
go nli.tsv --dev dev.tsv --labels 0=2
go nli.tsv --dev dev.tsv --labels 0=1 --score-range 0:5
rc "$STSFIT" eval -m "$tiny" dev.tsv -q --score-range 0:4
