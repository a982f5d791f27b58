# Standard output on a full disk is an error with a message, in every command.
. "$ROOT/tests/cli/common"
[ -c /dev/full ] || { echo "no /dev/full here" > skipped; exit 0; }
full() { name=$1; shift; code=0; "$@" > /dev/full 2> err || code=$?; echo "$name: $code"; grep -q 'cannot write' err || cat err; }
full score "$STSFIT" score -m "$tiny" train.tsv
full encode "$STSFIT" encode -m "$tiny" train.tsv
full tokenize "$STSFIT" tokenize -m "$tiny" train.tsv
full eval "$STSFIT" eval -m "$tiny" dev.tsv
full losses "$STSFIT" losses
full help "$STSFIT" help
full check "$STSFIT" check dev.tsv
