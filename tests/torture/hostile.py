#!/usr/bin/env python3
"""hostile.py PROGRAM [WORD]: hostile files by the hundred, each made from a table or by a change to a
good one, each with the exit code that it must get. Besides the code: exactly one line of message on
stderr (warnings aside), at most 1 KB, without control bytes, that names the file and, where there
is one, the line, tensor, key or byte; under a second (gzip bombs: 5) and 500 MB. WORD: those cases
whose names contain it. SLOW=10 allows ten times as long, for sanitizers."""
import hostile_data, hostile_models
import gzip, io, json, os, re, resource, shutil, struct, subprocess, sys, tempfile, time, zipfile, zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(sys.argv[1])
WORD = sys.argv[2] if len(sys.argv) > 2 else ''
SLOW = float(os.environ.get('SLOW', '1'))
SANITIZED = SLOW > 1
BERT = os.path.join(ROOT, 'data', 'tiny-bert')
work = tempfile.mkdtemp(prefix='stsfit-hostile-')
passed = failed = 0
worst = [0.0, '', 0, '']


def put(name, data):
    path = os.path.join(work, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if isinstance(data, str):
        data = data.encode()
    with open(path, 'wb') as f:
        f.write(data)
    return path


def get(path):
    with open(path, 'rb') as f:
        return f.read()


def run(name, args, codes, names=(), stdin=b'', seconds=1.0):
    """Runs the program; codes: those allowed; names: what the message must contain (any of a tuple)."""
    global passed, failed
    if WORD not in name:
        return
    start = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        p = subprocess.Popen([PROGRAM] + args, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, cwd=work)
        out, err = p.communicate(stdin, timeout=60 * SLOW)
        code = p.returncode
    except subprocess.TimeoutExpired:
        p.kill()
        out, err = p.communicate()
        code = 'hangs'
    wall = time.monotonic() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    faults = []
    if code not in codes:
        faults.append(f'exit {code}, expected {codes}')
    if code not in (0, 'hangs'):
        lines = [l for l in err.split(b'\n') if l and not l.startswith((b'stsfit: warning', b'reading '))]
        if len(lines) != 1:
            faults.append(f'{len(lines)} lines of message')
        if not err.endswith(b'\n'):
            faults.append('no end of line')
        for l in lines:
            if len(l) > 1100:
                faults.append(f'a message of {len(l)} bytes')
            if re.search(rb'[\x00-\x1f\x7f]', l):
                faults.append('control bytes in the message')
            try:
                text = l.decode()
            except UnicodeDecodeError:
                faults.append('a message that is not UTF-8')
                text = repr(l)
            for n in names:
                if not any(x in text for x in (n if isinstance(n, tuple) else (n,))):
                    faults.append(f'the message does not say {n!r}')
    if b'Sanitizer' in err or b'runtime error' in err:
        faults.append('sanitizer report')
    if min(cpu, wall) > seconds * SLOW:
        faults.append(f'{cpu:.2f} s')
    if cpu > worst[0]:
        worst[:2] = [cpu, name]
    if faults:
        failed += 1
        print(f'FAILED {name}: {"; ".join(faults)}\n    {err[:400]!r}')
    else:
        passed += 1
    return out if code == 0 and not faults else None


def expect(name, ok, what):
    global passed, failed
    passed += ok
    failed += not ok
    if not ok:
        print(f'FAILED {name}: {what}')


# ---- data ----

GOOD = ('4.8\tA man is playing a guitar.\tA man plays the guitar.\n'
        '0.2\tA dog runs in the park.\tThe market fell today.\n'
        '3.5\tTwo apples on a table.\tApples lie on the table.\n')
HEAD = 'score\tsentence1\tsentence2\n'
COLUMNS = ['--columns', 'score=1,sentence1=2,sentence2=3']


def check(name, data, codes, names=(), args=(), file='d.tsv', seconds=1.0):
    path = put(file, data)
    run('data ' + name, ['eval', '-m', BERT, path] + list(args), codes,
        (os.path.basename(path),) + tuple(names), seconds=seconds)


def odd(name, data, args=(), file='d.tsv', skipped=0):
    """Data that is odd but right: read as the good three pairs are, `skipped` rows left out."""
    path, right = put(file, data), put('right.tsv', HEAD + GOOD)
    out = run('odd ' + name, ['eval', '-m', BERT, '--json', path] + list(args), (0,), seconds=2)
    if out is None:
        return
    now = json.loads(out)['files'][0]
    want = json.loads(subprocess.run([PROGRAM, 'eval', '-m', BERT, '--json', right], capture_output=True).stdout)['files'][0]
    expect('odd ' + name, (now['pairs'], now['skipped'], now['pearson_cosine']) == (3, skipped, want['pearson_cosine']), now)


def data_cases():
    hostile_data.cases(sys.modules[__name__])
    bad_scores = ['nan', 'NaN', 'inf', '-inf', '1e999', '0x1p2', '4,5', '4.5.1', 'five', '--3', '+-1', '1e',
                  '4 5', '4.', '.', '-', '5.0001', '-0.1', '1_000', '\u0664', '1e-', '4f', '0b1', '1e+',
                  '0x', '4;', '4d', 'True', 'null', '1/2', '50%']
    for s in bad_scores:
        ok = (3,) if s not in ('4.',) else (0, 3)
        check(f'score {s!r}', HEAD + GOOD + f'{s}\tone sentence\tanother\n', ok, [':5'] if ok == (3,) else [])
    bad_bytes = [b'\xff', b'\xfe\xff', b'\xc0\x80', b'\xed\xa0\x80', b'\xf4\x90\x80\x80', b'\xe2\x82', b'\x00', b'\xf8\x88\x80\x80\x80',
                 b'\x80', b'\xc1\xbf', b'\xe0\x80\xaf', b'\xf0\x80\x80\xaf', b'\xef\xbf']
    for b in bad_bytes:
        check(f'bytes {b!r}', (HEAD + GOOD).encode() + b'1\tbad ' + b + b' text\tanother\n', (3,), [':5'])
        check(f'bytes {b!r} in the header', b'score\tsentence1' + b + b'\tsentence2\n' + GOOD.encode(), (3,))
    for n, line in enumerate(['1\tonly one sentence\n', '1\n', '1\ta\tb\tc\td\n', 'a\tb\n', '\t\t\t\t\t\n']):
        check(f'columns {n}', HEAD + GOOD + line, (0, 3) if n in (2, 4) else (3,))
    for name, data in {
            'empty': '', 'a line end': '\n', 'blank lines': '\n\n\n\n', 'a BOM only': '\ufeff', 'a space': ' ',
            'header only': HEAD, 'NULs': '\0' * 1000, 'one word': 'x', 'no tabs': 'a b c\nd e f\n',
            'HTML': '<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n',
            'LFS pointer': 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n',
            'JSON list': '[{"sentence1":"a","sentence2":"b","score":1}]', 'all in 0..1': HEAD + '0.5\ta b\tc d\n0.7\te f\tg h\n1\ti j\tk l\n',
            'no scores in a column': HEAD + 'a\tb\tc\nd\te\tf\n'}.items():
        check(name, data, (3,))
    for name, data in {'UTF-16LE': HEAD.encode('utf-16'), 'UTF-16BE': b'\xfe\xff' + HEAD.encode('utf-16-be'), 'UTF-32': HEAD.encode('utf-32'),
                       'PNG': b'\x89PNG\r\n\x1a\n' + bytes(100), 'ZIP': b'PK\x03\x04' + bytes(100), 'bzip2': b'BZh91AY&SY' + bytes(50),
                       'xz': b'\xfd7zXZ\0' + bytes(50), 'zstd': b'\x28\xb5\x2f\xfd' + bytes(50), 'PDF': b'%PDF-1.4\n\xe2\xe3\xcf\xd3\n',
                       'ELF': b'\x7fELF\2\1\1' + bytes(60), 'parquet': b'PAR1' + bytes(90) + b'PAR1', 'latin-1': (HEAD + '1\tcaf\xe9 one\ttwo\n').encode('latin-1'),
                       'random': bytes((i * 7919 + i * i) % 256 for i in range(5000))}.items():
        check(name, data, (3,))
    check('a line of 17 MB', HEAD + GOOD + '1\t' + 'x' * (17 << 20) + '\ty\n', (3,), [':5'], seconds=2)
    check('17 MB without a line end', 'x' * (17 << 20), (3,), seconds=2)
    check('a million tabs', HEAD + GOOD + '\t' * 1000000 + '\n', (0, 3))
    check('a million tabs first', '\t' * 1000000 + '\n', (3,))
    check('a quote that never closes', 'score,sentence1,sentence2\n1,"a,b\n2,c,d\n', (3,), file='d.csv')
    check('a quote then 20 MB', 'score,sentence1,sentence2\n1,"' + 'a\n' * (10 << 20), (3,), file='d.csv', seconds=3)
    check('text after a quote', 'score,sentence1,sentence2\n1,"a"b,c\n2,d,e\n', (3,), file='d.csv')
    check('a hundred thousand quotes', 'score,sentence1,sentence2\n' + '"' * 100001 + '\n', (3,), file='d.csv')
    z = gzip.compress((HEAD + GOOD).encode(), mtime=0)
    for k in (1, 5, 9, 12, 20, len(z) // 2, len(z) - 9, len(z) - 5, len(z) - 1):
        check(f'gzip cut at {k}', z[:k], (3,), file='d.tsv.gz')
    for k in range(10, len(z), max(1, len(z) // 24)):
        b = bytearray(z)
        b[k] ^= 0x55
        check(f'gzip byte {k} changed', bytes(b), (3,), file='d.tsv.gz')
    check('gzip and trailing bytes', z + b'trailing', (3,), file='d.tsv.gz')
    check('gzip and zeros', z + bytes(100), (3,), file='d.tsv.gz')
    check('gzip bomb', gzip.compress(bytes(300 << 20), 9, mtime=0), (3,), file='b.gz', seconds=5)
    check('gzip bomb of lines', gzip.compress((b'1\ta b\tc d\n' * 1000) * 30000, 9, mtime=0), (3,), file='b.gz', seconds=5)
    check('gzip in gzip', gzip.compress(z), (3,), file='d.gz')
    jl = '{"sentence1":"a b","sentence2":"c d","score":4.5}\n{"sentence1":"e","sentence2":"f","score":1}\n'
    for n, line in enumerate(['{', '[]', '{"sentence1":"a"}', '{"sentence1":1,"sentence2":"b","score":1}', '{"sentence1":"a","sentence2":"b","score":"x"}',
                              '{"sentence1":"a","sentence2":"b","score":1}}', '{"sentence1":"a","sentence1":"b","sentence2":"c","score":1}',
                              '{"sentence1":"\\u0000","sentence2":"c","score":1}', '{"sentence1":"\\ud800","sentence2":"c","score":1}',
                              '{"sentence1":"a","sentence2":"c","score":1e999}', '{"sentence1":"a","sentence2":"c","score":007}',
                              '{"sentence1":"a","sentence2":"c","score":NaN}', '{"sentence1":"a\tb","sentence2":"c","score":1}', '{"sentence1":"a","sentence2":"c","score":1,}',
                              '{"x":' * 100 + '1' + '}' * 100, '"text"', '{"sentence1":null,"sentence2":{},"score":[]}', "{'sentence1':'a'}", '{"sentence1":"a","sentence2":"c","score":true}',
                              '{"sentence1":"a","sentence2":"c","score":.5}', '{"sentence1":"a","sentence2":"c","score":1e}', '{"sentence1":"a","sentence2":"c","score":-}']):
        check(f'JSON line {n}', jl + line + '\n', (3,), [':3'], file='d.jsonl')
    check('JSON line of 17 MB', jl + '{"sentence1":"' + 'x' * (17 << 20) + '"}\n', (3,), [':3'], file='d.jsonl', seconds=2)


# ---- safetensors ----

def tensors(header, body):
    if not isinstance(header, (bytes, str)):
        header = json.dumps(header)
    if isinstance(header, str):
        header = header.encode()
    return struct.pack('<Q', len(header)) + header + body


def split(blob):
    n = struct.unpack('<Q', blob[:8])[0]
    return json.loads(blob[8:8 + n]), blob[8 + n:]


def model_dir(name, changes, remove=()):
    """A copy of the small BERT with files replaced."""
    to = os.path.join(work, name)
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(BERT, to)
    for f in remove:
        os.remove(os.path.join(to, f))
    for f, data in changes.items():
        os.makedirs(os.path.dirname(os.path.join(to, f)), exist_ok=True)
        with open(os.path.join(to, f), 'wb') as o:
            o.write(data if isinstance(data, bytes) else data.encode())
    return to


def model(name, changes, codes=(4,), names=(), remove=(), seconds=1.0):
    if WORD and WORD not in 'model ' + name:
        return
    d = model_dir('m', changes, remove)
    run('model ' + name, ['encode', '-m', d], codes, names, stdin=b'A man is playing a guitar.\n', seconds=seconds)


def same(name, changes, remove=(), codes=(0,)):
    """A model that is odd but right: its vectors are those of the good one."""
    if WORD and WORD not in 'same ' + name:
        return
    args = ['encode', '--format', 'tsv', '--threads', '1', '-m']
    text = b'A man is playing a guitar. [MASK] \xc3\xa9\n'
    out = run('same ' + name, args + [model_dir('m', changes, remove)], codes, stdin=text)
    right = subprocess.run([PROGRAM] + args + [BERT], input=text, capture_output=True).stdout
    if out is not None:
        expect('same ' + name, out == right, 'other vectors')


def weight_cases():
    hostile_models.cases(sys.modules[__name__])
    good = get(os.path.join(BERT, 'model.safetensors'))
    h, body = split(good)
    keys = [k for k in h if k != '__metadata__']
    w = keys[0]

    def changed(f):
        c = json.loads(json.dumps(h))
        f(c)
        return tensors(c, body)

    def st(name, blob, names=(), codes=(4,), seconds=1.0):
        model('weights ' + name, {'model.safetensors': blob}, codes, ('model.safetensors',) + tuple(names), seconds=seconds)

    for n in (0, 1, 7, 8, 9, 100, len(good) // 2, len(good) - 1):
        st(f'cut at {n}', good[:n])
    for n in (0, 1, 2, 2**31, 2**32, 2**40, 2**63 - 1, 2**63, 2**64 - 1, 100000001, len(good), len(good) - 8, len(good) - 7):
        st(f'header of {n}', struct.pack('<Q', n) + good[8:])
    st('one byte more', good + b'\0')
    st('a megabyte more', good + bytes(1 << 20))
    for d in ('F31', '', 'f32', 'FLOAT', 'F32 ', 'I4', 'COMPLEX64', 0, None, ['F32'], 'F' * 1000):
        st(f'dtype {str(d)[:20]!r}', changed(lambda c: c[w].update(dtype=d)))
    for d in ('F64', 'F16', 'I8', 'BOOL', 'I32'):
        st(f'dtype {d} for F32', changed(lambda c: c[w].update(dtype=d)), [w])
    shape = h[w]['shape']
    for s in ([], [0], [2**53], [2**63], [-1], [1.5], ['3'], None, {}, 7, [2**32, 2**32], [2**31, 2**31, 4], [1] * 9, [1] * 100, shape + [0], shape[:1], shape[::-1] + [2], [10**400],
              [True], [None], [[3]], [1e3]):
        if s == shape:
            continue
        st(f'shape {str(s)[:30]}', changed(lambda c: c[w].update(shape=s)))
    a, b = h[w]['data_offsets']
    for o in ([b, a], [a, b + 4], [a + 4, b], [a + 4, b + 4], [0, 0], [-4, b], [a, 2**64], [a, 2**63], [2**64 - 4, 2**64], [a], [a, b, b], [], None, {}, 'x', [a + 0.5, b], [str(a), str(b)],
              [len(body), len(body) + b - a], [1e3, 2e3]):
        st(f'offsets {str(o)[:30]}', changed(lambda c: c[w].update(data_offsets=o)))
    for k in ('dtype', 'shape', 'data_offsets'):
        st(f'no {k}', changed(lambda c: c[w].pop(k)))
    st('an unknown member', changed(lambda c: c[w].update(x=1)))
    for x in (0, [], 'F32', None, {}):
        st(f'a tensor that is {x!r}', changed(lambda c: c.update({w: x})))
    for k in keys[:12]:
        st(f'{k} missing', changed(lambda c: c.pop(k)))
        st(f'{k} renamed', changed(lambda c: c.update({k + 'x': c.pop(k)})))
    st('an overlap', changed(lambda c: c.update({'extra': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}})))
    text = json.dumps(h)
    for name, t in {'trailing text': text + 'x', 'two objects': text + '{}', 'no end': text[:-1], 'a list': '[' + text + ']', 'a BOM': '\ufeff' + text, 'a comment': '/**/' + text, 'a comma': text[:-1] + ',}',
                    'spaces before': '   ' + text, 'NUL behind': text + '\0', 'single quotes': text.replace('"', "'"), 'NaN': text.replace(str(a), 'NaN', 1), 'a duplicate': text[:-1] + ', ' + text[1:],
                    'null': 'null', 'a number': '1', 'empty text': '""', 'deep': '{"a":' * 100 + '1' + '}' * 100, 'deep lists': '[' * 100000, 'a control byte': text.replace(w, w + '\1', 1), '\\u0000': text.replace(w, w + '\\u0000', 1),
                    'half a surrogate': text.replace(w, '\\ud800', 1), 'metadata a list': text.replace('"__metadata__": {', '"__metadata__": [{', 1), 'metadata of numbers': '{"__metadata__": {"a": 1}, ' + text[1:],
                    'leading zeros': text.replace(f'[{a}, ', f'[00{a}, ', 1), 'a plus': text.replace(f'[{a}, ', f'[+{a}, ', 1)}.items():
        if t != text:
            st('header: ' + name, tensors(t, body))
    st('header not UTF-8', tensors(text.encode().replace(w.encode(), w.encode() + b'\xff', 1), body))
    st('a key with a newline and an escape', tensors(json.dumps({'a\n\x1b[31mred': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 8]}}), bytes(8)))
    st('a name of 100 KB', tensors(json.dumps({'x' * 100000: {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}}), bytes(4)))
    st('a million keys', tensors('{' + ','.join(f'"{i}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}' for i in range(300000)) + '}', b''), seconds=2)
    st('90 MB of brackets', tensors('{"a":' + '[' * (90 << 20), b''), seconds=3)
    st('90 MB of spaces', tensors('{' + ' ' * (90 << 20) + '}', b''), seconds=3)
    st('90 MB of one string', tensors('{"' + 'a' * (90 << 20) + '":1}', b''), seconds=3)
    for name, v in {'NaN': b'\0\0\xc0\x7f', 'infinity': b'\0\0\x80\x7f', '-infinity': b'\0\0\x80\xff'}.items():
        for k in keys[:6]:
            at = h[k]['data_offsets'][0]
            st(f'{name} in {k}', tensors(h, body[:at] + v + body[at + 4:]), [k.split('.')[-1]])
    model('weights missing', {}, names=['model.safetensors'], remove=['model.safetensors'])
    model('weights a directory', {'model.safetensors/x': 'y'}, remove=['model.safetensors'])
    model('weights an LFS pointer', {'model.safetensors': 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n'})
    model('weights in TensorFlow only', {'tf_model.h5': b'\x89HDF'}, remove=['model.safetensors'])
    index = lambda m: {'model.safetensors.index.json': json.dumps({'metadata': {}, 'weight_map': m})}
    for name, m in {'outside': {w: '../../../etc/passwd'}, 'absolute': {w: '/etc/passwd'}, 'missing': {w: 'gone.safetensors'}, 'itself': {w: 'model.safetensors.index.json'}, 'a number': {w: 7}, 'empty': {},
                    'dots': {w: '..'}, 'a backslash': {w: '..\\x'}, 'empty name': {w: ''}, 'newline': {w: 'a\nb'}}.items():
        model('shards ' + name, index(m), remove=['model.safetensors'])
    model('shards a list', {'model.safetensors.index.json': '[]'}, remove=['model.safetensors'])
    model('shards nonsense', {'model.safetensors.index.json': '{"weight_map":'}, remove=['model.safetensors'])


# ---- PyTorch archives ----

def text(s):
    b = s.encode()
    return b'X' + struct.pack('<I', len(b)) + b


def storage(key='0', n=6, cls='FloatStorage', module='torch'):
    return b'(' + text('storage') + f'c{module}\n{cls}\n'.encode() + text(key) + text('cpu') + b'J' + struct.pack('<i', n) + b'tQ'


def tensor(shape=(2, 3), stride=(3, 1), offset=0, **k):
    tup = lambda v: b'(' + b''.join(b'J' + struct.pack('<i', x) for x in v) + b't'
    return (b'ctorch._utils\n_rebuild_tensor_v2\n(' + storage(**k) + b'J' + struct.pack('<i', offset) + tup(shape) + tup(stride) +
            b'\x89ccollections\nOrderedDict\n)RtR')


def pickled(body):
    return b'\x80\x02}(' + text('w') + body + b'u.'


def archive(pkl, records=None, root='m', method=zipfile.ZIP_STORED, order=b'little', version=b'3\n', extra=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as z:
        entry = lambda n: zipfile.ZipInfo(n, (1980, 1, 1, 0, 0, 0))
        def write(n, b):
            i = entry(n)
            i.compress_type = method
            z.writestr(i, b)
        if pkl is not None:
            write(root + '/data.pkl', pkl)
        if order is not None:
            write(root + '/byteorder', order)
        for k, b in (records if records is not None else {'0': struct.pack('<6f', *range(6))}).items():
            write(f'{root}/data/{k}', b)
        if version is not None:
            write(root + '/version', version)
        for n, b in extra:
            write(n, b)
    return out.getvalue()


def archive_cases():
    def zp(name, blob, names=(), seconds=1.0):
        model('archive ' + name, {'pytorch_model.bin': blob}, (4,), ('pytorch_model.bin',) + tuple(names), remove=['model.safetensors'], seconds=seconds)

    good = archive(pickled(tensor()))
    zp('of another model', good)
    for n in (0, 1, 4, 20, 30, len(good) // 4, len(good) // 2, len(good) - 22, len(good) - 1):
        zp(f'cut at {n}', good[:n])
    for k in range(0, len(good), max(1, len(good) // 40)):
        b = bytearray(good)
        b[k] ^= 0xff
        zp(f'byte {k} changed', bytes(b))
    zp('before 1.6', b'\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.')
    zp('a tar', b'data.pkl' + bytes(600))
    for f in ('os\nsystem', 'posix\nsystem', 'builtins\neval', 'builtins\nexec', 'subprocess\nPopen', 'torch\nload', '__builtin__\ngetattr', 'nt\nsystem', 'torch.serialization\n_load', 'numpy.core.multiarray\n_reconstruct',
              'builtins\n__import__', 'webbrowser\nopen', 'pickle\nloads', 'torch._utils\n_rebuild_tensor', 'torch.storage\n_load_from_bytes', '\n', 'x' * 500 + '\ny'):
        zp(f'calls {f[:24]!r}', archive(b'\x80\x02c' + f.encode() + b'\n(' + text('true') + b'tR.'), ['data.pkl'])
    for op in (b'\x81', b'\x92', b'\x93', b'i', b'o', b'\x82\1', b'\x83\1\0', b'\x84\1\0\0\0', b'P1\n', b'\x8b\4\0\0\0', b'\x94', b'\x95' + bytes(8), b'B\1\0\0\0a', b'F1.0\n', b'I1\n', b'L1L\n', b'S"a"\n', b'V a\n', b'd', b'l', b'p0\n', b'g0\n',
               b'0', b'1', b'2', b'\xff', b'\x00'):
        zp(f'opcode {op[:1]!r}', archive(b'\x80\x02}' + op + b'.'), ['byte 3'] if op not in (b'0', b'1', b'2') else [])
    for name, p in {'empty': b'', 'one byte': b'\x80', 'only a stop': b'\x80\x02.', 'protocol 5': b'\x80\x05}.', 'an int': b'\x80\x02K\x01.', 'no stop': b'\x80\x02}', 'more behind': b'\x80\x02}.}', 'marks': b'\x80\x02' + b'(' * 100000 + b'.',
                    'a deep tuple': b'\x80\x02)' + b'\x85' * 1000000 + b'.', 'a huge text': b'\x80\x02X\xff\xff\xff\x7f', 'a memo that is not there': b'\x80\x02h\x07.', 'a memo gap': b'\x80\x02}r\xff\xff\xff\x0f.', 'a key that is a number': b'\x80\x02}K\x01' + tensor() + b's.',
                    'a value that is a text': pickled(text('v')), 'the billion laughs': b'\x80\x02)q\0' + b''.join(b'h' + bytes([i]) + b'h' + bytes([i]) + b'\x86q' + bytes([i + 1]) for i in range(60)) + b'.'}.items():
        zp('pickle ' + name, archive(p))
    for name, t in {'beyond its storage': tensor(shape=(3, 3)), 'by its offset': tensor(offset=1), 'by its stride': tensor(stride=(300, 1)), 'negative shape': tensor(shape=(-2, 3)), 'negative stride': tensor(stride=(-3, 1)), 'negative offset': tensor(offset=-1),
                    'ranks differ': tensor(stride=(3,)), '9 dimensions': tensor(shape=(1,) * 9, stride=(1,) * 9), 'overflow': tensor(shape=(2**31 - 1,) * 4, stride=(2**31 - 1,) * 4), 'a storage too large': tensor(n=7), 'a storage too small': tensor(n=5),
                    'no such record': tensor(key='9'), 'a record outside': tensor(key='../../x'), 'a class unknown': tensor(cls='FooStorage'), 'a quantised one': tensor(cls='QInt8Storage'), 'another module': tensor(module='evil'), 'a wide class': tensor(cls='DoubleStorage'),
                    'an empty key': tensor(key=''), 'a zero stride': tensor(shape=(1000, 1000), stride=(0, 0))}.items():
        zp('tensor ' + name, archive(pickled(t)))
    zp('deflated', archive(pickled(tensor()), method=zipfile.ZIP_DEFLATED))
    zp('big-endian', archive(pickled(tensor()), order=b'big'), ['big-endian'])
    zp('no data.pkl', archive(None))
    zp('two roots', archive(pickled(tensor()), extra=[('n/data.pkl', b'')]))
    zp('TorchScript', archive(pickled(tensor()), extra=[('m/constants.pkl', b'')]))
    for n in ('../x', '/x', 'm/../../x', 'C:/x', 'm\\x', 'm/\nx', ''):
        zp(f'a record {n!r}', archive(pickled(tensor()), extra=[(n, b'y')]))
    zp('a bomb', archive(pickled(tensor()), records={'0': bytes(200 << 20)}, method=zipfile.ZIP_DEFLATED))
    zp('a duplicate record', archive(pickled(tensor()), extra=[('m/data/0', bytes(24))]))
    zp('70,000 records', archive(pickled(tensor()), extra=[(f'm/x{i}', b'') for i in range(70000)]), seconds=4)
    zp('a comment', good[:-2] + struct.pack('<H', 4) + b'evil')


# ---- JSON of models ----

def json_cases():
    files = ['config.json', 'modules.json', 'sentence_bert_config.json', '1_Pooling/config.json', 'config_sentence_transformers.json', 'tokenizer.json', 'tokenizer_config.json']
    texts = {'empty': '', 'a space': ' ', 'null': 'null', 'a number': '1', 'a text': '"x"', 'no end': '{"a":1', 'trailing text': '{} x', 'two': '{}{}', 'a comma': '{"a":1,}', 'single quotes': "{'a':1}", 'a duplicate': '{"a":1,"a":2}',
             'NaN': '{"a":NaN}', 'infinity': '{"a":1e999}', 'leading zeros': '{"a":007}', 'a BOM': '\ufeff{}', 'NUL': '{"a":"\\u0000"}', 'a raw NUL': '{"a":"\0"}', 'half a surrogate': '{"a":"\\ud800"}', 'a control byte': '{"a":"\x1b[31m"}',
             'deep': '[' * 100 + ']' * 100, 'very deep': '[' * 1000000, 'an unknown escape': '{"a":"\\x41"}', 'a comment': '{} // x', 'NUL behind': '{}\0', 'binary': bytes(range(256)).decode('latin-1')}
    for f in files:
        for name, t in texts.items():
            model(f'{f}: {name}', {f: t}, names=[os.path.basename(f)])
        model(f'{f}: not UTF-8', {f: b'{"a":"\xff"}'}, names=[os.path.basename(f)])
        model(f'{f}: 65 MB', {f: '{"a":"' + 'x' * (65 << 20) + '"}'}, names=[os.path.basename(f)], seconds=2)
    model('config.json: 60 MB of values', {'config.json': '[' + '0,' * (30 << 20) + '0]'}, names=['config.json'], seconds=2)
    base = json.loads(get(os.path.join(BERT, 'config.json')))
    changes = [('hidden_size', v) for v in (0, -1, 1, 2**31, 2**63, 1e308, 1.5, '64', None, True, [], base['hidden_size'] + 1)]
    changes += [('vocab_size', v) for v in (0, -1, 1, 2**31, 2**40, 1.5, 'x', [1], base['vocab_size'] + 1)]
    changes += [('num_attention_heads', v) for v in (0, -1, 7, 2**31, 'x')]
    changes += [('num_hidden_layers', v) for v in (0, -1, 2**31, 10000, 'x', 3 + base['num_hidden_layers'])]
    changes += [('intermediate_size', v) for v in (0, -1, 2**31, 'x')]
    changes += [('max_position_embeddings', v) for v in (0, -1, 2**31, 'x')]
    changes += [('type_vocab_size', v) for v in (-1, 2**31, 'x')]
    changes += [('layer_norm_eps', v) for v in (-1, 'x', [], 1e300)]
    changes += [('hidden_act', v) for v in ('swish2', '', 7, [], 'gelu\n', 'x' * 2000)]
    changes += [('model_type', v) for v in ('gpt2', 't5', '', 7, None, [], 'bert ', '../bert', 'x\x1b[31m', 'x' * 5000)]
    changes += [('position_embedding_type', v) for v in ('relative_key', 'rotary', 7)]
    changes += [('hidden_dropout_prob', v) for v in (-0.1, 1.0, 2, 'x')]
    changes += [('is_decoder', True), ('add_cross_attention', True), ('pad_token_id', -5), ('pad_token_id', 2**31)]
    for k, v in changes:
        c = dict(base)
        c[k] = v
        allowed = (4,) if v is not None and k not in ('pad_token_id', 'type_vocab_size') else (0, 4)
        model(f'config.json: {k} = {str(v)[:20]!r}', {'config.json': json.dumps(c)}, allowed, ['config.json'] if k in ('hidden_act', 'model_type') and v is not None else [])
    modules = json.loads(get(os.path.join(BERT, 'modules.json')))
    for name, m in {'empty': [], 'only pooling': modules[1:], 'twice': modules + modules[:1], 'unknown': modules + [{'idx': 2, 'name': '2', 'path': '2_X', 'type': 'evil.Module'}], 'outside': [dict(modules[0], path='../..')] + modules[1:],
                    'absolute': [dict(modules[0], path='/etc')] + modules[1:], 'no type': [{'path': ''}], 'numbers': [1, 2], 'objects': {}, 'a path that is a number': [dict(modules[0], path=7)] + modules[1:], 'missing folder': modules[:1] + [dict(modules[1], path='9_Gone')],
                    '1,000': modules + [modules[1]] * 1000, 'CLIP': [dict(modules[0], type='sentence_transformers.models.CLIPModel')] + modules[1:]}.items():
        model(f'modules.json: {name}', {'modules.json': json.dumps(m)})
    for name, p in {'unknown mode': {'word_embedding_dimension': base['hidden_size'], 'pooling_mode_wrong': True}, 'another width': {'word_embedding_dimension': 7, 'pooling_mode_mean_tokens': True},
                    'no mode': {'word_embedding_dimension': base['hidden_size'], 'pooling_mode_mean_tokens': False}, 'a text': {'word_embedding_dimension': base['hidden_size'], 'pooling_mode_mean_tokens': 'yes'}, 'a negative width': {'word_embedding_dimension': -1}}.items():
        model(f'pooling: {name}', {'1_Pooling/config.json': json.dumps(p)}, (4,) if name not in ('unknown mode', 'no mode') else (0, 4)) # no mode: the reference takes the mean
    tok = json.loads(get(os.path.join(BERT, 'tokenizer.json')))
    for name, change in {'unknown model': ('model', {'type': 'Evil'}), 'no model': ('model', None), 'model a list': ('model', []), 'unknown normalizer': ('normalizer', {'type': 'Evil'}), 'unknown pre-tokenizer': ('pre_tokenizer', {'type': 'Evil'}),
                         'unknown post-processor': ('post_processor', {'type': 'Evil'}), 'a bad pattern': ('pre_tokenizer', {'type': 'Split', 'pattern': {'Regex': '(((('}, 'behavior': 'Isolated', 'invert': False}),
                         'a catastrophic pattern': ('pre_tokenizer', {'type': 'Split', 'pattern': {'Regex': '(a+)+$|([a-z ]+)*X'}, 'behavior': 'Isolated', 'invert': False}), 'a normalizer without type': ('normalizer', {}),
                         'added a number': ('added_tokens', 7), 'added without id': ('added_tokens', [{'content': 'x'}]), 'added a negative id': ('added_tokens', [{'id': -1, 'content': 'x', 'special': True}]),
                         'added a huge id': ('added_tokens', [{'id': 2**31 - 1, 'content': 'x', 'special': True}]), 'deep sequence': ('normalizer', {'type': 'Sequence', 'normalizers': [{'type': 'Evil'}]}), 'version': ('version', '9.0')}.items():
        t = dict(tok)
        t[change[0]] = change[1]
        codes = (0, 4) if name in ('version', 'a catastrophic pattern') else (4,)
        model(f'tokenizer.json: {name}', {'tokenizer.json': json.dumps(t)}, codes)
    for name, v in {'empty': {}, 'a list': [], 'texts': {'a': 'b'}, 'negative': {'[PAD]': -1}, 'huge': {'[PAD]': 2**31}, 'fractions': {'[PAD]': 0.5}, 'holes': {'[UNK]': 0, 'a': 1000000000}, 'duplicates': {'[UNK]': 0, 'a': 0}}.items():
        t = json.loads(json.dumps(tok))
        t['model']['vocab'] = v
        model(f'tokenizer.json: vocabulary {name}', {'tokenizer.json': json.dumps(t)}, (4,))


# ---- options ----

def option_cases():
    d = put('train.tsv', HEAD + GOOD * 5)
    t = ['train', d, '-q', '-o', os.path.join(work, 'never')]
    for o in ('--epochs', '--lr', '--batch-size', '--warmup', '--weight-decay', '--max-grad-norm', '--dropout', '--seed', '--max-steps', '--accumulate', '--threads', '--log-steps', '--eval-steps', '--save-steps', '--patience', '--max-seq-length'):
        for v in ('nan', 'inf', '-1', '0x10', '1,5', 'one', '', ' 1', '1 ', '1e999', '\x1b[31m', 'x' * 3000, '99999999999999999999'):
            if o == '--max-grad-norm' and v.startswith('9'):
                continue
            run(f'option {o}={v[:12]!r}', t + [f'{o}={v}'], (2,), [o])
    for o, v in {'--loss': 'evil', '--scheduler': 'evil', '--keep': 'evil', '--metric': 'evil', '--format': 'evil', '--on-bad-row': 'evil', '--progress': 'evil', '--columns': 'score=0', '--score-range': '5:0', '--fail-under': 'x', '--card-samples': 'x'}.items():
        run(f'option {o} {v}', t + [o, v], (2, 3), [(o, v)])
        run(f'option {o} with control bytes', t + [o, 'a\x1b[31m\nb\x07'], (2, 3))
        run(f'option {o} not UTF-8', t + [o, b'\xff\xfe'.decode('utf-8', 'surrogateescape')], (2, 3))
        run(f'option {o} of 100 KB', t + [o, 'x' * 100000], (2, 3))
        run(f'option {o} without a value', t + [o], (2,), [o])
    for o in ('--evil', '--evil=1', '-Z', '--', '--epochs', '---', '--\x1b[31m', '--' + 'x' * 5000):
        run(f'option {o[:12]!r}', ['train', '-q', o], (2,))
    for l in ('mnrl:scale=nan', 'mnrl:scale', 'mnrl:=', 'mnrl:evil=1', 'mnrl:scale=1,scale=2', 'mnrl:scale=-1', ':', 'cosent:scale=1e999', 'angle:' + 'x' * 5000, 'triplet:margin=\x1b'):
        run(f'loss {l[:20]!r}', t + ['--loss', l], (2,))
    for p, b in {'missing.so': None, 'empty.so': b'', 'text.so': b'hello', 'elf.so': b'\x7fELF\2\1\1' + bytes(100), 'dir.so': 'dir'}.items():
        path = os.path.join(work, p)
        if b == 'dir':
            os.makedirs(path, exist_ok=True)
        elif b is not None:
            put(p, b)
        run(f'plugin {p}', t + ['--loss', path], (2,), [p])
    run('plugin without a loss', t + ['--loss', '/lib/x86_64-linux-gnu/libz.so.1'], (2,))
    for name, c in {'empty': '', 'a list': '[]', 'a text': '"x"', 'no end': '{"epochs":', 'a duplicate': '{"epochs":1,"epochs":2}', 'unknown': '{"evil":1}', 'a wrong type': '{"epochs":"x"}', 'an object': '{"epochs":{}}', 'a list for a number': '{"lr":[1]}',
                    'a text for a flag': '{"no-shuffle":"yes"}', 'a number for a text': '{"loss":7}', 'NaN': '{"lr":NaN}', 'deep': '[' * 1000, 'binary': '\x00\x01', 'control bytes': '{"loss":"a\\u001b[31m"}', 'a key with control bytes': '{"a\\u001b\\n":1}',
                    'data of numbers': '{"data":[1]}', 'out of range': '{"batch-size":0}', 'fraction': '{"batch-size":1.5}', 'huge': '{"seed":1e300}', 'a long key': '{"' + 'x' * 5000 + '":1}', 'a long value': '{"loss":"' + 'x' * 5000 + '"}'}.items():
        c = put('c.json', c)
        args = ['train', '-q', '-o', os.path.join(work, 'never'), '--config', c] + ([] if name == 'data of numbers' else [d])
        run(f'config {name}', args, (2,), ['c.json'] if 'long' not in name and name != 'control bytes' else [])
    run('config missing', t + ['--config', os.path.join(work, 'gone.json')], (1, 2), ['gone.json'])
    if os.path.exists(os.path.join(work, 'never')):
        print('FAILED: a refused command made its run directory')


# ---- runs ----

def run_cases():
    d = put('train.tsv', HEAD + GOOD * 6)
    whole = os.path.join(work, 'whole')
    base = ['train', d, '--dev', d, '-q', '--batch-size', '3', '--epochs', '2', '--save-steps', '3', '--save-total-limit', '9', '--threads', '1']
    subprocess.run([PROGRAM] + base + ['-o', whole], check=True, cwd=work)
    last = sorted((x for x in os.listdir(whole) if x.startswith('checkpoint-')), key=lambda x: int(x[11:]))

    def again(name, f, change, codes, fix=True, names=()):
        """The last checkpoint has a changed file; without `fix` its checksum gives it away."""
        if WORD and WORD not in 'run ' + name:
            return
        to = os.path.join(work, 'again')
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(whole, to)
        shutil.rmtree(os.path.join(to, last[-1]))
        cp = os.path.join(to, last[-2])
        path = os.path.join(cp, f) if not f.startswith('../') else os.path.join(to, f[3:])
        old = get(path) if os.path.isfile(path) else b''
        new = change(old) if callable(change) else change
        if new is None:
            os.remove(path)
        else:
            with open(path, 'wb') as o:
                o.write(new if isinstance(new, bytes) else new.encode())
        if fix and not f.startswith('../') and new is not None:
            sums = json.loads(get(os.path.join(cp, 'checksums.json')))
            b = get(path)
            sums['files'][f] = {'bytes': len(b), 'crc32': f'{zlib.crc32(b):08x}'}
            put(os.path.relpath(os.path.join(cp, 'checksums.json'), work), json.dumps(sums))
        run('run ' + name, base + ['-o', to, '--resume'], codes, names)

    for f in ('trainer.json', 'optimizer.bin', 'config.json', 'model.safetensors', 'checksums.json'):
        for name, c in {'cut': lambda b: b[:len(b) // 2], 'empty': b'', 'changed': lambda b: b[:40] + bytes([b[40] ^ 1]) + b[41:], 'missing': None, 'longer': lambda b: b + b'\0'}.items():
            again(f'{f} {name}: the one before is taken', f, c, (0,), fix=False)
    state = json.loads(get(os.path.join(whole, last[-2], 'trainer.json')))
    for k, v in [('best_step', -1), ('best_step', 1.5), ('best_step', 'x'), ('stale', -1), ('stale', 1e300), ('evaluated', []), ('train_seconds', -1), ('train_seconds', 'x'), ('best', 'x'), ('best', []), ('before', 7), ('before', None),
                 ('evals', {}), ('evals', None), ('settings', 7), ('settings', []), ('settings', {}), ('settings', None), ('step', 999)]:
        again(f'trainer.json: {k} = {v!r}', 'trainer.json', json.dumps(dict(state, **{k: v})), (2, 4) if k not in ('step', 'best') else (0, 2, 4))
    for name, t in {'empty': '', 'nonsense': '{', 'a list': '[]', 'deep': '[' * 1000, 'a duplicate': '{"step":1,"step":2}', 'binary': b'\0\1\2'}.items():
        again(f'trainer.json {name}', 'trainer.json', t, (2, 4), names=['trainer.json'] if name != 'a list' else [])
    for name, c in {'empty': b'', 'short': lambda b: b[:20], 'another magic': lambda b: b'EVILADAM' + b[8:], 'more floats': lambda b: b[:16] + struct.pack('<Q', 2**60) + b[24:], 'more rows': lambda b: b[:24] + struct.pack('<Q', 2**60) + b[32:],
                    'half': lambda b: b[:len(b) // 2], 'longer': lambda b: b + bytes(1000), 'another step': lambda b: b[:8] + struct.pack('<Q', 2**40) + b[16:], 'NaN': lambda b: b[:48] + b'\xff' * 16 + b[64:]}.items():
        again(f'optimizer.bin {name}', 'optimizer.bin', c, (4, 5) if name != 'NaN' else (0, 4, 5))
    for name, t in {'a list': '[]', 'nonsense': '{', 'absolute paths': '{"files":{"/etc/passwd":{"bytes":1,"crc32":"0"}}}', 'outside': '{"files":{"../../x":{"bytes":1,"crc32":"0"}}}', 'numbers': '{"files":{"config.json":7}}', 'no files': '{}'}.items():
        again(f'checksums.json {name}', 'checksums.json', t, (0, 4), fix=False)
    again('checksums.json empty: no file is the run\'s', 'checksums.json', '{"files":{}}', (2,), fix=False, names=['did not write'])
    for name, t in {'binary': bytes(range(256)) * 10, 'huge steps': '{"type":"step","step":99999999999999999999999}\n' * 5, 'no line ends': 'x' * 100000, 'empty': '', 'negative': '{"step":-1}\n'}.items():
        again(f'log.jsonl {name}', '../log.jsonl', t, (0, 1, 3))
    for name, t in {'binary': bytes(range(256)), 'empty': '', 'a list': '[]', 'deep': '[' * 500}.items():
        again(f'report.json {name}', '../report.json', t, (2,), names=['is not a run of stsfit'])
        put('shown/report.json', t)
        run(f'run report of {name}', ['report', os.path.join(work, 'shown')], (1, 3, 4))
        run(f'run eval without data of {name}', ['eval', '-m', os.path.join(work, 'shown')], (3, 4))
        run(f'run info of {name}', ['info', os.path.join(work, 'shown')], (4,))
    again('predictions.tsv binary', '../predictions.tsv', bytes(range(256)), (0,))
    again('a checkpoint that is a file', '../checkpoint-99', b'x', (0, 1, 4))
    again('a checkpoint with a huge number', '../checkpoint-99999999999999999999999', b'x', (0, 1, 4))


def row_cases():
    """What reports count, over random small files (rows.py)."""
    if WORD and WORD not in 'rows':
        return
    p = subprocess.run([sys.executable, os.path.join(ROOT, 'tests/torture/rows.py'), PROGRAM, '60'], capture_output=True, text=True)
    expect('rows', p.returncode == 0, p.stdout + p.stderr)


for cases in (row_cases, data_cases, weight_cases, archive_cases, json_cases, option_cases, run_cases):
    cases()
shutil.rmtree(work, ignore_errors=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
if peak > 500 and not SANITIZED and not WORD:
    failed += 1
    print(f'FAILED: {peak} MB')
print(f'slowest: {worst[0]:.2f} s ({worst[1]}); most memory: {peak} MB')
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0)
