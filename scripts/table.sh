#!/bin/sh
# table.sh [[NAME=]MODEL...]: what training on STSbenchmark gains, for each model (default: bag, the
# built-in encoder): untouched, with the losses cosine-similarity and cosent, and with the model's
# recipe; Spearman x 100 on STSbenchmark's dev set and on SICK's trial set, and minutes of training
# with all evaluations, as a Markdown table on stdout. Each run that has ended is a file in OUT
# (default build/table), so that the same command continues where it was stopped.
# SEEDS ("1 2 3"), THREADS (all), EPOCHS (the defaults; of the two losses), STSFIT (./stsfit),
# STSB (data/stsbenchmark), SICK (data/sick/SICK_trial.txt; left out where it is absent).
set -eu
cd "$(dirname "$0")/.."
STSFIT=${STSFIT:-./stsfit} STSB=${STSB:-data/stsbenchmark} SICK=${SICK:-data/sick/SICK_trial.txt}
OUT=${OUT:-build/table} SEEDS=${SEEDS:-1 2 3}
[ $# -gt 0 ] || set -- bag
[ -f "$STSB/sts-train.csv" ] || {
    echo "table.sh: $STSB/sts-train.csv: not found: sh scripts/fetch-stsbenchmark.sh, or STSB=DIR" >&2
    exit 1
}
mkdir -p "$OUT"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

run() { # METHOD SEED OPTIONS...: the report of $model becomes OUT/$name.METHOD.SEED.json
    report=$OUT/$name.$1.$2.json seed=$2
    [ ! -f "$report" ] || return 0
    echo "$name $1, seed $seed" >&2
    shift 2
    set -- "$@" --seed "$seed" ${THREADS:+--threads "$THREADS"}
    [ ! -f "$SICK" ] || set -- "$@" --guard "$SICK"
    "$STSFIT" train "$STSB/sts-train.csv" --dev "$STSB/sts-dev.csv" -m "$model" -o "$work/run" \
        --overwrite -q --progress none "$@"
    cp "$work/run/report.json" "$report.part"
    mv "$report.part" "$report"
}

for given; do
    model=${given#*=} name=${given%%=*}
    name=$(basename "$name")
    recipe=pretrained
    [ "$model" != bag ] || recipe=bag
    for seed in $SEEDS; do
        run cosine-similarity "$seed" --loss cosine-similarity ${EPOCHS:+--epochs "$EPOCHS"}
        run cosent "$seed" --loss cosent ${EPOCHS:+--epochs "$EPOCHS"}
        run "recipe-$recipe" "$seed" --recipe "$recipe"
    done
done

python3 - "$OUT" "$@" <<'END'
import glob, json, os, statistics, sys

def figures(reports, when, part):
    found = [r["evaluations"].get(when, {}).get(part, {}).get("spearman_cosine") for r in reports]
    found = [100 * x for x in found if x is not None]
    if not found:
        return ""
    spread = " ± %.2f" % statistics.stdev(found) if len(set(found)) > 1 else ""
    return "%.2f%s" % (statistics.mean(found), spread)

def row(model, method, reports, when):
    minutes = [r["timings"]["total_seconds"] / 60 for r in reports] if when == "after" else []
    time = "%.1f" % statistics.mean(minutes) if minutes else ""
    cells = [model, method, len(reports), figures(reports, when, "dev"),
             figures(reports, when, "guard"), time]
    print("|", " | ".join(map(str, cells)), "|")

print("| model | training | seeds | dev | SICK trial | minutes |\n|---|---|---|---|---|---|")
out, models = sys.argv[1], sys.argv[2:]
for model in dict.fromkeys(os.path.basename(m.split("=")[0].rstrip("/")) for m in models):
    methods = {}
    for path in sorted(glob.glob(os.path.join(glob.escape(out), glob.escape(model) + ".*.*.json"))):
        method, *rest = os.path.basename(path)[len(model) + 1:].split(".")
        if len(rest) == 2:
            methods.setdefault(method, []).append(json.load(open(path)))
    first = next(iter(methods.values()), [])
    row(model, "untouched", first, "before")
    for method, reports in methods.items():
        row(model, method, reports, "after")
END
