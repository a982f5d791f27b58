# Options are parsed strictly, and the message helps.
. "$ROOT/tests/cli/common"
train() { rc "$STSFIT" train train.tsv "$@" 2>&1; }
train --epoch 3
train --nonsense
train -Z
train --epochs
train --epochs three
train --epochs 3x
train --epochs 0x3
train --epochs nan
train --epochs ''
train --batch-size 2.5
train --batch-size 0
train --batch-size 99999999999
train --lr -1
train --threads 1000
train --seed -1
train --format xml
train --scheduler lineer
train --score-range 5
train --score-range 5:0
train --score-range 0:5x
train --resume=yes
train --output ''
train --metric spearmen
train --fail-under spearman_cosine
train --fail-under nonsense=3
train --keep first
train --loss nonsense
train --loss cosent:scale=x
train --loss cosent:nonsense=1
train --config nowhere.json
