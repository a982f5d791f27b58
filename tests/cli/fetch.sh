# stsfit fetch: a download with checksums, one that breaks off and continues, damaged files, names
# that do not exist; -m NAME finds what was fetched, and the Hugging Face cache
. "$ROOT/tests/cli/hub"
cp -R "$DATA/tiny-bert" hub/sentence-transformers/tiny
cp -R "$DATA/tiny-bert" hub/sentence-transformers/bad
touch hub/sentence-transformers/tiny/model.safetensors.cut hub/sentence-transformers/bad/model.safetensors.bad

echo "== cut off, then continued"
# curl retries by itself; either way one of the two calls ends with the whole file
"$STSFIT" fetch -q tiny 2> /dev/null || "$STSFIT" fetch -q tiny
grep -c 'model.safetensors from [1-9]' hub/log
cmp "$DATA/tiny-bert/model.safetensors" home/.local/share/stsfit/models/tiny/model.safetensors
"$STSFIT" fetch tiny 2>&1 | sed "s|$PWD|.|"

echo "== found by name"
echo "A dog runs." > text
"$STSFIT" encode -m "$DATA/tiny-bert" text > expected
"$STSFIT" encode -m tiny text | cmp - expected
"$STSFIT" encode -m sentence-transformers/tiny text 2>&1 | cmp - expected

echo "== into a directory of its own"
"$STSFIT" fetch -q -o here tiny
"$STSFIT" encode -m here text | cmp - expected
mkdir taken
echo mine > taken/mine
"$STSFIT" fetch -o taken tiny 2>&1 || echo "exit $?"
cat taken/mine

echo "== refused"
rc=0
"$STSFIT" fetch -q bad > out 2>&1 || rc=$?
echo "exit $rc"
sed "s|$STSFIT_HUB|HUB|" out
rc=0
"$STSFIT" fetch -q absent > out 2>&1 || rc=$?
echo "exit $rc"
sed "s|$STSFIT_HUB|HUB|" out
for name in ../etc a/b/c -x; do "$STSFIT" fetch -- "$name" 2>&1 || echo "exit $?"; done
ls home/.local/share/stsfit/models

echo "== the Hugging Face cache"
cache=home/.cache/huggingface/hub/models--BAAI--small
mkdir -p $cache/refs $cache/snapshots $cache/blobs
printf 0123abcd > $cache/refs/main
cp -R "$DATA/tiny-bert" $cache/snapshots/0123abcd
mv $cache/snapshots/0123abcd/model.safetensors $cache/blobs/77
ln -s ../../blobs/77 $cache/snapshots/0123abcd/model.safetensors
"$STSFIT" encode -m BAAI/small text | cmp - expected
HF_HUB_CACHE=elsewhere "$STSFIT" encode -m BAAI/small text 2>&1 || echo "exit $?"
