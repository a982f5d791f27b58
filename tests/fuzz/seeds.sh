#!/bin/sh
# seeds.sh DIR: the first inputs of every harness into DIR/HARNESS, made from data/ and
# tests/golden. Most harnesses take a first byte that chooses: "put BYTE FILE NAME" writes it.
set -eu
cd "$(dirname "$0")/../.."
to=$1
for h in tests/fuzz/fuzz_*.c; do
    h=${h#tests/fuzz/fuzz_}
    mkdir -p "$to/${h%.c}"
done
put() { { printf "\\$1"; cat "$2"; } > "$to/$3"; }
cut_to() { head -c "$1" "$2" > "$to/$3"; }

for byte in 000 002 010 022 100 112 202 303 320 342; do
    put $byte tests/fuzz/seeds/few-pairs.tsv "tsv/few-$byte"
    put $byte tests/fuzz/seeds/few-pairs.csv "csv/few-$byte"
    put $byte tests/fuzz/seeds/few-pairs.jsonl "jsonl/few-$byte"
done
put 002 tests/golden/pairs.tsv tsv/golden
put 002 tests/golden/triplets.tsv tsv/triplets
head -n 20 data/sts-train.tsv > "$to/head"
put 002 "$to/head" tsv/stsb
rm "$to/head"
gzip -nc tests/fuzz/seeds/few-pairs.tsv > "$to/gzip/one"
cat "$to/gzip/one" "$to/gzip/one" > "$to/gzip/two"
gzip -n1c tests/golden/pairs.tsv > "$to/gzip/fast"
{ printf '\002'; cat "$to/gzip/one"; } > "$to/tsv/gzip"

for m in base bf16 f16 dense-tanh old-dense-bin; do
    for f in tests/golden/variants/$m/*.safetensors tests/golden/variants/$m/*/*.safetensors; do
        [ ! -f "$f" ] || cut_to 65000 "$f" "safetensors/$m-$(basename "$(dirname "$f")")"
    done
    for f in tests/golden/variants/$m/*.bin tests/golden/variants/$m/*/*.bin; do
        [ ! -f "$f" ] || cp "$f" "$to/torch_zip/$m-$(basename "$(dirname "$f")")"
    done
done
cp tests/fuzz/seeds/*.safetensors "$to/safetensors/"
cp tests/fuzz/seeds/*.bin "$to/torch_zip/"
cp tests/fuzz/seeds/*.pkl "$to/pickle/"

for f in tests/golden/tokenizers/*.json; do
    [ "$(wc -c < "$f")" -gt 40000 ] || cp "$f" "$to/tokenizer/"
done
# Two parts that no golden tokenizer has.
sed 's/"type": *"Whitespace"/"type":"FixedLength","length":3/' \
    tests/golden/tokenizers/pre-whitespace.json > "$to/tokenizer/fixed-length"
sed 's/"normalizer": *null/"normalizer":{"type":"ByteLevel"}/' \
    tests/golden/tokenizers/pre-whitespace.json > "$to/tokenizer/byte-level-normalizer"
cp tests/golden/variants/base/*.json "$to/json/"
n=0
for f in config.json modules.json sentence_bert_config.json 1_Pooling/config.json \
    config_sentence_transformers.json tokenizer_config.json; do
    for m in tests/golden/variants/*/ tests/golden/models/*/; do
        [ ! -f "$m$f" ] || put "00$n" "$m$f" "model/$n-$(basename "$m")"
    done
    n=$((n + 1))
done

put 010 tests/fuzz/seeds/stsfit.json model/stsfit

v=tests/golden/variants
{ printf '\000'; cat $v/old-vocab-txt/vocab.txt; } > "$to/vocabulary/vocab-txt"
put 001 $v/old-vocab-txt/tokenizer_config.json vocabulary/config
put 002 $v/old-vocab-txt/special_tokens_map.json vocabulary/special
printf '\003{"[NEW]": 9}' > "$to/vocabulary/added"
put 004 $v/roberta-two-files/vocab.json vocabulary/vocab-json
put 005 $v/roberta-two-files/merges.txt vocabulary/merges
put 006 $v/roberta-two-files/tokenizer_config.json vocabulary/rules-config
cp $v/sharded/model.safetensors.index.json "$to/shards/"
for byte in 000 001 012 043 120 300; do
    put $byte tests/fuzz/seeds/few-pairs.tsv "texts/tsv-$byte"
    put $byte tests/fuzz/seeds/few-pairs.csv "texts/csv-$byte"
    put $byte tests/fuzz/seeds/few-pairs.jsonl "texts/jsonl-$byte"
done
put 000 tests/fuzz/seeds/part.json partial/lines
put 002 tests/fuzz/seeds/part.json partial/rows
put 004 tests/fuzz/seeds/part-head.json partial/head
for byte in 001 003 005; do
    { printf "\\$byte"; printf 'a row.\na row.\na row.\n'; } > "$to/partial/part-$byte"
done

i=0
while [ $i -lt 64 ]; do
    { printf "\\$(printf %03o $i)\\010"; sed -n "$((i % 40 + 1))p" tests/golden/corpus.jsonl; } \
        > "$to/tokenize/$i"
    i=$((i + 1))
done
printf '\000data.tsv\n--epochs\n3\n--lr=2e-5\n-o\nx\n--\n-y\n' > "$to/options/train"
printf '\001-m\nrun\n--json\n--score-range\n0:5\ndev.tsv\n' > "$to/options/eval"
printf '\000d.tsv\n\000{"epochs":2,"loss":"cosent","no-shuffle":true,"data":["a"]}' > "$to/options/config"
for f in tests/fuzz/seeds/checkpoint/*; do
    n=${f##*/}
    put "00${n%%-*}" "$f" "checkpoint/$n"
    put "10${n%%-*}" "$f" "checkpoint/over-$n"
done
for f in tests/fuzz/seeds/report/*; do
    n=${f##*/}
    put "00${n%%-*}" "$f" "report/$n"
done
for f in tests/fuzz/seeds/report/0-report.json tests/fuzz/seeds/checkpoint/5-config.json; do
    put 000 "$f" "info/${f##*/}"
done
put 001 tests/fuzz/seeds/checkpoint/5-config.json info/model-config
put 002 tests/fuzz/seeds/checkpoint/5-config.json info/run-config
sed 's/"rows": *[0-9]*/"rows": 1e308/' tests/fuzz/seeds/report/0-report.json > "$to/huge"
put 000 "$to/huge" info/huge
rm "$to/huge"
cp tests/fuzz/seeds/checkpoint/3-checksums.json tests/fuzz/seeds/manifest*.json "$to/manifest/"
cp tests/fuzz/seeds/checkpoint/4-predictions.tsv "$to/predictions/"
cp tests/fuzz/seeds/*.md "$to/card/"
