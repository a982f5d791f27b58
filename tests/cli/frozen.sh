# --freeze-embeddings and --freeze-layers keep what they name, bit for bit; the rest learns.
. "$ROOT/tests/cli/common"
train_tiny -o all --max-steps 2 --lr 1e-3 --keep last
train_tiny -o emb --max-steps 2 --lr 1e-3 --keep last --freeze-embeddings
train_tiny -o low --max-steps 2 --lr 1e-3 --keep last --freeze-layers 1
[ "$(weights all)" != "$(weights emb)" ] && [ "$(weights all)" != "$(weights low)" ] && echo "the rest learns"
[ "$(weights emb)" != "$(sum "$tiny/model.safetensors")" ] && echo "it does"
rc train_tiny -o bad --freeze-layers 3
rc train_tiny -o worse --freeze-embeddings --freeze-layers 2
