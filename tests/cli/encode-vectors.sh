# Vectors of a byte or a bit per number: the same in tsv, jsonl and npy, with ranges of other texts or
# of their own; and what has no ranges is refused.
. "$ROOT/tests/cli/common"
cut -f 6,7 "$DATA/sts-dev.tsv" | tr '\t' '\n' > texts
head -150 texts > other
encode() { "$STSFIT" encode -m "$tiny" "$@"; }
for type in int8 ubinary; do
    encode texts --vectors $type > $type.tsv
    encode texts --vectors $type --format jsonl | sed 's/^\[//; s/\]$//' | tr , '\t' | cmp - $type.tsv
    encode texts --vectors $type -o $type.npy
    encode texts --vectors $type --format npy | cat | cmp - $type.npy
    dd if=$type.npy bs=1 skip=10 count=118 2> /dev/null | sed 's/ *$//'
    [ $type = int8 ] && as='-t d1 -w32' || as='-t u1 -w4'
    # shellcheck disable=SC2086
    dd if=$type.npy bs=128 skip=1 2> /dev/null | od -An -v $as | sed 's/^ *//' | tr -s ' ' '\t' | cmp - $type.tsv
done
# the lowest and highest of each number; a bit says whether it is above 0
tr '\t' '\n' < int8.tsv | sort -n | sed -n '1p;$p'
encode texts | awk -F '\t' '{ for (b = 0; b < 4; b++) { s = 0
    for (i = 1; i <= 8; i++) s = 2 * s + ($(8 * b + i) > 0); printf "%d%s", s, b < 3 ? "\t" : "\n" } }' | cmp - ubinary.tsv
encode other --vectors int8 > own
encode other --vectors int8 --calibration other | cmp - own
encode texts --vectors int8 --calibration texts | cmp - int8.tsv
encode texts --vectors int8 --calibration other | cmp -s - int8.tsv && echo "the ranges are the same"
encode texts > plain
encode texts --vectors float | cmp - plain
encode texts --dims 12 --normalize --vectors ubinary | awk -F '\t' 'NF != 2 { print NF }'
head -1 texts > one
rc encode one --vectors int8
rc encode one --vectors int8 --calibration texts | awk -F '\t' '{ print NF }'
head -5 texts > few
encode few --vectors int8 > few.tsv
encode -q few --vectors int8 -o few.npy
rc encode texts --vectors int8 --calibration one
rc encode texts --vectors int8 --calibration none
rc encode texts --calibration other
rc encode texts --vectors ubinary --calibration other
rc encode texts --vectors int4
rc encode --vectors int8 --calibration - < texts
rc encode texts --vectors int8 --calibration other -o other
wc -l < other | tr -d ' '
