# Token ids with the special ones, cut to the model's length; an empty line is a line.
. "$ROOT/tests/cli/common"
printf 'A dog runs.\n\nDOG runs\tfast \303\211t\303\251\nA [MASK] runs\n' > texts
"$STSFIT" tokenize -m "$tiny" texts
"$STSFIT" tokenize -m "$tiny" --max-seq-length 4 < texts
yes dog | sed 200q | tr '\n' ' ' | "$STSFIT" tokenize -m "$tiny" | wc -w | tr -d ' '
printf 'a\377b\n' | rc "$STSFIT" tokenize -m "$tiny"
rc "$STSFIT" tokenize -m "$tiny" --max-seq-length 1000 texts
