# --recipe: the same as its options by hand; given options override it, wherever they stand.
. "$ROOT/tests/cli/common"
bag() { "$STSFIT" train train.tsv --dev dev.tsv -q "$@"; }
bag -o named --recipe bag
bag -o hand --width 1152 --batch-size 32 --lr 1e-3 --epochs 3 --dropout 0.1
[ "$(weights named)" = "$(weights hand)" ] && echo "bag: as by hand"
grep recipe named/config.json || echo "its name is not in config.json"
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" --recipe pretrained -o shown --max-steps 2 2>&1 | grep '^recipe'
grep -oE '"(lr|epochs|layer-decay|r-drop)":[^,]*' shown/config.json
bag -o before --lr 2e-3 --recipe bag
bag -o after --recipe bag --lr 2e-3
[ "$(weights before)" = "$(weights after)" ] && grep -oE '"(lr|batch-size)":[^,]*' after/config.json
# a configuration comes before it, as it was given too
echo '{"epochs": 1}' > own.json
bag -o file --recipe bag --config own.json
grep -oE '"(epochs|batch-size)":[^,]*' file/config.json
echo '{"recipe": "bag"}' > bad.json
rc bag -o bad --config bad.json 2>&1
rc bag -o bad --recipe soup 2>&1
rc bag -o bad --recipe pretrained 2>&1
bag -o good --recipe pretrained --layer-decay 1
# a search starts from it, and changes what it says
"$STSFIT" tune train.tsv --dev dev.tsv --recipe bag --trials 6 -o tuned -q
grep -oE '"lr":[^,}]*' tuned/tune.json | sed -n 1p
[ "$(grep -oE '"lr":[^,}]*' tuned/tune.json | sort -u | wc -l)" -gt 2 ] && echo "lr is searched"
ls -d bad 2> /dev/null || echo "nothing was written"
