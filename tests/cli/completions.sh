# Every command and every long option is in each shell's completions and in the manual.
. "$ROOT/tests/cli/common"
"$STSFIT" man > manual
for shell in bash zsh fish; do "$STSFIT" completion $shell > $shell; done
for c in $("$STSFIT" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    for file in bash zsh fish manual; do grep -q -w -e "$c" $file || echo "$file lacks $c"; done
    for o in $("$STSFIT" help "$c" | sed -n 's/^  .*--\([a-z-]*\).*/\1/p'); do
        roff=$(echo "$o" | sed 's/-/\\\\-/g')
        grep "^        $c:-\*" bash | grep -q -w -e "--$o" || echo "bash lacks $c --$o"
        sed -n "/^    $c)/,/;;/p" zsh | grep -q -e "--${o}[]['}]" || echo "zsh lacks $c --$o"
        grep -q "from $c' -l $o " fish || echo "fish lacks $c --$o"
        sed -n "/^.SS stsfit $c/,/^.SS/p" manual | grep -q -e "\\\\-\\\\-$roff\\\\fR" || echo "man lacks $c --$o"
    done
done
for shell in bash zsh fish; do
    command -v $shell > /dev/null || continue
    $shell -n ./$shell || echo "$shell: does not parse"
done
