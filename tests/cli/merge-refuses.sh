# What cannot be averaged is named, and nothing is written; a directory that is there stays.
. "$ROOT/tests/cli/common"
train_tiny -o a --max-steps 2
merge() { rc "$STSFIT" merge "$@" 2>&1 | plain; }
models=$ROOT/tests/golden/models
merge a -o out
merge a a
merge a a a -o out --method slerp
merge a a -o out --method greedy
merge a a -o out --method mean
merge a a -o out --weights 1
merge a a -o out --weights 1,x
merge a a -o out --weights 0,0
merge a a -o out --metric mse
merge a nowhere -o out
merge a "$models/bert" -o out
merge "$models/bert" "$models/mpnet" -o out
merge a bag -o out
changed() { rm -rf b; cp -R a/model b; sed "$2" "a/model/$1" > "b/$1"; merge a b -o out; }
changed tokenizer.json 's/"lowercase": *true/"lowercase": false/'
changed tokenizer.json 's/"dog":/"dogs?":/'
changed config.json 's/"gelu"/"relu"/'
changed 1_Pooling/config.json 's/mean_tokens": true/mean_tokens": false/; s/cls_token": false/cls_token": true/; s/"mean"/"cls"/'
changed sentence_bert_config.json 's/max_seq_length": [0-9]*/max_seq_length": 20/' # no difference
rm -rf out
changed config.json 's/_prob": 0.[0-9]*/_prob": 0.5/' # nor this one
rm -rf out
"$STSFIT" train train.tsv --dev dev.tsv -q -o bag-1 --max-steps 1
tail -n 30 train.tsv > other.tsv
"$STSFIT" train other.tsv --dev dev.tsv -q -o bag-2 --max-steps 1
merge bag-1 bag-2 -o out
# what is there
mkdir full empty
echo mine > full/notes
echo mine > file
ln -s full link
merge a a -o full
merge a a -o link
merge a a -o file
merge a a -o a
merge a a -o a/model
merge a a -o .
merge a a -o empty -q
cat full/notes file
ls
