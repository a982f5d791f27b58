# STSbenchmark as published is read whole: from data/stsbenchmark (scripts/fetch-stsbenchmark.sh)
. "$ROOT/tests/cli/common"
D=$DATA/stsbenchmark
[ -d "$D" ] || D=$ROOT/../shared/data/stsbenchmark
[ -d "$D" ] || { echo "no data/stsbenchmark (scripts/fetch-stsbenchmark.sh)" > skipped; exit 0; }
for set in train dev; do echo "$set $("$STSFIT" check --json "$D/sts-$set.csv" | number rows_used)"; done
