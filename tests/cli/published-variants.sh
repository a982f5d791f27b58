# SICK and variants of STSbenchmark as they circulate: read whole, refused where mangled
. "$ROOT/tests/cli/common"
D=${STSFIT_VARIANTS:-$ROOT/../shared/data}
[ -d "$D/variants" ] || { echo "no directory with variants (STSFIT_VARIANTS)" > skipped; exit 0; }
rows() { "$STSFIT" check --json "$1" | number rows_used; }
echo "SICK train $(rows "$D/sick/SICK_train.txt")"
echo "SICK trial $(rows "$D/sick/SICK_trial.txt")"
echo "CRLF $(rows "$D/variants/sts-train-crlf.csv")"
"$STSFIT" check "$D/variants/sts-train-semicolons.csv" > /dev/null 2>&1 || echo "refused"
echo "de $(rows "$D/variants/stsb-de-dev-quoted.csv")"
echo "ja $(rows "$D/variants/stsb-ja-dev-quoted.csv")"
