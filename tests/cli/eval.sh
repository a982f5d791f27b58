# Tables: one file, several, Markdown; JSON after its schema; files and stdin alike.
. "$ROOT/tests/cli/common"
figures() { sed 's/-\{0,1\}[0-9][0-9]*\.[0-9]*/N/g; s/  *N/ N/g'; }
"$STSFIT" eval -m "$tiny" dev.tsv | figures
"$STSFIT" eval -m "$tiny" dev.tsv train.tsv | figures
"$STSFIT" eval -m "$tiny" --markdown dev.tsv train.tsv | figures
"$STSFIT" eval -m "$tiny" --json dev.tsv > a.json
"$STSFIT" eval -m "$tiny" --json < dev.tsv > b.json
"$STSFIT" eval -m "$tiny" --json - < dev.tsv > c.json
gzip -c dev.tsv > dev.tsv.gz
"$STSFIT" eval -m "$tiny" --json dev.tsv.gz > d.json
"$STSFIT" eval -m "$tiny" --json dev.tsv train.tsv > e.json
"$VALIDATE" "$ROOT/data/schema/eval.schema.json" a.json b.json c.json d.json e.json
for f in b c d; do
    for key in pairs pearson_cosine spearman_cosine mse spearman_manhattan; do
        [ "$(number $key < a.json)" = "$(number $key < $f.json)" ] || echo "$f: another $key"
    done
done
"$STSFIT" eval -m "$tiny" --json --batch-size 3 dev.tsv > f.json
for key in pairs pearson_cosine mse spearman_manhattan; do # rounding only
    holds "($(number $key < a.json) - $(number $key < f.json))^2" "<" 1e-10
done
