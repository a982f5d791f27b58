# Models averaged: equal ones give the same bits, others the mean; greedy never falls on dev.
. "$ROOT/tests/cli/common"
train_tiny -o a --max-steps 6 --lr 1e-3 --keep last
train_tiny -o b --max-steps 6 --lr 1e-3 --keep last --seed 7
"$STSFIT" train train.tsv --dev dev.tsv -q -o bag --max-steps 3
for method in linear slerp greedy; do
    rc "$STSFIT" merge a a -o same-$method --method $method --dev dev.tsv > out-$method
    rc cmp a/model/model.safetensors same-$method/model.safetensors
done
rc "$STSFIT" merge bag bag bag -o same-bag --weights 1,0.3,7 -q
rc cmp bag/model/model.safetensors same-bag/model.safetensors
ls same-linear same-bag
# by share, and the two ends
rc "$STSFIT" merge a b -o mean
"$STSFIT" merge a b -o mixed --weights 3,1 --json > merge.json
"$VALIDATE" "$DATA/schema/merge.schema.json" merge.json
cat merge.json
rc "$STSFIT" merge a b -o first --weights 1,0 -q
cmp a/model/model.safetensors first/model.safetensors && echo "only a"
cmp -s mean/model.safetensors mixed/model.safetensors || echo "by weight"
cat mean/README.md
# what it says of dev is what eval says
result() { tail -n 3 "$1" > last; number value < last; }
value() { "$STSFIT" eval -m "$1" dev.tsv --json | number spearman_cosine; }
"$STSFIT" merge a b -o evaluated --dev dev.tsv --json > evaluated.json
holds "$(result evaluated.json)" == "$(value evaluated)"
# greedy: as good as the best of them, at least
"$STSFIT" merge a b "$tiny" -o soup --method greedy --dev dev.tsv --json > soup.json
"$VALIDATE" "$DATA/schema/merge.schema.json" soup.json
for m in a b "$tiny"; do holds "$(result soup.json)" '>=' "$(value "$m")"; done
holds "$(result soup.json)" == "$(value soup)"
