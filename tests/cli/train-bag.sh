# The built-in encoder learns from a file alone; nothing but the product goes to stdout.
. "$ROOT/tests/cli/common"
"$STSFIT" train "$DATA/sts-train.tsv" --dev "$DATA/sts-dev.tsv" -o run -q > out.txt
[ ! -s out.txt ]
ls run | sort | sed 's/checkpoint-.*/checkpoint/' | uniq
before=$("$STSFIT" eval -m bag --json "$DATA/sts-dev.tsv" | number spearman_cosine)
after=$("$STSFIT" eval -m run --json "$DATA/sts-dev.tsv" | number spearman_cosine)
holds "$after" '>' "$before + 0.03"
[ "$("$STSFIT" eval -m run/model --json "$DATA/sts-dev.tsv" | number spearman_cosine)" = "$after" ]
