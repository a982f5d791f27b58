# Static embeddings have a learning rate of their own: with that of transformers they learn nothing.
. "$ROOT/tests/cli/common"
cp -RL "$ROOT/tests/golden/models/static" m
pairs=$DATA/sts-train.tsv
tune() { "$STSFIT" train "$pairs" --dev none -m m -q "$@"; }
spearman() { "$STSFIT" eval "$pairs" -m "$1" --json | number spearman_cosine; }
tune -o run
number lr < run/report.json
tune -o slow --lr 5e-5
holds "$(spearman run)" '>' "$(spearman m) + 0.05"
holds "$(spearman slow)" '<' "$(spearman m) + 0.02"
