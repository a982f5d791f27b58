# Pipes, devices and /dev/stdout are written to as they are: no file is put in their place.
. "$ROOT/tests/cli/common"
mkfifo pipe
read_pipe() { cat pipe > got & }
"$STSFIT" eval -q -m "$tiny" dev.tsv --predictions predictions > table
read_pipe
"$STSFIT" eval -q -m "$tiny" dev.tsv --predictions pipe > again
wait
cmp got predictions && cmp again table
"$STSFIT" eval -q -m "$tiny" dev.tsv --predictions /dev/stdout | cat > both
cat predictions table | cmp - both
cut -f 2 dev.tsv > texts
"$STSFIT" encode -m "$tiny" texts > vectors
read_pipe
"$STSFIT" encode -m "$tiny" texts -o pipe
wait
cmp got vectors
"$STSFIT" encode -m "$tiny" texts -o /dev/stdout | cmp - vectors
train_tiny -o run --max-steps 2
"$STSFIT" report -q run -o page.html
read_pipe
"$STSFIT" report -q run -o pipe
wait
cmp got page.html
rc "$STSFIT" report -q run -o pipe # which nobody reads
[ -p pipe ] && ls
if [ -c /dev/full ]; then
    rc "$STSFIT" report -q run -o /dev/full
    [ -c /dev/full ] || echo "/dev/full is no device any more"
else
    echo "there is no /dev/full" > skipped
fi
