# README.md of a checkpoint says what that is, and keeps of the base model's what is still true; the
# card of a run that was resumed, from a base model that is gone, is that of one that was not.
. "$ROOT/tests/cli/common"
cp -R "$tiny" tiny-bert
cat > tiny-bert/README.md << 'END'
---
license: apache-2.0
language:
- en
tags:
- small
---
# Tiny
Load it as `example/tiny-bert`. It has learnt nothing.
END
train() { "$STSFIT" train train.tsv --dev dev.tsv -q --batch-size 8 --max-steps 4 --save-steps 2 --save-total-limit 9 -m tiny-bert "$@"; }
train -o whole
grep -E '^(license|base_model|- small|# |This is)' whole/checkpoint-2/README.md
grep -l 'learnt nothing' whole/checkpoint-*/README.md whole/model/README.md || echo "no word of the base model's own"
grep 'README.md' whole/checkpoint-2/checksums.json | tr -d ' \t'
mkdir run
cp -R whole/report.json whole/log.jsonl whole/config.json whole/predictions.tsv whole/checkpoint-2 run
rm tiny-bert/README.md
train -o run --resume
sed 's/^# run$/# whole/; s/"run"/"whole"/; s/name: run$/name: whole/' run/model/README.md | diff - whole/model/README.md && echo "resumed: the same card"
grep -c 'This is a checkpoint' whole/model/README.md || :
