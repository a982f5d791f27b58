# --resume refuses other data and options, naming the first difference; nothing is changed.
. "$ROOT/tests/cli/common"
train_tiny -o run --epochs 2 --save-steps 2 --save-total-limit 9
rm -rf run/checkpoint-10
before=$(sum run/log.jsonl)
go() { rc train_tiny -o run --epochs 2 --resume "$@" 2>&1 | sed 's/"[0-9a-f]\{8\}[^"]*"/CRC/g'; }
go --seed 1
go --lr 1e-3
go --loss cosent
go --batch-size 4
go --no-shuffle
go --warmup 0
go --weight-decay 0.1
go --scheduler cosine
go --dropout 0
go --max-seq-length 16
go --patience 3
sed 1d dev.tsv > other.tsv
go --dev other.tsv
echo 'x	x	x	1	2.0	A dog runs.	A cat runs.' >> train.tsv
go
[ "$(sum run/log.jsonl)" = "$before" ] && echo "nothing changed"
