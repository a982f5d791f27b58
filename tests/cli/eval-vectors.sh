# eval --vectors: the same figures of quantized vectors beside those of float ones; bits by the
# Hamming distance.
. "$ROOT/tests/cli/common"
cp "$DATA/sts-dev.tsv" dev.tsv
evaluate() { "$STSFIT" eval -m "$tiny" dev.tsv "$@"; }
evaluate > plain
for type in float int8 ubinary; do
    evaluate --vectors $type > table
    head -2 table | cmp - plain
    sed 1,2d table | cut -c 1-40
done
evaluate --vectors ubinary --positive 4 --markdown | cut -d '|' -f 2,3
evaluate --vectors ubinary --dims 12 --json > eval.json
"$VALIDATE" "$DATA/schema/eval.schema.json" eval.json
grep -A 3 '"vectors"' eval.json | tr -d ' \t'
# Spearman's correlation of the number of bits that differ
sed -n 's/.*"spearman_manhattan":[^-0-9]*\([-0-9.]*\).*/\1/p' eval.json > figures
cut -f 6,7 dev.tsv | tr '\t' '\n' | "$STSFIT" encode -m "$tiny" --dims 12 --vectors ubinary | paste - - > bits
cut -f 5 dev.tsv | paste bits - | awk -F '\t' '
    function ones(x, y,  n) { while (x || y) { n += x % 2 != y % 2; x = int(x / 2); y = int(y / 2) } return n }
    { a[NR] = -(ones($1, $3) + ones($2, $4)); b[NR] = $5 }
    function ranks(x, r,  i, j, less, same) { for (i = 1; i <= NR; i++) { less = same = 0
        for (j = 1; j <= NR; j++) { less += x[j] < x[i]; same += x[j] == x[i] } r[i] = less + (same + 1) / 2 } }
    END { ranks(a, p); ranks(b, q); m = (NR + 1) / 2
        for (i = 1; i <= NR; i++) { pq += (p[i] - m) * (q[i] - m); pp += (p[i] - m) ^ 2; qq += (q[i] - m) ^ 2 }
        printf "%.12f\n", pq / sqrt(pp * qq) }' > hamming
holds "$(sed -n 2p figures) - $(cat hamming)" '<' 1e-9
holds "$(sed -n 2p figures) - $(cat hamming)" '>' -1e-9
cut -f 6 dev.tsv > texts
evaluate --vectors int8 --calibration texts | sed 1,2d | cut -c 1-40
head -1 texts > one
rc evaluate --vectors int8 --calibration one
rc evaluate --calibration texts
rc "$STSFIT" eval -m "$tiny" - --vectors int8 --calibration - < dev.tsv
printf 'A dog.\tA dog runs.\n' > pairs.tsv
cp "$ROOT/tests/golden/triplets.tsv" .
"$STSFIT" eval -m "$tiny" triplets.tsv --vectors int8 | cut -c 1-40
