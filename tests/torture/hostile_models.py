"""More model directories for hostile.py: weights, archives and JSON that must be refused with the
place named, and odd ones that must give the very same vectors."""
import io, json, os, struct, tarfile, zipfile, zlib


def weight_cases(h):
    good = h.get(os.path.join(h.BERT, 'model.safetensors'))
    head, body = h.split(good)
    keys = sorted((k for k in head if k != '__metadata__'), key=lambda k: head[k]['data_offsets'])
    first, last = keys[0], keys[-1]
    size = len(body)
    f32 = lambda a, b, shape: {'dtype': 'F32', 'shape': shape, 'data_offsets': [a, b]}

    def bad(name, change, names=(), more=b'', seconds=1.0):
        c = json.loads(json.dumps(head))
        text = change(c)
        h.model('weights: ' + name, {'model.safetensors': h.tensors(c if text is None else text, body + more)}, names=('model.safetensors',) + tuple(names), seconds=seconds)

    def swap(c):
        a, b = c[keys[1]], c[keys[2]]
        a['data_offsets'], b['data_offsets'] = b['data_offsets'], a['data_offsets']

    a0, b0 = head[first]['data_offsets']
    bad('a hole at the start', lambda c: [v.update(data_offsets=[x + 4 for x in v['data_offsets']]) for k, v in c.items() if k != '__metadata__'] and None, more=bytes(4))
    bad('a hole in the middle', lambda c: c.update(hole=f32(size + 8, size + 12, [1])), ['hole'], bytes(12))
    bad('a hole at the end', lambda c: None, more=bytes(4))
    bad('the same range twice', lambda c: c.update(again=dict(c[first])))
    bad('a range within another', lambda c: c.update(again=f32(a0 + 4, a0 + 8, [1])))
    bad('a range over a border', lambda c: c.update(again=f32(b0 - 4, b0 + 4, [2])))
    bad('two tensors in each other\'s place', swap)
    bad('one beyond the end', lambda c: c.update(x=f32(size, size + 4, [1])), ['x'])
    bad('the end before the start', lambda c: c.update(x=f32(size, size - 4, [1])), ['x'])
    bad('an end near 2^64', lambda c: c.update(x=f32(size, 2**64 - 4, [1])))
    bad('a start and end near 2^64', lambda c: c.update(x=f32(2**64 - 8, 2**64 - 4, [1])))
    bad('an empty range far away', lambda c: c.update(x=f32(10**15, 10**15, [0])), ['x'])
    for name, shape in {'2^62 by 4': [2**62, 4], '2^32 twice': [2**32, 2**32], 'four of 2^16': [2**16] * 4, '2^61': [2**61], '-1': [-1], '-1 twice': [-1, -1], '1.0': [1.0], '1e0': None, 'true': [True], 'a text': ['1'], 'null': [None], 'an object': {},
                        'a number': 1, 'nested': [[1]], 'nine': [1] * 9, 'a thousand': [1] * 1000, '0 and 2^63': [0, 2**63, 2**63], '-0': None, '2^64': [2**64], '10^30': [10**30]}.items():
        if shape is not None:
            bad('shape ' + name, lambda c: c.update(x=f32(size, size + 4, shape)), more=bytes(4))
    for t in ('"shape":[1e0]', '"shape":[-0]', '"shape":[01]', '"shape":[0x1]', '"shape":[1,]', '"shape":[,1]', '"shape":[1 1]', '"shape":[+1]', '"shape":[1_0]', '"shape":[1.]'):
        bad(t, lambda c: json.dumps(c)[:-1] + f',"x":{{"dtype":"F32",{t},"data_offsets":[{size},{size + 4}]}}}}', more=bytes(4))
    for t in (f'[{size}.0,{size + 4}]', f'["{size}","{size + 4}"]', f'[{size},{size + 4},0]', f'[{size}]', '[]', f'{{"0":{size}}}', f'[null,{size}]', '[true,false]', f'[-4,{size}]', f'[{size}e0,{size + 4}]', f'[[{size},{size + 4}]]'):
        bad('offsets ' + t, lambda c: json.dumps(c)[:-1] + f',"x":{{"dtype":"F32","shape":[1],"data_offsets":{t}}}}}', more=bytes(4))
    for d in ('F4', 'F128', 'I128', 'U4', 'FP32', 'float32', 'torch.float32', 'F32\\u0000', 'F\\u0033\\u0032x', 'BF32', 'C128', '\\ud83d\\ude00', 'F32\\n', ''):
        bad('dtype ' + d, lambda c: json.dumps(c)[:-1] + f',"x":{{"dtype":"{d}","shape":[1],"data_offsets":[{size},{size + 4}]}}}}', more=bytes(4))
    for d in ('F16', 'BF16', 'F64', 'I64', 'U8', 'BOOL', 'F8_E4M3', 'I16', 'U64'):
        bad(f'{d} whose range is that of F32', lambda c: c.update(x={'dtype': d, 'shape': [1], 'data_offsets': [size, size + 4]}), ['x'], bytes(4))
    for d in ('I64', 'I32', 'I16', 'I8', 'U8', 'BOOL', 'U32', 'U64', 'F8_E4M3', 'F8_E5M2'):
        n = {'I64': 8, 'U64': 8, 'I32': 4, 'U32': 4, 'I16': 2}.get(d, 1)
        count = (b0 - a0) // 4
        blob = h.tensors({**{k: v for k, v in head.items() if k not in (first,)}, first: dict(head[first], dtype=d, data_offsets=[0, count * n]),
                          **{k: dict(head[k], data_offsets=[x - (b0 - a0) + count * n for x in head[k]['data_offsets']]) for k in keys[1:]}}, bytes(count * n) + body[b0 - a0:])
        h.model(f'weights: {d} for a weight', {'model.safetensors': blob}, names=['model.safetensors', d])
    for name, t in {'a list of pairs': lambda t: json.dumps(list(json.loads(t).items())), 'a text': lambda t: json.dumps(t), 'cut': lambda t: t[:-5], 'twice': lambda t: t + t, 'a comma behind': lambda t: t + ',', 'a line comment': lambda t: t + '//',
                    'a NUL before': lambda t: '\0' + t, 'a space before': lambda t: ' ' + t, 'a line end before': lambda t: '\n' + t, 'a tab in a key': lambda t: t.replace(first, first + '\t', 1), 'an unquoted key': lambda t: t.replace(f'"{first}"', first, 1),
                    'capital TRUE': lambda t: t[:-1] + ',"x":TRUE}', 'two dtypes': lambda t: t.replace('"dtype":', '"dtype": "F32", "dtype":', 1), 'two shapes': lambda t: t.replace('"shape":', '"shape": [1], "shape":', 1), 'two metadata': lambda t: '{"__metadata__": {}, "__metadata__": {}, ' + t[1:].replace('__metadata__', 'zz', 1),
                    'the same name escaped': lambda t: t[:-1] + ',"\\u00%02x%s": %s}' % (ord(first[0]), first[1:], json.dumps(head[first])), 'metadata null': lambda t: '{"__metadata__":null,' + json.dumps({k: head[k] for k in keys})[1:], 'metadata with null': lambda t: '{"__metadata__":{"a":null},' + json.dumps({k: head[k] for k in keys})[1:],
                    'metadata nested': lambda t: '{"__metadata__":{"a":{"b":"c"}},' + json.dumps({k: head[k] for k in keys})[1:], 'metadata a text': lambda t: '{"__metadata__":"a",' + json.dumps({k: head[k] for k in keys})[1:], 'metadata twice in it': lambda t: '{"__metadata__":{"a":"b","a":"c"},' + json.dumps({k: head[k] for k in keys})[1:],
                    'metadata with half a surrogate': lambda t: '{"__metadata__":{"a":"\\udead"},' + json.dumps({k: head[k] for k in keys})[1:], 'nothing but metadata': lambda t: '{"__metadata__":{"format":"pt"}}', 'empty object': lambda t: '{}', 'an empty name': lambda t: t[:-1] + f',"":{{"dtype":"F32","shape":[1],"data_offsets":[{size},{size + 8}]}}}}',
                    '100,001 tensors': lambda t: '{' + ','.join(f'"{i}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}' for i in range(100001)) + '}', '100,001 entries of metadata': lambda t: '{"__metadata__":{' + ','.join(f'"{i}":""' for i in range(100001)) + '},' + t[1:],
                    '65 levels in metadata': lambda t: '{"__metadata__":{"a":' + '[' * 65 + ']' * 65 + '},' + t[1:], 'a name of 513 bytes': lambda t: t[:-1] + ',"' + 'x' * 513 + f'":{{"dtype":"F32","shape":[0],"data_offsets":[{size},{size}]}}}}'}.items():
        bad('header: ' + name, lambda c: t(json.dumps(c)), seconds=2)
    for name, b in {'byte 0xff': b'\xff', 'an overlong byte': b'\xc1\x81', 'a surrogate': b'\xed\xb0\x80', 'Latin-1': b'\xe9'}.items():
        bad(f'header: {name} in a key', lambda c: json.dumps(c).encode().replace(first.encode(), first.encode() + b, 1))
    for n in range(2, 8):
        h.model(f'weights: {n} bytes', {'model.safetensors': good[:n]}, names=['model.safetensors'])
    for name, data in {'a pickle': h.archive(h.pickled(h.tensor())), 'HDF5': b'\x89HDF\r\n\x1a\n' + bytes(90), 'text': 'hello world, this is no model\n', 'HTML': '<!DOCTYPE html><html>' + ' ' * 90, 'zeros': bytes(1000), 'ones': b'\xff' * 1000, 'a GGUF': b'GGUF\3\0\0\0' + bytes(90),
                       'a gzip': zlib.compress(good), 'its own header only': good[:8 + struct.unpack('<Q', good[:8])[0]], 'an LFS pointer, CRLF': 'version https://git-lfs.github.com/spec/v1\r\noid sha256:1\r\n', 'big-endian length': good[:8][::-1] + good[8:]}.items():
        h.model('weights: in fact ' + name, {'model.safetensors': data}, names=['model.safetensors'])
    for k in keys:
        if k.startswith('pooler.'):  # not used
            continue
        n = k.split('.')[-1]
        h.model(f'weights: {k} transposed or longer', {'model.safetensors': h.tensors({**head, k: dict(head[k], shape=(head[k]['shape'][::-1] if head[k]['shape'] != head[k]['shape'][::-1] else [1] + head[k]['shape']))}, body)}, names=['model.safetensors', n])

    h.model('weights: finite, but so large that vectors overflow', {'model.safetensors': h.tensors(head, struct.pack('<f', 3e38) * (size // 4))}, names=['NaN or infinite'])

    # ---- odd but right ----
    def same(name, c, b=body):
        h.same('weights: ' + name, {'model.safetensors': h.tensors(c, b)})

    text = json.dumps(head)
    plain = {k: v for k, v in head.items() if k != '__metadata__'}
    same('no metadata', plain)
    same('empty metadata', {'__metadata__': {}, **plain})
    same('spaces behind', text + ' ' * 1000)
    same('line ends within', json.dumps(head, indent=4))
    same('tensors in another order', dict(reversed(list(plain.items()))))
    same('members in another order', {k: dict(reversed(list(v.items()))) for k, v in plain.items()})
    same('escaped names', json.dumps(head).replace(first, ''.join('\\u%04x' % ord(x) for x in first), 1))
    same('an extra tensor', {**head, 'x': f32(size, size + 4, [1])}, body + bytes(4))
    same('an extra tensor of no elements', {**head, 'x': f32(size, size, [0, 7])})
    same('an extra scalar', {**head, 'x': f32(size, size + 4, [])}, body + bytes(4))
    for d, n in {'I64': 8, 'BOOL': 1, 'F8_E4M3': 1, 'F8_E4M3FNUZ': 1, 'F8_E5M2FNUZ': 1, 'U16': 2, 'F16': 2}.items():
        same(f'an extra {d}', {**head, 'x': {'dtype': d, 'shape': [1], 'data_offsets': [size, size + n]}}, body + bytes(n))
    wide = b''.join(struct.pack('<d', x) for x in struct.unpack(f'<{size // 4}f', body))
    same('float64', {k: dict(v, dtype='F64', data_offsets=[2 * x for x in v['data_offsets']]) for k, v in plain.items()}, wide)
    same('names below bert.', {'bert.' + k: v for k, v in plain.items()})
    h.same('weights: a pytorch_model.bin beside', {'pytorch_model.bin': b'evil'})
    h.same('weights: an index beside', {'model.safetensors.index.json': '{"weight_map":{"a":"../x"}}'})


def shard_cases(h):
    head, body = h.split(h.get(os.path.join(h.BERT, 'model.safetensors')))
    keys = [k for k in head if k != '__metadata__']
    def shard(names):
        out, data = {}, b''
        for k in names:
            a, b = head[k]['data_offsets']
            out[k] = dict(head[k], data_offsets=[len(data), len(data) + b - a])
            data += body[a:b]
        return h.tensors(out, data)
    half = len(keys) // 2
    files = {'a.safetensors': shard(keys[:half]), 'b.safetensors': shard(keys[half:])}
    right = {k: 'a.safetensors' if i < half else 'b.safetensors' for i, k in enumerate(keys)}
    index = lambda m, **k: {'model.safetensors.index.json': m if isinstance(m, str) else json.dumps({'metadata': {'total_size': 1}, 'weight_map': m, **k})}
    gone = ['model.safetensors']
    h.same('shards: two', {**files, **index(right)}, gone)
    for name, m in {'swapped': {k: 'b.safetensors' if v[0] == 'a' else 'a.safetensors' for k, v in right.items()}, 'one tensor missing': {k: v for k, v in right.items() if k != keys[0]} | {'zz': 'a.safetensors'}, 'up': {**right, keys[0]: '../a.safetensors'},
                    'up and down': {**right, keys[0]: 'x/../a.safetensors'}, 'a folder': {**right, keys[0]: './a.safetensors'}, 'absolute': {**right, keys[0]: '/etc/passwd'}, 'a drive': {**right, keys[0]: 'C:a.safetensors'}, 'a NUL': {**right, keys[0]: 'a.safetensors\0'},
                    'empty': {**right, keys[0]: ''}, 'null': {**right, keys[0]: None}, 'a list': {**right, keys[0]: ['a.safetensors']}, 'hidden': {**right, keys[0]: '.a'}, 'a pickle': {**right, keys[0]: 'pytorch_model.bin'}, 'a URL': {**right, keys[0]: 'https://x.invalid/a'},
                    'a list of all': list(right.items()), 'null at all': None, 'a text': 'a.safetensors', 'of nothing': {}, 'escape sequences': {**right, keys[0]: '\x1b[31m'}, '5,000 files': {f't{i}': f'{i}.safetensors' for i in range(5000)}, 'a long name': {**right, keys[0]: 'x' * 5000}}.items():
        h.model('shards: ' + name, {**files, **index(m)}, remove=gone, names=[('index.json', 'pytorch_model.bin', 'safetensors')])
    for name, t in {'twice': '{"weight_map":{"a":"a.safetensors","a":"b.safetensors"}}', 'no map': '{"metadata":{}}', 'cut': '{"weight_map":{', 'deep': '[' * 1000, 'empty': '', 'binary': '\0\1'}.items():
        h.model('shards: index ' + name, {**files, **index(t)}, remove=gone, names=['index.json'])
    h.model('shards: a tensor in both', {'a.safetensors': shard(keys[:half + 1]), 'b.safetensors': files['b.safetensors'], **index(right)}, remove=gone, names=['twice'])
    h.model('shards: one cut', {'a.safetensors': files['a.safetensors'][:-3], 'b.safetensors': files['b.safetensors'], **index(right)}, remove=gone, names=['a.safetensors'])
    h.model('shards: one an LFS pointer', {**files, 'b.safetensors': 'version https://git-lfs.github.com/spec/v1\noid x\n', **index(right)}, remove=gone, names=['b.safetensors', 'LFS'])
    many = [h.tensors({f't{i}': {'dtype': 'F32', 'shape': [1], 'data_offsets': [0, 4]}}, b'\0' * 4) for i in range(513)]
    h.model('shards: one too many', {**{f'{i}.safetensors': s for i, s in enumerate(many)}, **index({f't{i}': f'{i}.safetensors' for i in range(513)})}, remove=gone, names=['index.json', '512'])
    h.model('shards: of PyTorch, none', {'pytorch_model.bin.index.json': '{"weight_map":{}}'}, remove=gone)
    h.model('shards: metadata null', {**files, **index(right, metadata=None)}, remove=gone, names=['index.json', 'metadata'])


def archive_cases(h):
    def zp(name, blob, names=(), seconds=1.0):
        h.model('archive: ' + name, {'pytorch_model.bin': blob}, names=('pytorch_model.bin',) + tuple(names), remove=['model.safetensors'], seconds=seconds)

    good = h.archive(h.pickled(h.tensor()))
    at = good.rindex(b'PK\5\6')
    cd = good.index(b'PK\1\2')
    def patch(b, off, data):
        return b[:off] + data + b[off + len(data):]
    for name, blob in {'no end record': good[:at], 'the end record twice': good + good[at:], 'bytes before': b'x' * 100 + good, 'bytes behind': good + b'x' * 100, 'a directory at 2^31': patch(good, at + 16, struct.pack('<I', 2**31)), 'a directory of 2^31 bytes': patch(good, at + 12, struct.pack('<I', 2**31)),
                       '65,535 entries': patch(good, at + 8, b'\xff\xff\xff\xff'), 'no entries': patch(good, at + 8, bytes(4)), 'another disk': patch(good, at + 4, b'\1\0'), 'a comment beyond the end': patch(good, at + 20, b'\xff\xff'), 'encrypted': patch(patch(good, cd + 8, b'\1\0'), 6, b'\1\0'),
                       'strong encryption': patch(good, cd + 8, b'\x41\0'), 'bzip2 claimed': patch(good, cd + 10, b'\x0c\0'), 'LZMA claimed': patch(good, cd + 10, b'\x0e\0'), 'method 99': patch(good, cd + 10, b'\x63\0'), 'a CRC changed': patch(good, cd + 16, b'\1\2\3\4'), 'a size changed': patch(good, cd + 20, b'\1\0\0\0'),
                       'a size of 2^32-1': patch(good, cd + 20, b'\xff' * 8), 'a local header elsewhere': patch(good, cd + 42, b'\x10\0\0\0'), 'a local header at 2^31': patch(good, cd + 42, b'\0\0\0\x80'), 'a name of 65,535 bytes': patch(good, cd + 28, b'\xff\xff'), 'a local name changed': patch(good, 30, b'X'),
                       'only an end record': b'PK\5\6' + bytes(18), 'only a local header': good[:40], 'a spanned archive': b'PK\7\x08' + good, 'a rar': b'Rar!\x1a\7\0' + bytes(90), 'zip64 of nonsense': good[:at] + b'PK\6\7' + bytes(16) + patch(good[at:], 8, b'\xff' * 12)}.items():
        zp(name, blob)
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode='w') as t:
        for n in ('sys_info', 'pickle', 'tensors', 'storages', '../../x'):
            t.addfile(tarfile.TarInfo(n))
    zp('a real tar', tar.getvalue())
    zp('old: magic, protocol, sizes', b'\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}q\0(X\x10\0\0\0protocol_versionq\1M\xe9\x03u.')
    zp('a bare pickle', h.pickled(h.tensor()))
    zp('a pickle of text', b'(lp0\n.')
    zp('numpy', b'\x93NUMPY\1\0v\0')
    for name, f in {'os.popen': 'os\npopen', 'shutil.rmtree': 'shutil\nrmtree', 'builtins.open': 'builtins\nopen', 'builtins.compile': 'builtins\ncompile', 'builtins.globals': 'builtins\nglobals', 'builtins.list': 'builtins\nlist', 'builtins.set': 'builtins\nset', 'builtins.bytearray': 'builtins\nbytearray', 'collections.Counter': 'collections\nCounter', 'collections.defaultdict': 'collections\ndefaultdict',
                    'torch.nn.Linear': 'torch.nn\nLinear', 'torch.jit.load': 'torch.jit\nload', 'torch.hub.load': 'torch.hub\nload', 'torch._utils._rebuild_sparse_tensor': 'torch._utils\n_rebuild_sparse_tensor', 'torch._utils._rebuild_qtensor': 'torch._utils\n_rebuild_qtensor', 'torch._utils._rebuild_device_tensor_from_numpy': 'torch._utils\n_rebuild_device_tensor_from_numpy',
                    'torch._tensor._rebuild_from_type_v2': 'torch._tensor\n_rebuild_from_type_v2', 'torch.float32': 'torch\nfloat32', 'torch.FloatStorage': 'torch\nFloatStorage', 'copyreg._reconstructor': 'copyreg\n_reconstructor', 'codecs.encode': '_codecs\nencode', 'functools.partial': 'functools\npartial', 'operator.attrgetter': 'operator\nattrgetter', 'runpy.run_path': 'runpy\nrun_path',
                    'importlib.import_module': 'importlib\nimport_module', 'ctypes.CDLL': 'ctypes\nCDLL', 'socket.socket': 'socket\nsocket', 'pty.spawn': 'pty\nspawn', 'code.interact': 'code\ninteract', 'pip.main': 'pip\nmain', 'timeit.timeit': 'timeit\ntimeit', 'transformers': 'transformers.training_args\nTrainingArguments', 'dots': 'os.path\n..', 'an escape': '\x1b[31m\nx', 'not UTF-8': '\xff\n\xfe'}.items():
        call = b'c' + f.encode('latin-1') + b'\n(' + h.text('true') + b'tR'
        zp(f'{name} called', h.archive(b'\x80\x02' + call + b'.'))
        zp(f'{name} called for a value', h.archive(h.pickled(call)))
    for name, body in {'built with a state': b'ccollections\nOrderedDict\n)R}' + h.text('a') + b'K\1sb', 'an object with a reduce of a text': h.text('x') + b')R', 'a storage called': h.storage() + b')R', 'a tensor called': h.tensor() + b')R', 'a call without a tuple': b'ccollections\nOrderedDict\nK\1R', 'a persistent id that is a number': b'K\1Q',
                       'a persistent id of two': b'(' + h.text('storage') + h.text('0') + b'tQ', 'a persistent id of another kind': b'(' + h.text('module') + h.text('0') + b'tQ', 'a persistent text': b'P0\n', 'an extension': b'\x82\1', 'a list': b']K\1a', 'a frozen set': b'(\x91', 'a float': b'G' + bytes(8), 'None': b'N', 'True': b'\x88', 'bytes': b'C\1x', 'a tensor in a list': b']' + h.tensor() + b'a',
                       'a tensor in a tuple': h.tensor() + b'\x85', 'a dictionary': b'}', 'a global': b'ctorch\nFloatStorage\n'}.items():
        zp('a value that is ' + name, h.archive(h.pickled(body)))
    for name, p in {'a key twice': b'\x80\x02}(' + h.text('w') + h.tensor() + h.text('w') + h.tensor() + b'u.', 'a key of None': b'\x80\x02}N' + h.tensor() + b's.', 'a key that is a tensor': b'\x80\x02}' + h.tensor() + h.tensor() + b's.', 'an odd number of items': b'\x80\x02}(' + h.text('w') + b'u.', 'an underflow': b'\x80\x02.', 'an underflow of SETITEM': b'\x80\x02}s.', 'an underflow of SETITEMS': b'\x80\x02}u.',
                    'a mark left': b'\x80\x02(}.', 'two left': b'\x80\x02}}.', 'a mark popped': b'\x80\x02}((t.', 'TUPLE without a mark': b'\x80\x02}t.', 'TUPLE3 of two': b'\x80\x02NN\x87.', 'BINGET of itself': b'\x80\x02}q\0h\1.', 'LONG_BINPUT 2^31': b'\x80\x02}r\0\0\0\x80.', 'LONG_BINGET 2^32-1': b'\x80\x02}j\xff\xff\xff\xff.', 'a dictionary in itself': b'\x80\x02}q\0' + h.text('a') + b'h\0s.',
                    'a million memos': b'\x80\x02}' + b''.join(b'r' + struct.pack('<I', i) for i in range(200000)) + b'.', 'a million tuples': b'\x80\x02' + b')' * 1000000 + b'.', 'a text of 2^31': b'\x80\x02X\0\0\0\x80', 'a text not UTF-8': b'\x80\x02}(X\1\0\0\0\xff' + h.tensor() + b'u.', 'a name with a NUL': b'\x80\x02}(' + h.text('a\0b') + h.tensor() + b'u.', 'a name of 100 KB': b'\x80\x02}(' + h.text('x' * 100000) + h.tensor() + b'u.',
                    'an empty name': b'\x80\x02}(' + h.text('') + h.tensor() + b'u.', 'LONG1 of 255 bytes': b'\x80\x02\x8a\xff' + bytes(255) + b'.', 'LONG4 of -1': b'\x80\x02\x8b\xff\xff\xff\xff.', 'protocol 0': b'\x80\0}.', 'protocol 255': b'\x80\xff}.', 'PROTO twice': b'\x80\x02\x80\x02}.', 'PROTO in the middle': b'\x80\x02}\x80\x02.', 'a frame': b'\x80\x04\x95\x02\0\0\0\0\0\0\0}.', 'a short GLOBAL': b'\x80\x02ctorch', 'a GLOBAL of 1 MB': b'\x80\x02c' + b'x' * (1 << 20) + b'\ny\n.'}.items():
        zp('pickle: ' + name, h.archive(p), seconds=2)
    big = struct.pack('<6f', *range(6))
    for name, t, rec in [('a stride of zero', h.tensor(stride=(0, 1)), big), ('overlapping rows', h.tensor(stride=(1, 1)), big), ('an offset of 2^31-1', h.tensor(offset=2**31 - 1), big), ('an offset below zero', h.tensor(offset=-1), big), ('a shape of -1', h.tensor(shape=(-1, 3)), big), ('2^31-1 by 2^31-1', h.tensor(shape=(2**31 - 1, 2**31 - 1)), big), ('a storage of -1', h.tensor(n=-1), big),
                         ('a storage of 2^31-1', h.tensor(n=2**31 - 1), big), ('a storage of none', h.tensor(n=0), big), ('a record of 23 bytes', h.tensor(), big[:23]), ('a record of 25 bytes', h.tensor(), big + b'x'), ('an empty record', h.tensor(), b''), ('half floats claimed', h.tensor(cls='HalfStorage'), big), ('doubles claimed', h.tensor(cls='DoubleStorage'), big), ('complex', h.tensor(cls='ComplexFloatStorage'), big),
                         ('quint8', h.tensor(cls='QUInt8Storage'), big), ('untyped', h.tensor(cls='UntypedStorage', module='torch.storage'), big), ('longs for a weight', h.tensor(cls='LongStorage', n=3), big), ('a key with a slash', h.tensor(key='a/0'), big), ('a key up', h.tensor(key='../data.pkl'), big), ('a key of 10 KB', h.tensor(key='0' * 10000), big), ('a key with an escape', h.tensor(key='\x1b[31m'), big)]:
        zp('tensor: ' + name, h.archive(h.pickled(t), {'0': rec}))
    zp('a record stored, data.pkl deflated', h.archive(None, extra=[('m/data.pkl', h.pickled(h.tensor()))], method=zipfile.ZIP_DEFLATED))
    zp('byteorder of nonsense', h.archive(h.pickled(h.tensor()), order=b'middle'))
    zp('byteorder twice', h.archive(h.pickled(h.tensor()), extra=[('m/byteorder', b'big')]))
    zp('data.pkl twice', h.archive(h.pickled(h.tensor()), extra=[('m/data.pkl', b'\x80\x02}.')]))
    zp('data.pkl at the top', h.archive(None, extra=[('data.pkl', h.pickled(h.tensor()))]))
    zp('a bomb of data.pkl', h.archive(None, extra=[('m/data.pkl', bytes(100 << 20))], method=zipfile.ZIP_DEFLATED))
    zp('names that differ in case', h.archive(h.pickled(h.tensor()), extra=[('m/DATA.PKL', b'')]))


def strides(shape):
    out = []
    for _ in shape:
        out.insert(0, out[0] * shape[len(shape) - len(out)] if out else 1)
    return out


def pytorch_same(h):
    """The weights of the small BERT as PyTorch would write them."""
    head, body = h.split(h.get(os.path.join(h.BERT, 'model.safetensors')))
    items, records = b'', {}
    for i, k in enumerate(k for k in head if k != '__metadata__'):
        a, b = head[k]['data_offsets']
        records[str(i)] = body[a:b]
        items += h.text(k) + h.tensor(shape=head[k]['shape'], stride=strides(head[k]['shape']), key=str(i), n=(b - a) // 4)
    whole = b'\x80\x02}(' + items + b'u.'
    gone = ['model.safetensors']
    h.same('archive: PyTorch', {'pytorch_model.bin': h.archive(whole, records)}, gone)
    h.same('archive: PyTorch, no byteorder', {'pytorch_model.bin': h.archive(whole, records, order=None)}, gone)
    h.same('archive: PyTorch, another root', {'pytorch_model.bin': h.archive(whole, records, root='archive')}, gone)
    h.same('archive: an OrderedDict', {'pytorch_model.bin': h.archive(b'\x80\x02ccollections\nOrderedDict\n)R(' + items + b'u.', records)}, gone)
    views = b'\x80\x02}(' + items + h.text('x') + h.tensor(shape=(64,), stride=(0,), key='0', n=len(records['0']) // 4) + b'u.'
    h.same('archive: an extra view by a stride of zero', {'pytorch_model.bin': h.archive(views, records)}, gone)
    half = len(records) // 2
    parts, names = [[], []], [k for k in head if k != '__metadata__']
    for i, k in enumerate(names):
        parts[i >= half].append(h.text(k) + h.tensor(shape=head[k]['shape'], stride=strides(head[k]['shape']), key=str(i), n=len(records[str(i)]) // 4))
    shards = {f'p{j}.bin': h.archive(b'\x80\x02}(' + b''.join(parts[j]) + b'u.', {str(i): records[str(i)] for i in range(len(names)) if (i >= half) == j}) for j in (0, 1)}
    index = {k: f'p{int(i >= half)}.bin' for i, k in enumerate(names)}
    h.same('shards: of PyTorch', {**shards, 'pytorch_model.bin.index.json': json.dumps({'weight_map': index})}, gone)
    h.model('shards: of PyTorch, one cut', {**shards, 'p1.bin': shards['p1.bin'][:-9], 'pytorch_model.bin.index.json': json.dumps({'weight_map': index})}, names=['p1.bin'], remove=gone)
    h.same('archive: a deflated one is refused or right', {'pytorch_model.bin': h.archive(whole, records, method=zipfile.ZIP_DEFLATED)}, gone, codes=(0, 4))


WRONG = [None, True, 'x', '', [], {}, -1, 0, 0.5, 1e300, [1], {'a': 1}]


def json_cases(h):
    load = lambda f: json.loads(h.get(os.path.join(h.BERT, f)))
    def each(f, key, value, codes=(4,), names=None, base=None):
        j = dict(load(f) if base is None else base)
        j[key] = value
        h.model(f'{f}: {key} = {str(value)[:24]!r}', {f: json.dumps(j)}, codes, [key] if names is None else names)

    numbers = ('hidden_size', 'num_hidden_layers', 'num_attention_heads', 'intermediate_size', 'vocab_size', 'max_position_embeddings', 'type_vocab_size')
    for k in numbers:
        for v in WRONG + [2**31, 2**53, 10**30, 1.5]:
            each('config.json', k, v, names=['config.json' if not (isinstance(v, (int, float)) and v is not True) else ''])
    for k in ('layer_norm_eps', 'hidden_dropout_prob', 'attention_probs_dropout_prob'):
        for v in (None, 'x', [], {}, True, -1, 2, 1e300, '0.1'):
            each('config.json', k, v)
    for k in ('hidden_act', 'model_type'):
        for v in (None, 7, [], {}, True, '', 'GELU', 'gelu ', 'relu6x', '../x', '\x1b[31m', 'x' * 3000):
            each('config.json', k, v, names=['config.json'])
    for k, vs in {'is_decoder': [True, 'no', 1], 'add_cross_attention': [True], 'is_encoder_decoder': [True], 'position_embedding_type': ['relative_key', 'relative_key_query', 'rope', 'alibi', 7, 'Absolute'], 'rope_scaling': [{'type': 'linear', 'factor': 2}], 'quantization_config': [{'quant_method': 'gptq'}, {'load_in_8bit': True}, 'x'],
                  'pruned_heads': [{'0': [0]}], 'auto_map': [{'AutoModel': 'modeling.X'}, 'x'], 'dtype': ['int8', 'float8_e4m3fn', 'x', 7, []], 'torch_dtype': ['evil', {}], 'transformers_weights': ['x.safetensors', '../x'], 'pad_token_id': [-1, 10**9, 'x', 1.5, [0]], 'use_bfloat16': [True]}.items():
        for v in vs:
            each('config.json', k, v, names=['config.json'])
    for k, vs in {'truncation_side': ['left', 'LEFT', 7, []], 'padding_side': ['left', 'middle', {}], 'split_special_tokens': [True, 'yes'], 'model_max_length': [0, -1, 0.5, 'x', [], {}, True], 'do_lower_case': ['no', 1, []], 'tokenizer_class': ['RobertaTokenizer', 'XLMRobertaTokenizer', 'BertJapaneseTokenizer', 7, []],
                  'cls_token': ['[SEP]', 'evil', {'content': 'evil'}], 'sep_token': ['[CLS]', 'evil'], 'unk_token': ['[MASK]', 'evil'], 'mask_token': ['evil'], 'additional_special_tokens': [['evil']], 'extra_special_tokens': [['evil'], {'a': 'evil'}], 'added_tokens_decoder': [{'1': {'content': 'evil'}}],
                  'model_input_names': [[], ['input_ids'], ['attention_mask'], 'input_ids', [1, 2]], 'strip_accents': ['x'], 'tokenize_chinese_chars': ['x', 0]}.items():
        for v in vs:
            each('tokenizer_config.json', k, v, names=['tokenizer'])
    each('sentence_bert_config.json', 'evil', 1)
    for k, vs in {'max_seq_length': [0, -1, 1.5, 'x', [], True, 10**9, 10**30], 'do_lower_case': ['x', 1, []], 'transformer_task': ['fill-mask', 7], 'module_output_name': ['x', 7], 'processing_kwargs': [{'text': {'max_length': 3}}], 'tokenizer_args': [{'padding_side': 'left'}, 7, ['x']], 'model_args': [{'x': 1}], 'config_args': [{'hidden_act': 'relu'}],
                  'modality_config': [{}, {'image': {}}, {'text': {'method': 'x'}}, 7, {'text': {'method': 'forward', 'method_output_name': 'pooler_output'}}]}.items():
        for v in vs:
            if not (k == 'modality_config' and v == {}):
                each('sentence_bert_config.json', k, v, names=['sentence_bert_config.json'])
    for k, vs in {'prompts': [[], 7, 'x', {'a': 7}, {'a': []}], 'default_prompt_name': ['gone', 7, []], 'similarity_fn_name': ['evil', 7], 'truncate_dim': ['x', 0, 1.5], 'model_type': ['SparseEncoder', 'CrossEncoder', 7]}.items():
        for v in vs:
            each('config_sentence_transformers.json', k, v, names=['config_sentence_transformers.json'])
    w = load('config.json')['hidden_size']
    pool = {'word_embedding_dimension': w, 'pooling_mode_mean_tokens': True}
    for k, vs in {'word_embedding_dimension': [0, -1, w + 1, 'x', 1.5, 2**40, []], 'embedding_dimension': [w - 1, 'x'], 'pooling_mode': ['evil', '', [], {}, 7, ['mean', 'evil'], ['mean', 'mean'], 'Mean', [7]], 'pooling_mode_mean_tokens': ['x', 1, []], 'pooling_mode_cls_token': ['yes'],
                  'include_prompt': ['x', 0], 'pooling_mode_evil': [True, False], 'evil': [1]}.items():
        for v in vs:
            each('1_Pooling/config.json', k, v, names=['config.json'], base=pool)
    mods = load('modules.json')
    t, p = mods[0], mods[1]
    for name, m in {'null': None, 'a text': 'x', 'an object': {'0': t}, 'nested': [[t, p]], 'of nulls': [None, None], 'Pooling first': [p, t], 'Transformer twice': [t, dict(t, name='t2', idx=1), dict(p, idx=2)], 'Pooling twice': [t, p, dict(p, name='p2', idx=2)], 'no Pooling': [t],
                    'Normalize only': [dict(t, type='sentence_transformers.models.Normalize')], 'custom code': [dict(t, type='my.module.Transformer'), p], 'a type without a dot': [dict(t, type='Transformer'), p], 'a type with a path': [dict(t, type='sentence_transformers.models.../x'), p], 'a type that is null': [dict(t, type=None), p], 'a type that is a list': [dict(t, type=[]), p],
                    'an empty type': [dict(t, type=''), p], 'kwargs': [dict(t, kwargs=['task']), p], 'path ..': [t, dict(p, path='..')], 'path a/../..': [t, dict(p, path='1_Pooling/../..')], 'path /': [t, dict(p, path='/')], 'path ~': [t, dict(p, path='~/x')], 'path C:': [t, dict(p, path='C:\\x')], 'path \\\\': [t, dict(p, path='..\\x')], 'path with a NUL': [t, dict(p, path='a\0')],
                    'path of 5,000 bytes': [t, dict(p, path='x' * 5000)], 'path with an escape': [t, dict(p, path='\x1b[31m')], 'path that is null': [t, dict(p, path=None)], 'path that is a list': [t, dict(p, path=['x'])], 'a folder that is a file': [t, dict(p, path='config.json')], 'a URL': [t, dict(p, path='https://x.invalid/')],
                    **{x: [t, p, {'idx': 2, 'name': '2', 'path': '2_X', 'type': f'sentence_transformers.models.{x}'}] for x in ('WeightedLayerPooling', 'CNN', 'LSTM', 'WordEmbeddings', 'BoW', 'WordWeights', 'Asym', 'Router', 'CLIPModel', 'MLMTransformer', 'SpladePooling', 'CSRSparsity', 'Dense', 'LayerNorm')}}.items():
        h.model('modules.json: ' + name, {'modules.json': json.dumps(m)}, names=[('modules.json', 'config.json', '2_X', 'weights')])
    dense = {'in_features': w, 'out_features': 8, 'bias': True, 'activation_function': 'torch.nn.modules.activation.Tanh'}
    with_dense = json.dumps(mods[:2] + [{'idx': 2, 'name': '2', 'path': '2_Dense', 'type': 'sentence_transformers.models.Dense'}])
    kernel = lambda out=8, dtype='F32', n=4: h.tensors({'linear.weight': {'dtype': dtype, 'shape': [out, w], 'data_offsets': [0, out * w * n]}, 'linear.bias': {'dtype': dtype, 'shape': [out], 'data_offsets': [out * w * n, out * (w + 1) * n]}}, bytes(out * (w + 1) * n))
    def dense_case(name, config, weights, names=()):
        h.model('dense: ' + name, {'modules.json': with_dense, '2_Dense/config.json': config if isinstance(config, str) else json.dumps(config), **({'2_Dense/model.safetensors': weights} if weights is not None else {})}, names=['2_Dense', *names])
    for k, vs in {'in_features': [0, w + 1, 'x', None, 2**31], 'out_features': [0, -1, 'x', None, 2**31, 9], 'bias': ['x', False], 'activation_function': ['torch.nn.modules.activation.Hardswish', 'evil.Tanh', 'torch.nn.Tanh.x', '', 7, None, 'torch.nn.modules.linear.Linear', 'torch.os.system'], 'use_residual': ['x', True], 'module_input_name': ['x', 7], 'module_output_name': ['x']}.items():
        for v in vs:
            dense_case(f'{k} = {v!r}', dict(dense, **{k: v}), kernel())
    for name, wt in {'no weights': None, 'of nothing': b'', 'cut': kernel()[:-1], 'another shape': kernel(9), 'integers': kernel(8, 'I32'), 'NaN': kernel()[:-4] + b'\0\0\xc0\x7f', 'a text': b'hello world'}.items():
        dense_case(name, dense, wt)
    for name, c in {'a list': '[]', 'cut': '{"in_features":', 'a duplicate': '{"bias":true,"bias":false}', 'empty': ''}.items():
        dense_case('config ' + name, c, kernel(), ['config.json'])
    h.model('an adapter beside', {'adapter_config.json': '{"peft_type":"LORA"}'}, names=['adapter_config.json'])
    tokenizer_cases(h, load('tokenizer.json'))
    contradictions(h, load, mods)


def contradictions(h, load, mods):
    """What the reference takes from elsewhere than from where it seems to stand."""
    config = dict(load('config.json'), architectures=['BertForCausalLM'])
    h.model('no modules.json, but a causal model', {'config.json': json.dumps(config)}, names=['architectures'], remove=['modules.json'])
    h.same('no modules.json', {}, ['modules.json'])
    for x, c in {'Normalize': None, 'LayerNorm': {'dimension': config['hidden_size']}, 'Dropout': {'dropout': 0.1}}.items():
        early = [mods[0], {'idx': 1, 'name': 'x', 'path': '1_X', 'type': 'sentence_transformers.models.' + x}, dict(mods[1], idx=2)]
        h.model(f'{x} before the Pooling', {'modules.json': json.dumps(early), **({'1_X/config.json': json.dumps(c)} if c else {})}, names=['module_input_name'])
    for n in ('', 'a.b'):
        h.model(f'a module named {n!r}', {'modules.json': json.dumps([mods[0], dict(mods[1], name=n)])}, names=['name'])
    for x in ('GPT2Tokenizer', 'T5TokenizerFast', 'LlamaTokenizer', 'PhobertTokenizer'):
        h.model('tokenizer_class ' + x, {'tokenizer_config.json': json.dumps(dict(load('tokenizer_config.json'), tokenizer_class=x))}, names=['tokenizer_class'])
    for k, v in {'cls_token': '[SEP]', 'sep_token': 7, 'unk_token': {'content': 7}, 'mask_token': ['[MASK]'], 'additional_special_tokens': 'x', 'extra_special_tokens': [7]}.items():
        h.model(f'special_tokens_map.json: {k} = {v!r}', {'special_tokens_map.json': json.dumps({k: v})}, names=[k])
    h.same('special_tokens_map.json that agrees', {'special_tokens_map.json': json.dumps({'cls_token': '[CLS]', 'mask_token': {'content': '[MASK]', 'lstrip': False}, 'pad_token': None})})
    h.model('added_tokens.json: a list', {'added_tokens.json': '[1]'}, names=['added_tokens.json'])
    tok, plain = load('tokenizer.json'), json.dumps(dict(load('tokenizer_config.json'), tokenizer_class='PreTrainedTokenizerFast'))
    for name, change in {'type_id': lambda t: t['post_processor']['single'][1]['Sequence'].update(type_id=1), 'decoder': lambda t: t.update(decoder={'type': 'Evil'}), 'strategy': lambda t: t.update(truncation={'max_length': 9, 'strategy': 'Evil'}),
                         'Regex': lambda t: t.update(pre_tokenizer={'type': 'Split', 'pattern': {'Regex': 'a{1,100000}'}, 'behavior': 'Isolated', 'invert': False}), 'ByteLevel': lambda t: t.update(normalizer={'type': 'Sequence', 'normalizers': [{'type': 'ByteLevel'}] * 65}),
                         'Replace': lambda t: t.update(normalizer={'type': 'Sequence', 'normalizers': [{'type': 'Replace', 'pattern': {'String': 'a'}, 'content': 'a' * 10}] * 12})}.items():
        t = json.loads(json.dumps(tok))
        change(t)
        h.model('tokenizer.json: an odd ' + name, {'tokenizer.json': json.dumps(t), 'tokenizer_config.json': plain}, names=[name])
    words = h.get(os.path.join(h.BERT, 'vocab.txt'))
    h.model('vocab.txt of 3,000,000 lines', {'vocab.txt': words + b''.join(b'q%d\n' % i for i in range(3000000))}, names=['vocab.txt'], remove=['tokenizer.json'])
    h.model('vocab.txt with a line of 20 MB', {'vocab.txt': words.replace(b'\ndog\n', b'\n' + b'x' * (20 << 20) + b'\n')}, names=['vocab.txt'], remove=['tokenizer.json'])
    h.same('vocab.txt with a blank line behind', {'vocab.txt': words + b'\n'}, ['tokenizer.json'])
    h.model('max_seq_length 1', {'sentence_bert_config.json': '{"max_seq_length": 1}'}, names=['sentence_bert_config.json'])


def tokenizer_cases(h, tok):
    def bad(name, change, names=('tokenizer.json',)):
        t = json.loads(json.dumps(tok))
        r = change(t)
        h.model('tokenizer.json: ' + name, {'tokenizer.json': json.dumps(t if r is None else r)}, names=[names])
    for k in ('model', 'normalizer', 'pre_tokenizer', 'post_processor', 'added_tokens', 'truncation', 'padding'):
        for v in (7, 'x', True, [1]):
            bad(f'{k} = {v!r}', lambda t: t.update({k: v}), ('tokenizer',))
    for k in ('type', 'unk_token', 'continuing_subword_prefix', 'max_input_chars_per_word', 'vocab'):
        if k != 'type':
            bad(f'no model.{k}', lambda t: t['model'].pop(k) and None)
        for v in (() if k == 'type' else (None,)) + ([], {}, -1, 1.5, True):
            bad(f'model.{k} = {v!r}', lambda t: t['model'].update({k: v}), ('tokenizer',))
    untyped = {k: v for k, v in tok['model'].items() if k != 'type'}
    for model in (untyped, dict(untyped, type=None)):
        h.same('tokenizer.json: a model without a type', {'tokenizer.json': json.dumps(dict(tok, model=model))})
    for name, v in {'BPE': {'type': 'BPE', 'vocab': {'a': 0}, 'merges': []}, 'Unigram': {'type': 'Unigram', 'vocab': [['a', 0.0]], 'unk_id': 0}, 'WordLevel': {'type': 'WordLevel', 'vocab': {'a': 0}, 'unk_token': 'a'}, 'Unigram of texts': {'type': 'Unigram', 'vocab': ['a']}, 'Unigram of NaN': {'type': 'Unigram', 'vocab': [['a', 'nan']]}, 'BPE with dropout': {'type': 'BPE', 'vocab': {'a': 0}, 'merges': [], 'dropout': 0.5},
                    'merges of unknown tokens': {'type': 'BPE', 'vocab': {'a': 0}, 'merges': ['a b']}, 'merges of three': {'type': 'BPE', 'vocab': {'a': 0}, 'merges': ['a a a']}, 'merges of numbers': {'type': 'BPE', 'vocab': {'a': 0}, 'merges': [1]}, 'merges an object': {'type': 'BPE', 'vocab': {'a': 0}, 'merges': {}}}.items():
        bad('model ' + name, lambda t: t.update(model=v), ('tokenizer',))
    for name, v in {'a fraction': 1.5, 'a text': '1', 'null': None, 'negative': -1, 'huge': 2**40, 'beyond the table': 10**6, 'taken': 0}.items():
        bad('an id that is ' + name, lambda t: t['model']['vocab'].update({'zzz': v}), ('tokenizer', 'table'))
    for part, types in {'normalizer': ('Evil', 'bertNormalizer', '', 'Precompiled', 'Replace', 'Prepend', 'Sequence', 'Strip', 'ByteLevel'), 'pre_tokenizer': ('Evil', 'Split', 'Metaspace', 'Sequence', 'Digits', 'CharDelimiterSplit', 'UnicodeScripts2', ''), 'post_processor': ('Evil', 'TemplateProcessing', 'RobertaProcessing', 'BertProcessing', 'Sequence', '')}.items():
        for x in types:
            bad(f'{part} of type {x!r}, nothing else', lambda t: t.update({part: {'type': x}}), ('tokenizer',))
    for name, v in {'truncation to the left': {'truncation': {'direction': 'Left', 'max_length': 8, 'strategy': 'LongestFirst', 'stride': 0}}, 'padding on the left': {'padding': {'strategy': 'BatchLongest', 'direction': 'Left', 'pad_id': 0}}, 'a direction of 7': {'truncation': {'direction': 7}}, 'an unknown member': {'evil': 1}, 'version 2': {'version': '2.0'}, 'version 1': {'version': 1}}.items():
        bad(name, lambda t: t.update(v))
    flags = {'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': True}
    for name, v in {'a text': ['x'], 'an object': {}, 'no content': [{'id': 0, **flags}], 'content a number': [{'id': 0, 'content': 7, **flags}], 'id a text': [{'id': '0', 'content': 'x', **flags}], 'id beyond': [{'id': 10**9, 'content': 'x', **flags}], 'id of another': [{'id': 3, 'content': '[PAD]', **flags}], 'flags a text': [{'id': 0, 'content': '[PAD]', **flags, 'lstrip': 'no'}],
                    'content of 2,000 bytes': [{'id': len(tok['model']['vocab']), 'content': 'x' * 2000, **flags}], 'ids with a gap': [{'id': len(tok['model']['vocab']) + 5, 'content': 'zz', **flags}]}.items():
        bad('added tokens: ' + name, lambda t: t.update(added_tokens=v), ('tokenizer',))
    for name, v in {'another [CLS]': [['[CLS]', 1]], 'without [SEP]': []}.items():
        bad('post_processor ' + name, lambda t: t.update(post_processor={'type': 'BertProcessing', 'cls': ['[CLS]', 1], 'sep': ['[SEP]', 3]} if v else {'type': 'TemplateProcessing', 'single': [{'Sequence': {'id': 'A', 'type_id': 0}}], 'pair': [], 'special_tokens': {}}), ('tokenizer',))


def same_cases(h):
    load = lambda f: json.loads(h.get(os.path.join(h.BERT, f)))
    def same(name, f, change, **k):
        j = load(f)
        r = change(j)
        h.same(f'{f}: {name}', {f: json.dumps(j if r is None else r, indent=k.get('indent'))})
    for f in ('config.json', 'tokenizer.json', 'tokenizer_config.json', 'modules.json', '1_Pooling/config.json'):
        same('indented', f, lambda j: None, indent=7)
        h.same(f'{f}: CRLF', {f: json.dumps(load(f), indent=1).replace('\n', '\r\n')})
        h.same(f'{f}: escaped', {f: json.dumps(load(f)).replace('o', '\\u006f')})
    for k, v in {'architectures': ['BertForMaskedLM'], 'transformers_version': '4.0', '_name_or_path': '/x/../y', 'gradient_checkpointing': True, 'classifier_dropout': None, 'use_cache': False, 'id2label': {'0': 'x'}, 'hidden_size': load('config.json')['hidden_size'] * 1.0, 'torch_dtype': 'float32', 'dtype': 'float32', 'evil': {'a': [1]},
                 'is_decoder': False, 'pruned_heads': {}, 'rope_scaling': None, 'output_attentions': True}.items():
        same(f'{k} = {v!r}', 'config.json', lambda j: j.update({k: v}))
    same('fields in another order', 'config.json', lambda j: dict(reversed(list(j.items()))))
    same('paths of now', 'modules.json', lambda j: [dict(j[0], type='sentence_transformers.base.modules.transformer.Transformer'), dict(j[1], type='sentence_transformers.sentence_transformer.modules.pooling.Pooling')] + j[2:])
    same('BertModel of old', 'modules.json', lambda j: [dict(j[0], type='sentence_transformers.models.BERT')] + j[1:])
    same('path .', 'modules.json', lambda j: [dict(j[0], path='.')] + j[1:])
    for k, v in {'clean_up_tokenization_spaces': True, 'model_input_names': ['input_ids', 'attention_mask'], 'tokenizer_class': 'BertTokenizerFast', 'truncation_side': 'right', 'padding_side': 'right', 'add_bos_token': False, 'additional_special_tokens': ['[MASK]'], 'extra_special_tokens': {}, 'chat_template': 'x', 'name_or_path': '../..'}.items():
        same(f'{k} = {v!r}', 'tokenizer_config.json', lambda j: j.update({k: v}))
    for k, v in {'truncation': {'direction': 'Right', 'max_length': 3, 'strategy': 'LongestFirst', 'stride': 0}, 'padding': {'strategy': {'Fixed': 64}, 'direction': 'Right', 'pad_id': 0, 'pad_type_id': 0, 'pad_token': '[PAD]', 'pad_to_multiple_of': 8}, 'decoder': None}.items():
        same(f'{k} = {str(v)[:20]}', 'tokenizer.json', lambda j: j.update({k: v}))
    h.same('no tokenizer_config.json', {}, ['tokenizer_config.json'])
    h.same('no tokenizer.json, but a vocab.txt', {}, ['tokenizer.json'])
    h.same('files of others beside', {'evil.py': 'import os', 'model.onnx': b'x', 'tf_model.h5': b'x', 'README.md': b'\xff\xfe', 'chat_template.jinja': '{{ x }}', 'generation_config.json': '{', 'x/y/z': b''})


def edge_cases(h):
    """Each limit of lib/core/limits.h: what just meets it is read, what just does not is refused."""
    config = h.get(os.path.join(h.BERT, 'config.json')).strip()
    head, body = h.split(h.get(os.path.join(h.BERT, 'model.safetensors')))
    tok, mods = json.loads(h.get(os.path.join(h.BERT, 'tokenizer.json'))), json.loads(h.get(os.path.join(h.BERT, 'modules.json')))
    def edge(name, at, over, f):
        h.same(f'limit: {name}', {f: at})
        h.model(f'limit: {name}, and one', {f: over}, names=[os.path.basename(f)], seconds=2)
    pad = lambda b, n: b[:-1] + b' ' * (n - len(b)) + b'}'
    edge('JSON of 64 MB', pad(config, 64 << 20), pad(config, (64 << 20) + 1), 'config.json')
    deep = lambda n: config[:-1] + b',"x":' + b'[' * (n - 1) + b']' * (n - 1) + b'}'
    edge('64 levels', deep(64), deep(65), 'config.json')
    long = json.dumps(head)
    edge('a header of 100 MB', h.tensors(long + ' ' * (100000000 - len(long)), body), h.tensors(long + ' ' * (100000001 - len(long)), body), 'model.safetensors')
    more = lambda n: h.tensors({**head, **{f'x{i}': {'dtype': 'F32', 'shape': [0], 'data_offsets': [len(body)] * 2} for i in range(n - sum(k != '__metadata__' for k in head))}}, body)
    edge('100,000 tensors', more(100000), more(100001), 'model.safetensors')
    shape = lambda n: h.tensors({**head, 'x': {'dtype': 'F32', 'shape': [1] * n, 'data_offsets': [len(body), len(body) + 4]}}, body + bytes(4))
    edge('8 dimensions', shape(8), shape(9), 'model.safetensors')
    name = lambda n: h.tensors({**head, 'x' * n: {'dtype': 'F32', 'shape': [0], 'data_offsets': [len(body)] * 2}}, body)
    edge('a name of 512 bytes', name(512), name(513), 'model.safetensors')
    normal = {'idx': 9, 'path': '', 'type': 'sentence_transformers.models.Normalize'}
    norms = lambda n: json.dumps(mods + [dict(normal, name=str(i + 9), idx=i + 9) for i in range(n - len(mods))])
    h.model('limit: 32 modules', {'modules.json': norms(32)}, (0,))
    h.model('limit: 32 modules, and one', {'modules.json': norms(33)}, names=['modules.json'])
    lines = b'score\tsentence1\tsentence2\n' + b'1.5\ta b\tc d\n' * (((16 << 20) - 30) // 12)
    h.run('limit: gzip of 16 MB', ['check', '--score-range', '0:5', h.put('l.tsv.gz', zlib_gzip(lines))], (0,), seconds=5)
    h.run('limit: gzip of 16 MB, and more', ['check', h.put('l.tsv.gz', zlib_gzip(lines + lines[-3000000:]))], (3,), ['l.tsv.gz'], seconds=5)


def zlib_gzip(data):
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    return z.compress(data) + z.flush()


def cases(h):
    for f in (edge_cases, weight_cases, shard_cases, archive_cases, pytorch_same, json_cases, same_cases):
        f(h)
