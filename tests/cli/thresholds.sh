# Thresholds and calibration: chosen on dev, stored with the model, and applied.
. "$ROOT/tests/cli/common"
cp "$DATA/sts-dev.tsv" all.tsv
go() { "$STSFIT" train train.tsv -m "$tiny" -q --max-steps 3 --overwrite "$@"; }
rc go -o run --dev all.tsv --positive 3
ls run/model | grep stsfit.json
t=$(sed -n '/"after":/,$p' run/report.json | number cosine_f1_threshold)
holds "($t - $(number f1 < run/model/stsfit.json)) ^ 2" '<' 1e-16

echo "-- score"
printf 'A dog runs.\tA dog runs.\n\nA dog runs.\tThe shares fell by 3%%.\n' > pairs.tsv
fields() { awk -F'\t' '{ print NF, $NF }'; }
"$STSFIT" score -m run --threshold f1 pairs.tsv | fields
"$STSFIT" score -m run --threshold 1.1 pairs.tsv | fields
"$STSFIT" score -m run --calibrate --threshold accuracy pairs.tsv | awk -F'\t' '{ print NF }'
"$STSFIT" score -m run --calibrate pairs.tsv | awk -F'\t' 'NF { exit !($4 >= 0 && $4 <= 5) }'
{ echo 'sentence1	sentence2'; cat pairs.tsv; } | "$STSFIT" score -m run --calibrate --threshold f1 - | head -1
echo '{"sentence1": "A dog runs.", "sentence2": "A dog runs."}' > one.jsonl
"$STSFIT" score -m run --calibrate --threshold f1 one.jsonl | sed 's/:[0-9][0-9.]*/:N/g'
rc "$STSFIT" score -m run --threshold high pairs.tsv

echo "-- eval"
"$STSFIT" eval -m run all.tsv --positive 3 --threshold f1 --json > eval.json
"$VALIDATE" "$ROOT/data/schema/eval.schema.json" eval.json
f1=$(sed -n '/"fixed_threshold"/,/}/p' eval.json | number f1)
holds "($f1 - $(number cosine_f1 < eval.json)) ^ 2" '<' 1e-12
before=$(number mean_absolute_error_before < eval.json) after=$(number mean_absolute_error_after < eval.json)
holds "$after" '<' "$before"
rc "$STSFIT" eval -m run all.tsv --threshold f1
"$STSFIT" eval -m run all.tsv --positive 3 --threshold 0.5 | sed -n 's/[0-9]*\.[0-9]*/N/gp' | tail -2

echo "-- a model that has none, and one whose weights are others"
cp -r "$tiny" other
rc "$STSFIT" score -m other --threshold f1 pairs.tsv
rc "$STSFIT" score -m other --calibrate pairs.tsv
rc go -m run -o again --dev none
[ ! -e again/model/stsfit.json ] && echo "none in again/model"
rc go -o run --dev all.tsv
rc "$STSFIT" score -m run --threshold f1 pairs.tsv

echo "-- what a stranger wrote in stsfit.json"
while read -r lie; do
    echo "$lie" > run/model/stsfit.json
    rc "$STSFIT" score -m run --calibrate pairs.tsv
done << 'end'
[]
{"calibration": {"cosine": [0.5, 0.1], "score": [0, 1]}}
{"calibration": {"cosine": [0, 1], "score": [0, 2]}}
{"calibration": {"cosine": [0, 1e300], "score": [0, 1]}}
{"calibration": {"cosine": [0, "1"], "score": [0, 1]}}
{"calibration": {"cosine": [0, 1], "score": [0]}}
{"calibration": {"cosine": [], "score": []}}
{"calibration": {"min": 5, "max": 0, "cosine": [0], "score": [0]}}
{"calibration": {"min": 1, "max": 1, "cosine": [0], "score": [0]}}
{"calibration": {"min": -1e308, "max": 1e308, "cosine": [0], "score": [0]}}
{"calibration": {"min": 0, "max": NaN, "cosine": [0], "score": [0]}}
{"calibration": [0, 1]}
{"thresholds": {"f1": 1e300, "accuracy": 0}}
end
rc "$STSFIT" eval -m run all.tsv
# A scale may be as long as scores are.
echo '{"calibration": {"max": 1e300, "cosine": [0, 1], "score": [1, 1]}}' > run/model/stsfit.json
"$STSFIT" score -m run --calibrate --quiet one.jsonl | sed 's/.*"calibrated"://' | wc -c
