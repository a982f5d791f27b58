# --blend: the selected weights mixed with those of the start; auto takes the share that is best on dev.
. "$ROOT/tests/cli/common"
quick() { train_tiny --lr 3e-3 --max-steps 15 "$@"; }
quick -o all --keep last
quick -o half --keep last --blend 0.25
"$STSFIT" merge all "$tiny" -o merged --weights 1,3 -q
holds "$(distance half merged)" '<' 1e-6
holds "$(distance half all)" '>' 1e-3
quick -o whole --keep last --blend 1
[ "$(weights whole)" = "$(weights all)" ] && echo "1: the trained weights"
quick -o none --keep last --blend 0
holds "$(distance none "$tiny")" == 0
# auto: the best of the curve, as eval finds it
for more in '' '--average ema:0.9'; do
    # shellcheck disable=SC2086   # options are words
    quick -o auto --overwrite --keep last --blend auto $more
    "$VALIDATE" "$DATA/schema/report.schema.json" auto/report.json
    sed -n '/"blend"/,/\]/p' auto/report.json > curve
    grep -c '"share"' curve
    top=$(sed -n 's/.*"value":[[:space:]]*//p' curve | sort -g | tail -n 1)
    found=$("$STSFIT" eval -m auto dev.tsv --json | number spearman_cosine)
    holds "$found - $top" '<' 1e-9
    holds "$top - $found" '<' 1e-9
    grep -c 'Blend with the start' auto/report.html
    before=$(weights auto)
    "$STSFIT" train --resume -o auto -q
    [ "$(weights auto)" = "$before" ] && echo "resumed: the same"
done
# the built-in encoder starts from random weights
"$STSFIT" train train.tsv --dev dev.tsv -q -o bag --max-steps 3 --blend auto
"$STSFIT" train train.tsv --dev dev.tsv -q -o bag-1 --max-steps 3
"$STSFIT" train train.tsv --dev dev.tsv -q -o bag-2 --max-steps 3 --blend 1
[ "$(weights bag-1)" = "$(weights bag-2)" ] && echo "bag: the same"
for bad in half 1.5 -1; do rc quick -o never "--blend=$bad" 2>&1; done
rc quick -o never --blend auto --dev none 2>&1
ls
