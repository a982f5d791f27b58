# Static embeddings have a learning rate of their own: with that of transformers they learn nothing.
. "$ROOT/tests/cli/common"
cp -RL "$ROOT/tests/golden/models/static" m
tune() { "$STSFIT" train train.tsv --dev none -m m -q "$@"; }
spearman() { "$STSFIT" eval train.tsv -m "$1" --json | number spearman_cosine; }
tune -o run
number lr < run/report.json
tune -o slow --lr 5e-5
holds "$(spearman run)" '>' "$(spearman m) + 0.1"
holds "$(spearman slow)" '<' "$(spearman m) + 0.02"
