# The help of every command, word for word.
"$STSFIT" help
for c in $("$STSFIT" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    echo "---- $c"
    "$STSFIT" help "$c"
    "$STSFIT" "$c" --help | cmp - /dev/stdin << END || echo "$c --help differs"
$("$STSFIT" help "$c")
END
done
