# What is printed for people fits in 80 columns, for every command. May be longer: messages, which
# are one line each ("stsfit: ..."), a word that cannot be broken (a path or a file name), and what
# is to be copied (the command of a run, the next step). What is for programs has no width: JSON,
# Markdown, vectors, token ids, lines of data, completions and the source of the manual page.
. "$ROOT/tests/cli/common"
export STSFIT_HUB=http://127.0.0.1:9 HOME="$PWD"
clear=$(printf '\033\\[K') # a line is cleared before the bar is drawn
show() {
    call=$*
    "$@" > out 2> err || :
    cat out err | tr '\r' '\n' | sed "s/^$clear//; /^  command /d; /^next: /d" |
        awk -v what="${call#"$STSFIT" }" '/^stsfit: / { message = $0; next } { n++ }
            length > 80 && $0 !~ /^ *[^ ]*$/ { print what ": " length ": " $0 }
            END { if (!n) print what ": printed nothing but " message }'
}
head -n 3 train.tsv | cut -f 6,7 | sed 's/^/2	/; 1s/^/score	sentence1	sentence2\n/' > equal.tsv
awk -F '\t' 'NR == 1 { print "anchor\tpositive\tnegative" } { print $6 "\t" $7 "\t" $6 }' train.tsv > triplets.tsv
cut -f 6,7 train.tsv | sed '1s/^/sentence1	sentence2\n/' > pairs.tsv
cut -f 6 dev.tsv > texts
long=a-file-name-that-is-longer-than-its-column-in-tables.tsv
cp dev.tsv "$long"

train() { show "$STSFIT" train train.tsv --dev dev.tsv --overwrite --batch-size 8 -o run "$@"; }
scene_train() {
    train -m "$tiny" --max-steps 20 --test dev.tsv
    train -v --loss angle:scale=12.345678 --max-steps 2 --lr 0.000123456 --weight-decay 0.0123456
    train --progress bar --max-steps 9
    train --dry-run -m "$tiny" --max-seq-length 8
    train --dev equal.tsv --max-steps 2
    show "$STSFIT" train train.tsv "$long" --dev none --max-steps 2 -o none
    show "$STSFIT" train triplets.tsv --loss triplet --max-steps 2 -o triplets
    show "$STSFIT" train pairs.tsv --dev dev.tsv --loss mnrl --max-steps 2 -o pairs
    show "$STSFIT" train --resume -o pairs
}
scene_eval() {
    for data in dev.tsv "dev.tsv train.tsv" "equal.tsv dev.tsv" "$long" triplets.tsv; do
        show "$STSFIT" eval -m run $data
    done
}
scene_compare() {
    for data in dev.tsv "dev.tsv train.tsv" "equal.tsv dev.tsv" "$long"; do
        show "$STSFIT" compare "$tiny" bag --pairs $data
    done
}
scene_tune() {
    show "$STSFIT" tune train.tsv --dev dev.tsv --trials 5 --seeds 2 -o tuned
    show "$STSFIT" tune train.tsv --folds 2 --trials 2 --epochs 1 -o folded
    show "$STSFIT" info tuned
}
scene_merge() {
    for method in linear slerp greedy; do
        show "$STSFIT" merge pairs pairs -o merged-$method --method $method --dev dev.tsv
    done
}
scene_distill() { show "$STSFIT" distill -m "$tiny" -o distilled --dims 8; }
scene_shrink() { show "$STSFIT" shrink -m "$tiny" -o shrunk --layers 0; }
scene_export() { show "$STSFIT" export -m "$tiny" -o exported.gguf; }
scene_losses() {
    show "$STSFIT" losses
    for loss in $("$STSFIT" losses --json | sed -n 's/^\t*"name":\t*"\([a-z0-9]*-[a-z0-9-]*\)".*/\1/p') angle cosent; do
        show "$STSFIT" losses "$loss"
    done
}
scene_info() {
    show "$STSFIT" info run
    show "$STSFIT" info -v "$tiny"
}
scene_check() { show "$STSFIT" check train.tsv dev.tsv "$long" equal.tsv triplets.tsv pairs.tsv; }
scene_report() { show "$STSFIT" report run; }
scene_fetch() { show "$STSFIT" fetch --help; }
scene_score() { "$STSFIT" score -m run pairs.tsv 2>&1 > /dev/null | sed '/^stsfit: /d'; }
scene_encode() { "$STSFIT" encode -m run texts 2>&1 > /dev/null | sed '/^stsfit: /d'; }
scene_tokenize() { "$STSFIT" tokenize -m "$tiny" texts 2>&1 > /dev/null | sed '/^stsfit: /d'; }
scene_completion() { "$STSFIT" completion bash 2>&1 > /dev/null; }
scene_man() { "$STSFIT" man 2>&1 > /dev/null; }

show "$STSFIT" help
show "$STSFIT" --version
for c in $("$STSFIT" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    show "$STSFIT" help "$c"
    if command -v "scene_$c" > /dev/null; then "scene_$c"; else echo "$c: write a scene_$c"; fi
done

# The bar, without a terminal as wide as COLUMNS says. What fits is shown whole, and the bar itself
# stays; how far, how long and the loss matter more than the rest.
for columns in 120 80 40 20; do
    COLUMNS=$columns "$STSFIT" train "$DATA/sts-train.tsv" --dev none --overwrite --progress bar \
        --epochs 1 --batch-size 1 -o bar 2>&1 | tr '\r' '\n' |
        sed -n "s/^\($clear\)*\(\[[#-]\{5,\}\]  [0-9]*\/480\)/\2/p" > bars
    awk -v columns=$columns 'length >= columns { print columns ": " $0 }
        / left/ { left++ }
        / loss / { loss++ }
        END { print columns ": " (NR ? "a bar" : "no bar") (left ? ", time left" : "") (loss ? ", loss" : "") }' bars
done
