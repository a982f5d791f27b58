#!/bin/sh
# dist.sh: build/stsfit-VERSION.tar.gz: what git has of this commit; without git, the files here but
# what was built. The archive builds by itself.
set -eu
cd "$(dirname "$0")/.."
name=stsfit-${VERSION:?the Makefile gives it}
mkdir -p build
if git rev-parse --verify -q HEAD > /dev/null 2>&1; then
    git archive --format=tar --prefix="$name/" HEAD | gzip -9n > "build/$name.tar.gz"
else
    stage=$(mktemp -d)
    trap 'rm -rf "$stage"' EXIT
    mkdir "$stage/$name"
    tar -cf - --exclude=./build --exclude=./stsfit --exclude=./stsfit-run --exclude=./models . |
        tar -xf - -C "$stage/$name"
    tar -cf - -C "$stage" "$name" | gzip -9n > "build/$name.tar.gz"
fi
echo "build/$name.tar.gz"
