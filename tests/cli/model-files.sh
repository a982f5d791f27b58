# What lies in a model directory and is no part of the model is not copied into the trained one; what
# leads out of it is not either; permissions are never widened.
. "$ROOT/tests/cli/common"
umask 022
fresh() { chmod -R u+w model 2> /dev/null || :; rm -rf model run; cp -R "$tiny" model; }
files() { (cd "$1" && find . ! -type d | sort | sed 's|^\./||' | tr '\n' ' '; echo); }
train() { "$STSFIT" train train.tsv --dev dev.tsv -q --batch-size 8 --max-steps 1 -o run "$@"; }
echo 'the secret' > secret_key

echo "-- beside the model"
fresh
mkdir model/eval
for name in train_pairs.csv events.out.tfevents.1 optimizer.pt scheduler.pt rng_state.pth trainer_state.json \
    training_args.bin eval/results.csv notes .env modeling_tiny.py 1_Pooling/pairs.csv 1_Pooling/README.md; do
    echo 'the secret' > "model/$name"
done
ln -s ../secret_key model/notes.txt
ln -s /proc/self/environ model/env.txt
ln -s .. model/parent
printf -- '---\nlicense: mit\nwidget:\n- text: the secret\n---\n# Tiny\n\nthe secret\n' > model/README.md
echo 'free' > model/LICENSE
train -m model --save-total-limit 9
files run/model
grep -rl 'the secret' run/model && echo "the secret is in the model"
grep -o '"[^"]*":[[:space:]]*{' run/checkpoint-1/checksums.json | tr -d '{:\n \t'
echo

echo "-- for people, leading out: left out with a warning"
fresh
ln -s ../secret_key model/LICENSE
"$STSFIT" train train.tsv --dev dev.tsv --batch-size 8 --max-steps 1 -m model -o run 2>&1 | grep LICENSE
ls run/model | grep LICENSE || echo "no LICENSE"

echo "-- needed, leading out: read, but not copied; the way that the message names works"
for name in tokenizer.json 1_Pooling/config.json; do
    fresh
    mkdir -p other/1_Pooling
    mv "model/$name" "other/$name"
    ln -s "$PWD/other/$name" "model/$name"
    "$STSFIT" encode -q -m model dev.tsv > vectors && echo "encoded"
    rc train -m model
    [ ! -e run ] || echo "a run was left"
    cp -RL model copy
    train -m copy && echo "trained"
    rm -rf copy
done
fresh
mv model/1_Pooling other/folder
ln -s ../other/folder model/1_Pooling
rc train -m model

echo "-- links within the directory are the model's own"
fresh
mkdir model/files
mv model/tokenizer.json model/files/real
ln -s files/real model/tokenizer.json
train -m model && cmp run/model/tokenizer.json "$tiny/tokenizer.json" && [ ! -L run/model/tokenizer.json ] && echo "copied"

echo "-- weights may be kept elsewhere, which is said"
fresh
mv model/model.safetensors other/big
ln -s ../other/big model/model.safetensors
"$STSFIT" train train.tsv --dev dev.tsv --batch-size 8 --max-steps 1 -m model -o run 2>&1 | grep 'leads out'
[ -f run/model/model.safetensors ] && echo "trained"

echo "-- pipes and directories under the names of files for people"
fresh
mkfifo model/LICENSE
mkdir model/NOTICE
train -m model && files run/model

echo "-- permissions"
modes() { (cd "$1" && find . -type f ! -name README.md | sort | xargs ls -l | sed 's/^\(..........\).* /\1 /'); }
fresh
find model -type f -exec chmod 600 {} +
chmod 640 model/tokenizer.json
train -m model && modes run/model
fresh
find model -type f -exec chmod 444 {} +
chmod 555 model
train -m model && echo "trained on a model that cannot be written to"
train -m model --overwrite && echo "and again"
