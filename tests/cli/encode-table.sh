# encode and tokenize take a table as one, by its name or header, and ask where columns are unclear.
. "$ROOT/tests/cli/common"
cat > pairs.csv << 'END'
sentence1,sentence2,score
"A note:
buy milk.","A ""quoted"" note.",4.8
"Tab	here, and a comma.",He said so.,2
END
lines() { rc "$STSFIT" encode -m "$tiny" --format jsonl "$@" > out; grep -c '^\[' out || true; }
lines pairs.csv
lines - < pairs.csv
lines --columns sentence2,1 pairs.csv
lines --input lines pairs.csv
gzip -c pairs.csv > pairs.csv.gz
lines pairs.csv.gz
printf 'He said so.\n' | "$STSFIT" tokenize -m "$tiny" > said
"$STSFIT" tokenize -m "$tiny" --columns sentence2 pairs.csv 2> /dev/null | sed -n 2p | cmp - said
lines dev.tsv
printf 'id,body text\n1,"a, b"\n2,c\n' > own.csv
rc "$STSFIT" tokenize -m "$tiny" own.csv
rc "$STSFIT" tokenize -m "$tiny" own.csv --columns 'body text'
rc "$STSFIT" tokenize -m "$tiny" own.csv --columns body
rc "$STSFIT" tokenize -m "$tiny" own.csv --columns 3
printf '{"id": 1, "text": "He said so."}\n\n{"id": 2, "text": "\\u00e4"}\n' > texts.jsonl
lines texts.jsonl
rc "$STSFIT" tokenize -m "$tiny" texts.jsonl --columns id
printf 'a,b\nc,d,e\n' > uneven.csv
rc "$STSFIT" tokenize -m "$tiny" uneven.csv --columns 1 -q
echo "the names are those of the separator that the pairs have"
printf 'a,b\tx,sentence1,sentence2,score\n1,2,A dog.,A cat.,3\n3,4,It.,They.,2\n' > commas.tsv
"$STSFIT" tokenize -m "$tiny" commas.tsv
echo "plain lines stay lines, empty ones too"
printf 'one, two\n\nthree\n' | "$STSFIT" tokenize -m "$tiny" | wc -l | tr -d ' '
echo "the format by the name of the output"
"$STSFIT" encode -q -m "$tiny" dev.tsv -o v.npy
head -c 6 v.npy | od -An -c
"$STSFIT" encode -q -m "$tiny" dev.tsv -o v.jsonl
"$STSFIT" encode -q -m "$tiny" dev.tsv --format jsonl -o - | cmp - v.jsonl
echo "a blank line among pairs has no cosine"
printf '{"sentence1":"A","sentence2":"B"}\n\n{"sentence1":"C","sentence2":"D"}\n' |
    "$STSFIT" score -m "$tiny" | cut -c 1-30
for command in score encode tokenize; do rc "$STSFIT" $command dev.tsv train.tsv; done
