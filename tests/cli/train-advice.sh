# What teaches less than one would expect is said, with its effect; what is well is not.
. "$ROOT/tests/cli/common"
scored() { # SCORE...: twelve pairs with these scores in turn
    awk -v scores="$*" 'BEGIN { n = split(scores, s, " "); print "sentence1\tsentence2\tscore"
        for (i = 0; i < 12; i++) print "the dog " i " runs\ta cat " i " sleeps\t" s[i % n + 1] }'
}
warnings() { # FILE ...: those of a short run
    echo "$*"
    file=$1
    shift
    "$STSFIT" train "$file" --dev dev.tsv -m "$tiny" -o run --overwrite --progress none --batch-size 4 \
        --epochs 1 --no-shuffle "$@" 2>&1 | grep -e 'warning:' -e 'more times:' || :
}
scored 0 1 > two.tsv
scored 1 > ones.tsv
scored 0 > zeros.tsv
scored 0.4 > equal.tsv
scored 0 0 0 0 1 1 1 1 > sorted.tsv
scored 0 0.3 1 > graded.tsv
echo "-- warm-up"
warnings two.tsv --score-range 0:1 --warmup 2
warnings two.tsv --score-range 0:1 --warmup 3
warnings two.tsv --score-range 0:1 --warmup 400
warnings two.tsv --score-range 0:1 --warmup 400 --scheduler constant
echo "-- one class, equal scores"
for loss in cosine-similarity contrastive cosent triplet; do
    warnings ones.tsv --score-range 0:1 --loss $loss
done
warnings zeros.tsv --score-range 0:1
warnings equal.tsv --score-range 0:1
warnings equal.tsv --score-range 0:1 --loss angle
warnings ones.tsv --score-range 0:1 --loss mnrl
echo "-- equal scores within batches"
warnings sorted.tsv --score-range 0:1 --loss cosent
warnings sorted.tsv --score-range 0:1 --loss angle
warnings sorted.tsv --score-range 0:1
echo "-- accumulated batches"
for loss in mnrl cosent angle online-contrastive; do
    warnings two.tsv --score-range 0:1 --loss $loss --accumulate 2 --warmup 0
done
warnings two.tsv --score-range 0:1 --accumulate 2 --warmup 0
echo "-- classes and grades"
for loss in contrastive-cosine contrastive online-contrastive cosine-similarity; do
    warnings graded.tsv --score-range 0:1 --loss $loss
done
warnings two.tsv --score-range 0:1 --loss contrastive
