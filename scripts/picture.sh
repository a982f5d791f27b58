#!/bin/sh
# picture.sh RUN [FILE]: the README's picture out of RUN/report.html (default FILE
# data/first-run.svg): the dev set while training, and cosines over gold scores before and after.
set -eu
case ${1-} in
    -h|--help) sed -n '2,3s/^# //p' "$0"; exit 0 ;;
    ''|-*) sed -n '2,3s/^# //p' "$0" >&2; exit 2 ;;
esac
page=$1/report.html file=${2:-$(dirname "$0")/../data/first-run.svg}

# The first plot titled $1, drawn at x = $2 under the heading $3.
plot() {
    place="x=\"$2\" y=\"30\" width=\"400\" height=\"252\" viewBox=\"0 0 400 252\""
    tr -d '\n' < "$page" | sed 's|<svg|\n<svg|g; s|</svg>|</svg>\n|g' |
        grep -m 1 "<svg viewBox[^>]*><title>$1</title>" |
        sed "s|<svg [^>]*>|<svg $place>|; s|<desc>[^<]*</desc>||"
    echo "<text class=\"h1\" x=\"$(($2 + 8))\" y=\"22\">$3</text>"
}

{
    echo '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1240 290" role="img">'
    echo '<title>A run of stsfit train: the dev set, and cosines over gold scores</title>'
    echo '<style>'
    echo 'svg{--card:#fff;--ink:#16202c;--dim:#56616f;--line:#dfe3e8;--grid:#e9ecf0}'
    echo 'svg{--c0:#0072b2;--c1:#d55e00}'
    echo '@media(prefers-color-scheme:dark){'
    echo 'svg{--card:#161b21;--ink:#e6eaef;--dim:#9aa6b2;--line:#2a323b;--grid:#232a32}'
    echo 'svg{--c0:#56b4e9;--c1:#f58f4a}}'
    echo '.back{fill:var(--card);stroke:var(--line)}'
    echo 'svg .h1{font-weight:600;font-size:15px;fill:var(--ink)}'
    sed -n '/^svg /p; /^\.s0/p' "$page"
    echo '</style>'
    echo '<rect class="back" x=".5" y=".5" width="1239" height="289" rx="12"/>'
    plot 'Dev set while training' 5 'The dev set while training'
    plot 'Before training' 420 'Before training, 160 pairs of the dev set'
    plot 'After training' 835 'After training'
    echo '</svg>'
} > "$file.tmp"
mv "$file.tmp" "$file"
