# What is not a run of stsfit's, by what is in it, is refused whatever is asked, and stays as it was.
. "$ROOT/tests/cli/common"
mkdir before foreign
cp -R "$tiny" foreign/model-of-others
mkdir -p foreign/project/model foreign/checkpoints foreign/lookalike foreign/pid
echo weights > foreign/project/model/mine.bin
echo '{"mine":1}' > foreign/project/report.json
cp -R "$tiny" foreign/checkpoints/checkpoint-500
cp -R "$tiny" foreign/checkpoints/checkpoint-1000
echo '{"schema":1,"command":"train","tool":"other"}' > foreign/lookalike/report.json
mkdir -p foreign/lookalike/model.unfinished foreign/lookalike/thesis.tmp-backup foreign/lookalike/.unfinished-1
echo mine > foreign/lookalike/model.unfinished/mine
echo mine > foreign/lookalike/thesis.tmp-backup/mine
echo mine > foreign/lookalike/.unfinished-1/mine
echo '{' > foreign/pid/log.jsonl
cp -R foreign/. before
for dir in model-of-others project checkpoints lookalike pid; do
    for mode in --resume --overwrite --epochs=1; do
        rc train_tiny -o foreign/$dir $mode
    done
done
diff -r foreign before && [ -z "$(find foreign -name .lock)" ] && echo "as it was"
# a checkpoint of a run, and its model
train_tiny -o run --max-steps 2
cp -R run run.was
rc train_tiny -o run/checkpoint-2 --resume
rc train_tiny -o run/model --overwrite
diff -r run run.was && echo "as it was"
# files that nobody would replace are no hindrance
mkdir beside
echo mine > beside/notes.txt
mkdir beside/checkpoint-best beside/x.tmp-backup
rc train_tiny -o beside --max-steps 1
cp -R "$tiny" beside/checkpoint-500
rc train_tiny -o beside --max-steps 2 --overwrite
ls beside
# under a name that the run would take, or in the model that it would replace
cp -R beside/checkpoint-500 beside/checkpoint-3
rc train_tiny -o beside --max-steps 4 --overwrite
rm -r beside/checkpoint-3
echo mine > beside/model/notes.txt
rc train_tiny -o beside --max-steps 4 --overwrite
rc train_tiny -o beside --max-steps 2 --resume
cat beside/model/notes.txt
# in a run: under the names that it gives what is not complete, and in checkpoints that it may replace
train_tiny -o taken --max-steps 2
mkdir taken/.unfinished-1 taken/model.unfinished taken/model.unfinished.old
for name in .unfinished-1 model.unfinished model.unfinished.old checkpoint-2; do
    echo mine > "taken/$name/mine"
done
echo mine > taken/.unfinished-2
rc train_tiny -o taken --max-steps 2 --overwrite
mv taken/checkpoint-2/mine taken/model.unfinished/checkpoint
for mode in --overwrite --resume; do
    rc train_tiny -o taken --max-steps 2 $mode
done
find taken -name '*unfinished*' | sort
cat taken/.unfinished-2 taken/.unfinished-1/mine taken/model.unfinished/* taken/model.unfinished.old/mine
# what a run that was killed has left is removed, and the model that it had taken the name gets it again
mkdir -p taken/.unfinished-3/1_Pooling
echo '{}' > taken/.unfinished-3/trainer.json
echo '{}' > taken/.unfinished-3/1_Pooling/config.json.tmp-3-1
mv taken/model taken/model.unfinished-1.old
weights=$(cksum < taken/model.unfinished-1.old/model.safetensors)
echo '{' > taken/log.jsonl.tmp-3
rc train_tiny -o taken --max-steps 2 --resume
[ "$(cksum < taken/model/model.safetensors)" = "$weights" ] && ls -A taken
mkdir -p new/model.unfinished
echo mine > new/model.unfinished/mine
rc train_tiny -o new --max-steps 1
cat new/model.unfinished/mine
