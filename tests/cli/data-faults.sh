# Bad data: exit 3, file and line, what was found; --on-bad-row skip counts them.
. "$ROOT/tests/cli/common"
bad() { printf "$1" > bad.tsv; cat train.tsv >> bad.tsv; rc train_tiny_bad; }
train_tiny_bad() { "$STSFIT" train bad.tsv --dev dev.tsv -m "$tiny" -q --max-steps 1 -o run --overwrite; }
add() { cp train.tsv bad.tsv; printf "$1" >> bad.tsv; rc train_tiny_bad; }
add 'g\tt\to\t1\t5.5\tA dog.\tA cat.\n'
add 'g\tt\to\t1\t-1\tA dog.\tA cat.\n'
add 'g\tt\to\t1\t2,5\tA dog.\tA cat.\n'
add 'g\tt\to\t1\tnan\tA dog.\tA cat.\n'
add 'g\tt\to\t1\t0x1\tA dog.\tA cat.\n'
add 'g\tt\to\t1\t3.0\tA dog.\n'
add 'g\tt\to\t1\t3.0\tA d\377og.\tA cat.\n'
add 'g\tt\to\t1\t3.0\tA d\000og.\tA cat.\n'
add 'g\tt\to\t1\t\tA dog.\tA cat.\n'
add '\n\n'
add 'a\tb\nc\n'
rc "$STSFIT" train nowhere.tsv
rc "$STSFIT" train .
: > empty.tsv
rc "$STSFIT" train empty.tsv
printf 'A dog.\tA cat.\t0.5\nA.\tB.\t0.25\n' > small.tsv
rc "$STSFIT" train small.tsv
gzip -c train.tsv | dd bs=1 count=400 2> /dev/null > cut.gz
rc "$STSFIT" train cut.gz --format stsb
cp train.tsv bad.tsv
printf 'g\tt\to\t1\t5.5\tA dog.\tA cat.\nx\ng\tt\to\t1\t\tA dog.\tA cat.\n' >> bad.tsv
"$STSFIT" train bad.tsv --dev dev.tsv -m "$tiny" -q --max-steps 1 -o skip --on-bad-row skip
"$VALIDATE" "$ROOT/data/schema/report.schema.json" skip/report.json
sed -n '/"rows_read"/,/}/p' skip/report.json | sed -n 1,7p | tr -d '\n\t'
