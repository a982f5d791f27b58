# encode --resume: what is whole of an output that a full disk or a kill cut short is continued, to the
# bytes of an uninterrupted run; another input, model or option, and a damaged or foreign file, are
# refused, and nothing is lost.
. "$ROOT/tests/cli/common"
for _ in 1 2 3 4 5 6 7 8 9 10; do cut -f 6,7 "$DATA/sts-dev.tsv" | tr '\t' '\n'; done > texts
head -200 texts > typical
gzip -c texts > texts.gz
encode() { "$STSFIT" encode -m "$tiny" "$@"; }
cut_short() { # KB OPTIONS...
    size=$1
    shift
    code=0
    (ulimit -f "$((2 * size))" && exec "$STSFIT" encode -m "$tiny" --resume "$@") || code=$?
    echo "exit $code"
}
for name in vectors.npy vectors.tsv vectors.jsonl; do
    encode texts -o $name && mv $name whole
    [ $name = vectors.npy ] && room=200 || room=900
    cut_short $room texts -o $name
    [ ! -e $name ] || echo "$name is there"
    encode texts -o $name --resume
    cmp $name whole
done
encode texts.gz -o bits.tsv --vectors int8 --calibration typical && mv bits.tsv whole
cut_short 150 texts.gz -o bits.tsv --vectors int8 --calibration typical
encode texts.gz -o bits.tsv --resume --vectors int8 --calibration typical
cmp bits.tsv whole
ls

echo "killed:"
for _ in 1 2 3 4 5; do cat texts; done > many
encode -q many -o whole.npy
"$STSFIT" encode -q -m "$tiny" many -o vectors.npy --resume &
pid=$!
until grep -q '"rows":[^0-9]*[1-9]' vectors.npy.part.json 2> /dev/null || ! kill -0 $pid 2> /dev/null; do sleep 0.05; done
kill -KILL $pid 2> /dev/null || true
wait $pid 2> /dev/null || true
encode -q many -o vectors.npy --resume
cmp vectors.npy whole.npy
rm -f -- *.tmp-*

echo "others:"
cut_short 200 texts -o vectors.npy --threads 2 2> /dev/null
sum vectors.npy.part* > before
for change in '--normalize' '--dims 8' '--format tsv' '--threads 3' '--vectors ubinary' '--batch-size 2' '--max-seq-length 9' '--prompt x'; do
    # shellcheck disable=SC2086
    rc encode texts -o vectors.npy --resume --threads 2 $change 2> err
    sed 's/ (.*//' err
done
rc encode many -o vectors.npy --resume --threads 2 2> err
sed 's/ (.*//' err
mkdir other && cp -R "$tiny/." other
sed 's/"mean"/"cls"/' "$tiny/1_Pooling/config.json" > other/1_Pooling/config.json
rc "$STSFIT" encode -m other texts -o vectors.npy --resume --threads 2 2> err
sed 's/ (.*//' err
sum vectors.npy.part* | cmp - before
long=$(printf '%0120d,\\x41%0120d' 1 2 | tr 0 '\001')
{ echo "$long,x,y" | tr , '\t'; paste texts texts texts texts; } > table.tsv
cut_short 200 table.tsv -o columns.npy --columns "$long,x" 2> /dev/null
for last in y x; do
    rc encode table.tsv -o columns.npy --resume --columns "$long,$last" 2> err
    sed -n 's/ (.*//; 1p' err
done
cp vectors.npy.part part
continue_it() { rc encode texts -o vectors.npy --resume --threads 2; }
printf x | dd of=vectors.npy.part bs=1 seek=5000 conv=notrunc 2> /dev/null
continue_it
head -c 100000 part > vectors.npy.part
continue_it
cp part vectors.npy.part
echo 'torn' >> vectors.npy.part
continue_it
encode texts -o want.npy --threads 2
cmp vectors.npy want.npy
echo mine > mine.npy.part
rc encode texts -o mine.npy --resume
cat mine.npy.part
rm mine.npy.part
echo '{"mine": 1}' > mine.npy.part.json
rc encode texts -o mine.npy --resume
cat mine.npy.part.json
ln -s whole.npy link.npy.part
cp vectors.npy.part.json link.npy.part.json 2> /dev/null || true
rc encode texts -o link.npy --resume 2> /dev/null
rm link.npy.part
mkfifo pipe
rc encode pipe -o vectors.npy --resume
rc encode - -o vectors.npy --resume < texts
rc encode texts --resume
rc encode texts -o /dev/null --resume
rc encode texts -o vectors.npy --resume --vectors int8

echo "two at once:"
"$STSFIT" encode -m "$tiny" many -o two.npy --resume &
pid=$!
until [ -s two.npy.part ] || ! kill -0 $pid; do sleep 0.01; done
kill -STOP $pid
rc encode many -o two.npy --resume 2> err
kill -CONT $pid
wait $pid
cmp two.npy whole.npy
