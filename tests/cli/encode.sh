# Vectors as tsv, jsonl and npy: the same numbers, a line a text, in order.
. "$ROOT/tests/cli/common"
cut -f 6 dev.tsv > texts
"$STSFIT" encode -m "$tiny" texts > a.tsv
awk -F'\t' 'NF != 32 { print "line", NR, "has", NF }' a.tsv
wc -l < a.tsv | tr -d ' '
"$STSFIT" encode -m "$tiny" --format jsonl < texts > a.jsonl
sed 's/^\[//; s/\]$//' a.jsonl | tr , '\t' | cmp - a.tsv
"$STSFIT" encode -m "$tiny" --format npy -o a.npy texts
od -An -c -N 10 a.npy
dd if=a.npy bs=1 skip=10 count=118 2> /dev/null | sed 's/ *$//'
"$STSFIT" encode -m "$tiny" --format npy texts > b.npy
cmp a.npy b.npy
# what a file held before stays, when it is stdout
{ echo before; "$STSFIT" encode -m "$tiny" texts; echo behind; } > mixed
{ echo before; cat a.tsv; echo behind; } | cmp - mixed
{ echo before; "$STSFIT" encode -m "$tiny" --format npy texts; echo behind; } > mixed
{ echo before; cat a.npy; echo behind; } | cmp - mixed
dd if=a.npy bs=128 skip=1 2> /dev/null | od -An -v -t f4 -w128 | tr -s ' ' '\t' | sed 's/^	//' > numbers
paste a.tsv numbers | awk -F'\t' '{ for (i = 1; i <= 32; i++) { d = $i - $(i + 32); if (d < 0) d = -d; if (d > 1e-6) print "line", NR, "differs" } }'
if python3 -c 'import numpy' 2> /dev/null; then
    python3 -c 'import numpy; a = numpy.load("a.npy"); b = numpy.loadtxt("a.tsv", dtype="f4"); assert a.shape == (20, 32) and (a == b).all()'
fi
"$STSFIT" encode -m "$tiny" --normalize texts |
    awk -F'\t' '{ s = 0; for (i = 1; i <= NF; i++) s += $i * $i; if (s < 0.99999 || s > 1.00001) print "length", s }'
# a vector of zeros, of a text without tokens, has no direction: it stays
printf '\n' | "$STSFIT" encode -m "$ROOT/tests/golden/models/static" --normalize | cut -f 1-3
"$STSFIT" encode -m "$tiny" --format npy texts | cmp - a.npy
"$STSFIT" encode -m "$tiny" -o out.tsv texts
cmp out.tsv a.tsv
# a file is complete or absent: what was there stays when something fails
rc "$STSFIT" encode -m "$tiny" -o out.tsv no-such-texts 2> /dev/null
cmp out.tsv a.tsv
rc "$STSFIT" encode -m "$tiny" -o none.tsv no-such-texts 2> /dev/null
rc "$STSFIT" encode -m "$tiny" -o /dev/full texts 2> /dev/null
rc "$STSFIT" encode -m "$tiny" -o none/out.tsv texts 2> /dev/null
# and nothing of it when a signal ends it
mkfifo slow
"$STSFIT" encode -m "$tiny" -o none.tsv slow &
pid=$!
exec 3> slow
while [ -z "$(find . -name 'none.tsv.tmp*')" ] && kill -0 $pid; do sleep 0.01; done
kill -TERM $pid
rc wait $pid 2> /dev/null
exec 3>&-
find . -name '*none*' -o -name '*tmp*'
# a text's vector does not depend on the others
sed -n 7p texts | "$STSFIT" encode -m "$tiny" > one
"$STSFIT" encode -m "$tiny" --batch-size 1 texts | sed -n 7p | cmp - one
sed -n 7p a.tsv | paste - one | awk -F'\t' '{ for (i = 1; i <= 32; i++) { d = $i - $(i + 32); if (d < 0) d = -d; if (d > 1e-6) print "differs" } }'
printf '\n\nA dog.\n' | "$STSFIT" encode -m "$tiny" | wc -l | tr -d ' '
printf 'no newline at the end' | "$STSFIT" encode -m "$tiny" | wc -l | tr -d ' '
printf '' | "$STSFIT" encode -m "$tiny" | wc -l | tr -d ' '
