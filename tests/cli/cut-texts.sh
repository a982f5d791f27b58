# Every command that hands texts to a model says once how many of them it cuts, and to how much.
. "$ROOT/tests/cli/common"
awk 'BEGIN { print "sentence1\tsentence2\tscore"
    for (i = 0; i < 20; i++) {
        for (j = 0; j < 200; j++) printf "%s a man runs", j ? "" : i
        printf "\t"
        for (j = 0; j < 300; j++) printf " the river %s", i * i
        print "\t" i % 6 } }' > long.tsv
cut -f 1 long.tsv > long.txt
cuts() { "$@" 2>&1 > /dev/null | grep cut; }
"$STSFIT" check long.tsv -m "$tiny" | grep cut
cuts "$STSFIT" eval -m "$tiny" long.tsv
cuts "$STSFIT" eval -m "$tiny" long.tsv long.tsv
cuts "$STSFIT" compare "$tiny" bag long.tsv
cuts "$STSFIT" encode -m "$tiny" long.txt
cuts "$STSFIT" score -m "$tiny" long.tsv
"$STSFIT" train long.tsv --dev none -m "$tiny" -o run --max-steps 2 2>&1 | grep -o '[0-9]* of [0-9]* texts are cut to [0-9]* tokens'
cuts "$STSFIT" eval -m "$tiny" dev.tsv || echo "short ones: nothing to say"
