# Data as people have it: read where that is safe, else the message says what to do, and that works.
. "$ROOT/tests/cli/common"
check() { "$STSFIT" check "$1" > out 2> err && echo "ok: $(sed -n '/format/,/rows/p' out | grep -o 'header.*\|[0-9]* used' | tr '\n' ' ')" || echo "exit $?: $(sed 's/; and [0-9]* more faults//' err)"; }
rows() { printf "$1\n"; for s in $2; do printf "A dog barks.$3A cat sleeps.$3%s\n" "$s"; done; }

echo "-- numbers"
rows 's1;s2;score' '0,5 4,25 5,0 2 1,125' ';' > data.csv; check data.csv
rows 's1\ts2\tscore' '0,5 4,25 5,0 2 3,125' '\t' > data.tsv; check data.tsv
rows 's1\ts2\tscore' '0,5 4,25 5,0 2.5' '\t' > data.tsv; check data.tsv
rows 's1\ts2\tscore' '1,200 9,000 2,500' '\t' > data.tsv; check data.tsv
rows 's1\ts2\tscore' '92% 4% 50%' '\t' > data.tsv; check data.tsv
rows 's1\ts2\tscore' '4/5 5/5' '\t' > data.tsv; check data.tsv
rows 's1\ts2\tscore' '05.Mai 4-May' '\t' > data.tsv; check data.tsv
rows 's1\ts2\tscore' 'true false' '\t' > data.tsv; check data.tsv
rows 's1\ts2\tlabel' 'entailment neutral' '\t' > data.tsv; check data.tsv
rows 's1\ts2\tscore' "'4 0 5" '\t' > data.tsv; check data.tsv
printf 's1\ts2\tscore\nA dog.\tA cat.\t4\302\240\nA.\tB.\t\357\273\2770\n' > data.tsv; check data.tsv

echo "-- lines that are no rows"
{ printf 'sep=;\r\n'; rows 's1;s2;score' '0 4 5' ';'; } > data.csv; check data.csv
{ printf '"sep=,"\n'; rows 's1,s2,score' '0 4 5' ','; } > data.csv; check data.csv
{ printf '# by hand\n# 0..5\n'; rows 's1\ts2\tscore' '0 4 5' '\t'; } > data.tsv; check data.tsv
{ rows 's1\ts2\tscore' '0 4 5' '\t'; echo '# the rest'; } > data.tsv; check data.tsv
{ rows 's1,s2,score' '0 4 5' ','; echo 'A dog, a cat.,B.,3'; } > data.csv; check data.csv

echo "-- names"
rows 'Question A,Question B,My grade' '0 4 5' ',' > data.csv; check data.csv
rows 'first one,other,mine,yours' '0,1 4,5 5,3' ',' > data.csv; check data.csv
{ echo '{"Question A":"x y","Question B":"z","my grade":4}'; echo '{"Question A":"a","Question B":"b","my grade":0}'; } > data.jsonl; check data.jsonl
"$STSFIT" check data.jsonl --columns "sentence1=Question A,sentence2=Question B,score=my grade" | grep rows
rows 'text_a,textB,Human Score' '0 4 5' ',' > data.csv; check data.csv
rows 'source,target,relevance' '0 4 5' ',' > data.csv; check data.csv
rows 'sentence1,sentence2,target' '0 4 5' ',' > data.csv; check data.csv
rows 'Question A\tQuestion B\tMine' '0 4 5' '\t' > data.tsv
"$STSFIT" score -m "$tiny" data.tsv --columns sentence1=1,sentence2=2 | sed -n '1p;$='
cut -f 1,2 data.tsv | "$STSFIT" score -m "$tiny" --columns sentence1=1,sentence2=2 - | sed -n '$='

"$STSFIT" check --columns sentence1=1,sentence2=2 "$ROOT/data/sts-dev.tsv" 2>&1 > out | plain
rows 'sentence1|sentence2|score' '0 4 5' '|' > data.txt; check data.txt
tr '|' '\t' < data.txt > data.tsv; check data.tsv

echo "-- JSON"
printf '[{"sentence1":"A","sentence2":"B","score":4},\n{"sentence1":"C","sentence2":"D","score":0}]' > array.json; check array.json
printf '{"version":"1.1","data":[\n{"sentence1":"A","sentence2":"B","score":4},{"sentence1":"C","sentence2":"D","score":0}]}' > rows.json; check rows.json
printf '{"sentence1":["A","C"],"sentence2":["B","D"],"score":[4,0]}\n' > columns.json; check columns.json
printf '{\n "sentence1":"A",\n "sentence2":"B",\n "score":4\n}\n{\n "sentence1":"C", "sentence2":"D", "score":0\n}\n' > pretty.json; check pretty.json
printf '{"query":"A","pos":["B","C"],"neg":["D"]}\n{"query":"E","pos":["F"],"neg":[]}\n' > lists.json; check lists.json
printf '{"texts":["A","B"],"label":4}\n{"texts":["C","D"],"label":0}\n' > texts.json; check texts.json
printf '{"pair":{"sentence1":"A","sentence2":"B"},"score":4}\n{"pair":{"sentence1":"C","sentence2":"D"},"score":0}\n' > nested.json; check nested.json
printf '["A","B",4]\n["C","D",0]\n' > arrays.json; check arrays.json
# the commands of the messages; without jq, what they give
for f in array rows columns pretty lists texts nested; do
    command=$("$STSFIT" check $f.json 2>&1 > out | sed -n "s/.*jq -c '\(.*\)'.*/\1/p; s/.*jq -c \.\$/./p")
    if ! command -v jq > /dev/null; then case $f in lists) echo "$f: 3" ;; *) echo "$f: 2" ;; esac; continue; fi
    jq -c "$command" $f.json > $f.jsonl
    echo "$f: $("$STSFIT" check $f.jsonl | sed -n 's/.* read, \([0-9]*\) used.*/\1/p')"
done
