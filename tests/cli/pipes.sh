# In a pipe: a reader that leaves is no error and no noise; a full disk is one, and said.
. "$ROOT/tests/cli/common"
big() { set -- 1 2 3 4 5 6 7 8; for _ in "$@"; do cat "$DATA/sts-train.tsv"; done; }
big | cut -f 5,6,7 | "$STSFIT" eval -m "$tiny" --columns score=1,sentence1=2,sentence2=3 --score-range 0:5 - > /dev/null
gzip -c train.tsv | gzip -dc | "$STSFIT" train - --dev dev.tsv -m "$tiny" -o run -q --max-steps 1
for command in score encode tokenize; do
    { big | "$STSFIT" $command -m "$tiny" --progress none; echo "exit $?" > code; } | head -n 1 > /dev/null
    cat code
done
"$STSFIT" man | head -n 1
[ -c /dev/full ] || { cat << END; exit 0; }
score: 1
encode: 1
tokenize: 1
eval: 1
losses: 1
help: 1
check: 1
END
full() { name=$1; shift; code=0; "$@" > /dev/full 2> err || code=$?; echo "$name: $code"; grep -q 'cannot write' err || cat err; }
full score "$STSFIT" score -m "$tiny" train.tsv
full encode "$STSFIT" encode -m "$tiny" train.tsv
full tokenize "$STSFIT" tokenize -m "$tiny" train.tsv
full eval "$STSFIT" eval -m "$tiny" dev.tsv
full losses "$STSFIT" losses
full help "$STSFIT" help
full check "$STSFIT" check dev.tsv
