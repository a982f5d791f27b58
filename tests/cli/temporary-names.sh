# A name that a temporary file would have is taken: what is there is neither followed nor removed.
. "$ROOT/tests/cli/common"
cut -f 6 dev.tsv > texts
mkdir out
echo mine > precious
# the process gets the shell's number
plant() {
    sh -c 'ln -s ../precious "$1.tmp-$$"; shift; exec "$@"' plant "$@"
}
plant out/v.tsv "$STSFIT" encode -m "$tiny" texts -o out/v.tsv
plant out/v.npy "$STSFIT" encode -m "$tiny" texts --format npy -o out/v.npy
plant out/p.tsv "$STSFIT" eval -q -m "$tiny" dev.tsv --predictions out/p.tsv > /dev/null
cat precious
ls out | sed 's/tmp-[0-9]*$/tmp-N/'
