# A run directory that cannot be written (root may write everywhere: a file stands in the way then).
. "$ROOT/tests/cli/common"
mkdir no
if [ "$(id -u)" -eq 0 ]; then rmdir no && echo x > no; else chmod 0 no; fi
train_tiny -o no/run --max-steps 1 2> err && echo "written?" || echo "exit $?"
grep -c '^stsfit: no/run' err
[ ! -d no ] || chmod 755 no
