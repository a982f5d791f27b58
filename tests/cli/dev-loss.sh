# The training loss of the dev set: without dropout, in file order, batches weighted by their rows.
# At a learning rate of 0 that is what the steps of an epoch come to.
. "$ROOT/tests/cli/common"
once() {
    run=$1
    data=$2
    shift 2
    "$STSFIT" train "$data" --dev "$data" -m "$tiny" -o "$run" -q --batch-size 8 --no-shuffle --dropout 0 \
        --epochs 1 --lr 0 "$@"
    "$VALIDATE" "$ROOT/data/schema/report.schema.json" "$run/report.json"
    dev=$(sed -n '/"before":/,/"during":/p' "$run/report.json" | number loss)
    steps=$(grep '"type":"step"' "$run/log.jsonl" | sed 's/.*"loss":\([^,]*\),.*/\1/' |
        awk '{ w = NR < 3 ? 8 : 4; s += w * $1 } END { printf "%.17g", s / 20 }')
    holds "($dev - $steps) ^ 2" '<' 1e-14 && echo "$run agrees"
}
once scored dev.tsv
once order dev.tsv --loss cosent
cut -f 6,7 dev.tsv > pairs.tsv
once pairs pairs.tsv
{ echo 'anchor	positive	negative'; awk -F'\t' -v OFS='\t' '{ print $6, $7, "A dog runs." }' dev.tsv; } > triplets.tsv
once triplets triplets.tsv
rc "$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o least -q --max-steps 4 --eval-steps 1 --metric loss
grep -o '"metric":	"loss"' least/report.json | sort -u
rc "$STSFIT" train train.tsv --dev triplets.tsv -m "$tiny" -o other --max-steps 1 --metric loss --progress none 2> err
grep -o 'loss cannot be computed: [^;]*' err
