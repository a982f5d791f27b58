# compare: a model with itself is no different; what cannot be compared is refused.
. "$ROOT/tests/cli/common"
"$STSFIT" compare "$tiny" "$tiny" dev.tsv --json > c.json
"$STSFIT" compare "$tiny" bag dev.tsv train.tsv --pairs --json > d.json
sed 's/"pearson_cosine":.*/"pearson_cosine": 3,/' d.json > bad.json
"$VALIDATE" "$ROOT/data/schema/compare.schema.json" c.json d.json
"$VALIDATE" "$ROOT/data/schema/compare.schema.json" bad.json > /dev/null && echo "a correlation of 3 is let pass"
grep -o '"p":	[0-9.]*' c.json
grep -o '"spearman_cosine_ci95":	\[0, 0\]' c.json
"$STSFIT" compare "$tiny" "$tiny" dev.tsv | sed -n 's/.*B - A/B - A/p'
"$STSFIT" compare "$tiny" "$tiny" --pairs - < dev.tsv | grep -c '^gold'
"$STSFIT" compare "$tiny" "$tiny" dev.tsv --markdown | grep -c '^|'
train_tiny -o run -q --max-steps 2
"$STSFIT" compare run "$tiny" --json dev.tsv | grep -o '"command":.*'
rc "$STSFIT" compare run
rc "$STSFIT" compare run nowhere dev.tsv
rc "$STSFIT" compare run "$tiny" absent.tsv
printf 'anchor\tpositive\tnegative\na\tb\tc\n' > t.tsv
rc "$STSFIT" compare run "$tiny" t.tsv
