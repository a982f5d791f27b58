# Every command in directories and on files whose names are made to be misread: nothing reaches the
# terminal or a document but printable text, and commands to copy work as they stand.
. "$ROOT/tests/cli/common"
command -v python3 > /dev/null || { echo "no python3 to parse JSON with" > skipped; exit 0; }
export LC_ALL=C
esc=$(printf '\033[31m') newline='
'
bad="$esc|<script>x\$(touch owned)\`touch owned\`'\"\\&;é$newline$(printf '\377')"
run="run $bad" model="-m $bad" dir="dir $bad"
data="-d $bad.tsv"
mkdir "./$dir"
cp train.tsv "./$data"
cp -R "$tiny" "./$model"

# What no output has: control bytes but for line ends and tabs, bytes that are not UTF-8, markup.
clean() {
    tr -d '\n\t' < "$1" | LC_ALL=C grep -q '[[:cntrl:]]' && echo "$2: control bytes"
    iconv -f UTF-8 -t UTF-8 < "$1" > /dev/null 2>&1 || echo "$2: not UTF-8"
    case $2 in *html* | *markdown* | *README*)
        grep -q '[^\\]<script' "$1" && echo "$2: a script" ;;
    esac
    case $2 in *markdown* | *README*) # a row has as many bars as its header, and is one line
        awk '{ gsub(/\\[|\\]/, "") } /^\|/ { n = gsub(/\|/, ""); if (m && n != m) bad = 1; m = n; next } { m = 0 }
             END { exit bad }' "$1" || echo "$2: a broken table" ;;
    esac
    return 0
}
json() { python3 -c 'import json, sys; json.load(sys.stdin)' < "$1" || echo "$2: not JSON"; }
tried=0
try() {
    label="$1"
    shift
    code=0
    "$STSFIT" "$@" > out 2> err || code=$?
    echo "$label: exit $code"
    clean out "$label"
    clean err "$label (stderr)"
    case $label in *json*) json out "$label" ;; esac
    tried=$((tried + 1))
}

try train train --progress plain --batch-size 8 --max-steps 2 -m "$model" -o "$run" --dev "./$data" --card-samples 3 -- "$data"
sed -n 's/^next: //p' err > next
try "train json" train --json -q --max-steps 1 -m "$model" -o "./$dir/$run" -- "$data"
try "train again" train --max-steps 2 -m "$model" -o "$run" -- "$data"
try "train resume" train --resume --progress plain --batch-size 8 --max-steps 2 -m "$model" -o "$run" --dev "./$data" --card-samples 3 -- "$data"
try eval eval -m "$run" -- "$data"
try "eval two" eval -m "$run" "./$data" "./$data"
try "eval markdown" eval --markdown -m "$run" "./$data"
try "eval json" eval --json -m "$run" "./$data"
try "eval predictions" eval -m "$run" --predictions "p $bad" "./$data"
try "eval fail-under" eval -m "$run" --fail-under spearman_cosine=0.999 "./$data"
try compare compare "$run" "./$model" "./$data"
try "compare markdown" compare --markdown --pairs "$run" "./$model" "./$data"
try "compare json" compare --json "$run" "./$model" "./$data"
try check check "./$data" "./$data"
try "check json" check --json -m "./$model" "./$data"
try info info "$run"
try "info json" info --json "./$model"
try score score -m "$run" "./$data"
try encode encode -m "$run" -o "v $bad" "./$data"
try tokenize tokenize -m "./$model" "./$data"
try report report "$run"
cp "$run/report.html" out
clean out "report html"
try "report two html" report -o - "$run" "./$dir/$run"
awk 'body > 1; /^---$/ { body++ }' "$run/model/README.md" > out # the YAML before it escapes otherwise
[ -s out ] && clean out README
for file in report.json config.json checkpoint-2/trainer.json checkpoint-2/checksums.json; do json "$run/$file" "$file"; done
# models made of models, searches, and what a run reads besides
made="made $bad"
printf 'alpha\nbeta\n' > "w $bad"
try merge merge "./$model" "$run" -o "$made"
try "merge json" merge --json --method greedy --dev "./$data" "./$model" "$run" -o "2 $made"
try shrink shrink -m "./$model" --layers 0 --dev "./$data" -o "3 $made"
try distill distill -m "./$model" --vocabulary "w $bad" -o "4 $made"
try export export -m "./$model" -o "$made.gguf"
for one in "" 2 3 4; do
    from="${one:+$one }$made/README.md"
    awk 'body > 1; /^---$/ { body++ }' "$from" > out
    [ -s out ] && clean out "README of $one"
done
try "encode resume" encode --resume -m "$run" -o "r $bad" "./$data"
try "encode resume again" encode --resume -m "$run" -o "r $bad" "./$data"
try "eval vectors" eval -m "$run" --vectors int8 --calibration "./$data" "./$data"
try "train guard" train -q --max-steps 1 -m "$model" -o "g $bad" --guard "./$data" --dev "./$data" --test "./$data" -- "$data"
cp "g $bad/report.html" out
clean out "guard html"
try "train teacher" train -q --max-steps 1 -m "$model" --loss embed-distill --teacher "./$model" -o "h $bad" -- "$data"
try tune tune --trials 2 --max-steps 1 --epochs 1 -m "$model" -o "t $bad" --dev "./$data" -- "$data"
try "tune resume" tune --resume --trials 3 --max-steps 1 --epochs 1 -m "$model" -o "t $bad" --dev "./$data" -- "$data"
try "report of a search" report "t $bad" -o -
json "t $bad/tune.json" tune.json
# what is not there, or is no such thing
for command in eval compare check info score encode tokenize report train tune merge shrink distill export fetch; do
    try "$command of nothing" $command -- "nothing $bad" "nothing $bad" "nothing $bad"
    try "$command of a directory" $command -- "./$dir" "./$dir" "./$dir"
done
for command in eval check info score encode tokenize; do try "$command -m nothing" $command -m "nothing $bad" "./$data"; done
try "the output is a file" train -m "$model" -o "$data" -- "$data"
try "a configuration" train --config "c $bad" -- "$data"
try "a loss" train --loss "$bad" -- "$data"
try "losses" losses "$bad"
try "an option" eval "--$bad"
try "a command" "$bad"
try "a metric" eval -m "$run" --fail-under "$bad=1" "./$data"
try "columns" eval -m "$run" --columns "score=$bad" "./$data"
try "completion" completion "$bad"

# commands to copy
bash ./next > out 2> err || cat err
echo "next: $(wc -l < out | tr -d ' ') lines"
"$STSFIT" info "$run" | sed -n 's/^  command *//p' | sed 's|^stsfit|"$STSFIT"|; s/$/ --overwrite/' > command
grep -q 'overwrite' command && echo "a command line"
[ ! -e owned ] && echo "nothing was run"
