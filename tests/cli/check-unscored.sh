# check on pairs without scores: texts with several partners, which are negatives of one another in a
# batch, texts of the same words, equal and repeated pairs; and commands that work as they stand.
. "$ROOT/tests/cli/common"
cat > 'my pairs.tsv' <<'END'
anchor	positive	note
A dog runs.	A dog is running.	1
A dog runs.	The dog is running fast.	2
A dog runs!	Something runs.	3
Cats sleep.	Cats sleep.	4
The cat sat.	the CAT, sat	5
Sat the cat.	A cat sits.	6
A dog is running.	A  dog runs.	7
A dog runs.	A dog is running.	1
END
rc "$STSFIT" check 'my pairs.tsv'
"$STSFIT" check --json 'my pairs.tsv' > check.json
for key in distinct_pairs distinct_texts equal_pairs pairs_sharing_texts; do
    echo "$key $(number $key < check.json)"
done

next() { # FILE OPTION...: runs the commands that check shows
    "$STSFIT" check "$@" | sed -n 's/^next *//p' |
        sed "s|^stsfit|'$STSFIT'|; s|MODEL|'$tiny' -q|; s|OTHER-PAIRS|'$1'|; s|SCORED-PAIRS|dev.tsv|; s|^.* train .*|& --max-steps 2 -o run --overwrite|" > commands
    wc -l < commands
    sh -e commands > out && echo "they work"
}
echo "-- its commands"
next 'my pairs.tsv'
wc -l < distinct-pairs
cut -f 6,7 "$DATA/sts-train.tsv" > all.tsv
next all.tsv
"$STSFIT" check all.tsv | sed -n 's/^next *//p'
{ echo 'q;n;a'; awk -F'\t' -v OFS=';' '{ gsub(/;/, ","); print $6, 1, $7 }' train.tsv; } > semicolons.csv
next semicolons.csv --columns sentence1=q,sentence2=a
awk -F'\t' 'NR < 9 { gsub(/"/, "", $0); printf "{\"id\": %d, \"query\": \"%s\", \"positive\": \"%s\"}\n", NR, $6, $7 }' train.tsv > pairs.jsonl
next pairs.jsonl
cut -f 6 train.tsv > sentences.txt
next sentences.txt --format text
grep -c . sentences.txt
rc "$STSFIT" check sentences.txt
rc "$STSFIT" train sentences.txt -m "$tiny" -o never
rc "$STSFIT" eval sentences.txt -m "$tiny"
