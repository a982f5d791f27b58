# The last line of train is a command that works when copied: the program as it was invoked.
. "$ROOT/tests/cli/common"
cp "$STSFIT" stsfit || exit
mkdir "a b" && ln -s ../stsfit "a b/st'sfit"
next() { sed -n 's/^next: //p' err; }
for program in ./stsfit "$PWD/stsfit" "a b/st'sfit"; do
    "$program" train train.tsv --dev dev.tsv -m "$tiny" -o 'my run' --overwrite --max-steps 1 2> err
    next | sed "s|$PWD|HERE|"
    next > command
    sh ./command | cut -f 1,2
    sh ./command | awk -F'\t' '{ print ($3 > 0 && $3 <= 1) ? "a cosine" : "odd: " $0 }'
done
mkdir bin && mv stsfit bin
PATH=$PWD/bin:$PATH
stsfit train train.tsv --dev dev.tsv -m "$tiny" -o run --max-steps 1 2> err
next
