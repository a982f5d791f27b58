# A static model from an encoder: sizes, files, words of one's own; and what cannot be distilled.
. "$ROOT/tests/cli/common"
"$STSFIT" distill -m "$tiny" -o static --dims 16
ls static | sort
"$STSFIT" info static | grep -c 'Encoder  *static'
cut -f 6 dev.tsv | "$STSFIT" encode -m static | awk -F '\t' '{ print NF }' | sort | uniq -c | tr -s ' '
echo "again, the same bytes; without a name for the dimensions, those of the encoder"
"$STSFIT" distill -q -m "$tiny" -o again --dims 16
cmp static/model.safetensors again/model.safetensors
"$STSFIT" distill -m "$tiny" -o wide --json | grep -E 'tokens|dimensions|words'
echo "training improves it"
rc "$STSFIT" train train.tsv --dev dev.tsv -m static -q --max-steps 3 -o run
"$STSFIT" info run | grep -c 'Encoder  *static'
echo "words"
printf 'zebracorn\nmachine learning\nthe\n\n' > words
"$STSFIT" distill -m "$tiny" -o worded --dims 16 --vocabulary words
printf 'Zebracorn\nMACHINE learning is\n' | "$STSFIT" tokenize -m worded
printf 'a zebracorn\nA zebracorn.\n' > twice
printf 'one\nzebracorn\nZebraCorn\n' > same
printf 'fine\n\001\n' > nothing
printf 'fine\n☃☃\n' > unknown
: > empty
for words in same nothing unknown empty none; do
    rc "$STSFIT" distill -m "$tiny" -o out --vocabulary $words
done
rc "$STSFIT" distill -m "$ROOT/tests/golden/models/roberta" -o out --vocabulary words
echo "what cannot be"
rc "$STSFIT" distill -m "$tiny" -o out --dims 4096
rc "$STSFIT" distill -m "$tiny" -o out --dims 0
rc "$STSFIT" distill -m "$tiny" -o out --sif 1
rc "$STSFIT" distill -m "$tiny" -o static
rc "$STSFIT" distill -m "$tiny" -o dev.tsv
rc "$STSFIT" distill -m "$tiny"
rc "$STSFIT" distill -m "$tiny" -o out train.tsv
rc "$STSFIT" distill -m static -o out
rc "$STSFIT" distill -m none -o out
mkdir plain
cp -R "$tiny/." plain
rm plain/tokenizer.json
rc "$STSFIT" distill -m plain -o out
ls -d out* 2> /dev/null || echo "nothing was written"
