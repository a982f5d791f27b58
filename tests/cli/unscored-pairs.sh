# Pairs without scores: for the losses that need none, with a dev set that has them.
. "$ROOT/tests/cli/common"
{ echo 'sentence1	sentence2'; cut -f 6,7 train.tsv; } > pairs.tsv
run() { "$STSFIT" train pairs.tsv --dev dev.tsv -m "$tiny" -q --max-steps 3 --overwrite -o run "$@"; }
run --loss mnrl
rc run --loss one-minus-cosine
rc run --loss cosent
echo 'x	A dog.	A cat.' > odd.tsv
rc "$STSFIT" train odd.tsv --dev dev.tsv -m "$tiny" -o other
rc "$STSFIT" train pairs.tsv --dev dev.tsv -m "$tiny" -o other
rc "$STSFIT" train pairs.tsv -m "$tiny" -q --loss mnrl -o other
