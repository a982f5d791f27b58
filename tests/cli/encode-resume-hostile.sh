# What a stranger may put where encode --resume looks: a record that lies, links, second names, FIFOs
# and directories, an input under the name of the unfinished output, a file of a model. Each is refused
# before anything is written, and nothing outside is changed.
. "$ROOT/tests/cli/common"
for _ in 1 2 3 4 5 6 7 8 9 10; do cut -f 6,7 "$DATA/sts-dev.tsv" | tr '\t' '\n'; done > texts
encode() { rc "$STSFIT" encode -q -m "$tiny" --threads 1 --resume "$@" 2>&1 | sed 's/ ([^()]*)//; s/has [0-9]* bytes/has N bytes/'; }
begin() { # NAME KB
    rm -rf "$1" "$1".part*
    (ulimit -f "$((2 * $2))" && exec "$STSFIT" encode -m "$tiny" --threads 1 --resume texts -o "$1") 2> /dev/null || :
    cp "$1.part.json" record
    head -c "$(number bytes < record)" "$1.part" > part
}
fresh() { rm -rf "$1" "$1".part*; cp part "$1.part"; cp record "$1.part.json"; }
edit() { # NAME SED: a record that lies
    fresh "$1"
    sed "$2" record > "$1.part.json"
    cmp -s record "$1.part.json" && echo "changes nothing"
    encode texts -o "$1"
    [ ! -e "$1" ] || echo "$1 was written"
    cmp part "$1.part"
}
for name in v.npy v.tsv; do
    echo "-- $name"
    [ $name = v.npy ] && room=200 || room=900
    begin $name $room
    edit $name 's/"rows":[^,]*,/"rows": 9007199254740992,/'
    edit $name 's/"rows":[^,]*,/"rows": 3,/'
    edit $name 's/"rows":[^,]*,/"rows": -1,/'
    edit $name 's/"head":[^,]*,/"head": 9007199254740992,/'
    edit $name 's/"bytes":[^,]*,/"bytes": 0,/'
    edit $name 's/"bytes":[^,]*,/"bytes": 9007199254740992,/'
    edit $name 's/"work"/"werk"/'
done

echo "-- nothing of it is there, but rows are named"
begin v.npy 200
rm v.npy.part
sed 's/"rows":[^,]*,/"rows": 100,/' record > v.npy.part.json
encode texts -o v.npy
"$STSFIT" encode -q -m "$tiny" --threads 1 texts -o want.npy
cmp v.npy want.npy && echo "begun anew"
rm v.npy

echo "-- other kinds"
mkdir outside
cp part outside/part
cp record outside/record
other() { # WHAT: of v.npy.part
    encode texts -o v.npy
    cmp part outside/part && cmp record outside/record && [ ! -e outside/new ] && [ ! -f v.npy ] && echo "$1: nothing changed"
    fresh v.npy
}
fresh v.npy
ln -sf outside/part v.npy.part; other "a link"
ln -sf outside/new v.npy.part; other "a link to nowhere"
ln -f outside/part v.npy.part; other "a second name"
rm v.npy.part; mkfifo v.npy.part; other "a FIFO"
rm v.npy.part; mkdir v.npy.part; other "a directory"
rm v.npy.part.json; mkfifo v.npy.part.json; other "the record a FIFO"
rm v.npy.part.json; mkdir v.npy.part.json; other "the record a directory"
mkdir v.npy; other "the output a directory"

echo "-- what is read"
for name in a.part b.part.json; do
    cp texts $name
    encode $name -o "${name%%.*}"
    cmp $name texts
done
cp texts typical.part
encode texts -o typical --vectors int8 --calibration typical.part
cmp typical.part texts

echo "-- a model's"
cp -R "$tiny" m
chmod -R u+w m
encode texts -o m/vocab.txt
diff -r m "$tiny" && echo "nothing changed"

echo "-- a directory, without --resume"
mkdir dir
rc "$STSFIT" encode -q -m "$tiny" texts -o dir
rc "$STSFIT" eval -q -m "$tiny" dev.tsv --predictions dir
rc "$STSFIT" export -q -m "$tiny" -o dir
ls -d dir*
