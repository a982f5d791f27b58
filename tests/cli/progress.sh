# The bar only where it is wanted: a terminal, or --progress bar; colour as the environment says.
. "$ROOT/tests/cli/common"
count() { tr '\r' '\n' | grep -c -e "$1" || true; }
bar() { "$STSFIT" train train.tsv --dev dev.tsv -m bag -o run --overwrite --batch-size 8 --max-steps 3 "$@" 2>&1; }
echo "on a pipe: $(bar | count loading)"
[ "$(bar --progress bar | count loading)" -gt 0 ] && echo "forced: drawn"
[ "$(bar --progress bar | tr -cd '\r' | wc -c)" -gt 0 ]
echo "TERM=dumb: $(TERM=dumb bar | count loading)"
esc=$(printf '\033')
echo "colour on a pipe: $(bar | count "${esc}\[1m")"
[ "$(CLICOLOR_FORCE=1 bar | count "${esc}\[1m")" -gt 0 ] && echo "forced: coloured"
echo "NO_COLOR: $(NO_COLOR=1 CLICOLOR_FORCE=1 bar | count "${esc}\[1m")"
