# The help of every command, word for word.
"$STSFIT" help
for c in $("$STSFIT" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    echo "---- $c"
    "$STSFIT" help "$c"
    "$STSFIT" "$c" --help | cmp - /dev/stdin << END || echo "$c --help differs"
$("$STSFIT" help "$c")
END
done
# every option that takes a value tells its default
for c in $("$STSFIT" help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
    "$STSFIT" help "$c" | awk '
        function checked() { if (option && text !~ /\[[^]]+\]$/) print "no default: " option; option = "" }
        /^ +(-., )?--/ || /^$/ { checked() }
        /^ +(-., )?--[a-z-]+ [^ ]/ { option = text = $0; next }
        option { text = text $0 }
        END { checked() }'
done
