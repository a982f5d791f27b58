# A model of the built-in encoder has beside it what sentence-transformers opens: a table of word
# vectors. Here the encoder itself is read; training it again or resuming keeps the words.
. "$ROOT/tests/cli/common"
"$STSFIT" train "$DATA/sts-train.tsv" --dev "$DATA/sts-dev.tsv" -q -o run --save-steps 100 --save-total-limit 9
"$STSFIT" info run | sed -n '/^in sentence/,/^$/p'
mkdir table
cp -R run/model/*.json run/model/0_StaticEmbedding table
rm table/config.json
"$STSFIT" info table | sed -n '/^modules/,/^$/p'
cut -f 6,7 "$DATA/sts-dev.tsv" > pairs
"$STSFIT" score -m run pairs | cut -f 3 > exact
"$STSFIT" score -m table pairs | cut -f 3 > near
holds "$(paste exact near | awk '{ d = $1 - $2; s += d * d } END { print sqrt(s / NR) }')" '<' 0.08
exact=$("$STSFIT" eval -m run --json "$DATA/sts-dev.tsv" | number spearman_cosine)
near=$("$STSFIT" eval -m table --json "$DATA/sts-dev.tsv" | number spearman_cosine)
holds "$near" '>' "$exact - 0.03"
grep -o '0_StaticEmbedding/[a-z.]*' run/checkpoint-100/checksums.json

# A whole run, against one that continues from step 100.
cp -R run resumed
rm -r resumed/checkpoint-120 resumed/model
"$STSFIT" train --resume -o resumed -q
diff -r -x README.md run/model resumed/model && echo "resumed: the same"

# Other pairs: the words stay, their vectors do not.
"$STSFIT" train train.tsv --dev dev.tsv -q -m run -o again --max-steps 5
diff -rq run/model again/model | sed 's|.* \(again[^ ]*\) .*|\1|' | sort
sed 's/"\[UNK\]": 0/"[UNK]": 7/' run/model/0_StaticEmbedding/tokenizer.json > json
mv json run/model/0_StaticEmbedding/tokenizer.json
rc "$STSFIT" eval -m run dev.tsv
rm -r run/model/modules.json run/model/0_StaticEmbedding
"$STSFIT" eval -m run dev.tsv > /dev/null
