# What shows texts of private data is as private: cards with samples, predictions, pages with pairs.
# What shows none is as ever.
. "$ROOT/tests/cli/common"
umask 022
mode() { ls -l "$1" | cut -c 1-10; }
chmod 600 train.tsv
chmod 640 dev.tsv
train_tiny -o run --max-steps 2 --card-samples 2
train_tiny -o plain --max-steps 2
mode run/model/README.md
mode plain/model/README.md
mode run/model/model.safetensors
"$STSFIT" eval -m run --predictions p.tsv dev.tsv > /dev/null
mode p.tsv
"$STSFIT" eval -q -m run --predictions p.tsv dev.tsv train.tsv > /dev/null
mode p.tsv
"$STSFIT" report -q run --pairs -o pairs.html
mode pairs.html
"$STSFIT" report -q run -o page.html
mode page.html
cat dev.tsv | "$STSFIT" eval -q -m run --predictions p.tsv - > /dev/null # a pipe is nobody's
mode p.tsv
