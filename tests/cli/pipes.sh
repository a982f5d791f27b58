# In a pipe: a reader that leaves is no error, and nothing is printed about it. (-q: how many texts were cut by then is a matter of time.)
. "$ROOT/tests/cli/common"
big() { set -- 1 2 3 4 5 6 7 8; for _ in "$@"; do cat "$DATA/sts-train.tsv"; done; }
big | cut -f 5,6,7 | "$STSFIT" eval -m "$tiny" --columns score=1,sentence1=2,sentence2=3 --score-range 0:5 - > /dev/null
gzip -c train.tsv | gzip -dc | "$STSFIT" train - --dev dev.tsv -m "$tiny" -o run -q --max-steps 1
for command in score encode tokenize; do
    { big | "$STSFIT" $command -q -m "$tiny"; echo "exit $?" > code; } | head -n 1 > /dev/null
    cat code
done
"$STSFIT" man | head -n 1
