# A model as Hugging Face's cache holds it: snapshots of links to blobs, and a directory of one's own
# that an older download filled with links to these.
. "$ROOT/tests/cli/common"
umask 022
cache=hub/models--org--tiny
snapshot=$cache/snapshots/0123456789012345678901234567890123456789
mkdir -p $cache/blobs $cache/refs $snapshot/1_Pooling own/1_Pooling
(cd "$tiny" && find . -type f | sed 's|^\./||') > names
while read -r name; do
    hash=$(sum "$tiny/$name")
    cp "$tiny/$name" "$cache/blobs/$hash"
    case $name in */*) up=../../../ ;; *) up=../../ ;; esac
    ln -s "${up}blobs/$hash" "$snapshot/$name"
    ln -s "$PWD/$cache/blobs/$hash" "own/$name"
done < names
chmod -R a-w hub
"$STSFIT" encode -q -m "$tiny" dev.tsv > expected
for model in $snapshot own; do
    "$STSFIT" encode -q -m $model dev.tsv | cmp - expected && echo "encoded"
    "$STSFIT" info -v $model | grep -c crc32
    rm -rf run
    "$STSFIT" train train.tsv --dev dev.tsv --batch-size 8 --max-steps 1 -m $model -o run 2>&1 | grep warning || :
    while read -r name; do
        [ -f "run/model/$name" ] && [ ! -L "run/model/$name" ] || echo "not copied: $name"
    done < names
    grep base_model run/model/README.md || echo 'no name known'
    "$STSFIT" eval -q -m run dev.tsv | wc -l | tr -d ' '
done
# a link to anything else beside the blobs is as foreign as elsewhere
chmod -R u+w hub
cp "$tiny/tokenizer.json" hub/token
rm $snapshot/tokenizer.json
ln -s ../../../token $snapshot/tokenizer.json
rm -rf run
rc "$STSFIT" train train.tsv --dev dev.tsv -q --max-steps 1 -m $snapshot -o run
