# --format text: one sentence per line, each paired with itself; the masks of dropout differ.
. "$ROOT/tests/cli/common"
{ cut -f 6 train.tsv; echo; cut -f 7 train.tsv; } > sentences.txt
go() { "$STSFIT" train "$@" -m "$tiny" --format text --max-steps 3 --overwrite -o run --progress none; }
echo "-- no dev set by default; an empty line is counted"
rc go sentences.txt 2> err
grep -o 'data *80 pairs.*, [0-9]* left out' err
grep 'no dev set,' err | tr '\n' ' '
grep -o '"blank":	[0-9]*' run/report.json
grep -o '"loss":	"[a-z-]*' run/report.json | sort -u
grep '"type":"step"' run/log.jsonl | sed 's/.*"loss":\([^,]*\),.*/\1/' | awk '{ exit !($1 > 0) }'
echo "-- a dev set may have scores"
rc go sentences.txt --dev dev.tsv 2> err
grep -o 'dev [0-9]* from dev.tsv' err
grep -c '^verdict' err
echo "-- bad input"
yes 'A dog runs.' | head -50 > equal.txt
rc go equal.txt
: > empty.txt
rc go empty.txt
rc go sentences.txt --columns sentence1=1,sentence2=2
rc go sentences.txt --loss cosent
printf '\n\n' > blank.txt
rc go blank.txt
