"""More data for hostile.py: files that must be refused, and odd ones that must be read rightly."""
import gzip, json, os, socket, struct, zlib

BAD_TSV = {  # rows behind a good header and three good rows, so that the fault is in line 5
    'one column': 'x', 'two columns': '1\tx', 'four columns': '1\ta\tb\tc',
    'spaces for tabs': '1 a b', 'commas for tabs': '1,a b,c d', 'a NUL': '1\ta\0b\tc', 'a lone NUL': '\0',
    'a NUL in the score': '1\0\ta\tb', 'Latin-1': b'1\tcaf\xe9 au lait\tb', 'Windows-1252 quotes': b'1\t\x93a\x94\tb',
    'Shift-JIS': b'1\t\x93\xfa\x96{\tb', 'UTF-16 in the middle': '1\ta\tb'.encode('utf-16-le'),
    'a surrogate in UTF-8': b'1\t\xed\xa0\x80\tb', 'above U+10FFFF': b'1\t\xf4\x90\x80\x80\tb',
    'an overlong slash': b'1\t\xc0\xaf\tb', 'an overlong NUL': b'1\t\xc0\x80\tb', 'a cut sequence': b'1\ta\tb\xe2\x82',
    'a continuation byte': b'1\t\x80a\tb', 'six bytes': b'1\t\xfc\x84\x80\x80\x80\x80\tb', 'Arabic digits': '\u0661\ta\tb',
    'full-width digits': '\uff11\ta\tb', 'a minus sign': '\u22121\ta\tb', 'a decimal comma': '3,5\ta\tb',
    'thousands': '1,000\ta\tb', 'a fraction': '1/2\ta\tb', 'a percentage': '50%\ta\tb', 'hexadecimal': '0x1\ta\tb',
    'a hexadecimal float': '0x1p1\ta\tb', 'octal': '0o7\ta\tb', 'nan': 'nan\ta\tb', 'NaN(1)': 'NaN(1)\ta\tb',
    'infinity': 'Infinity\ta\tb', '-inf': '-inf\ta\tb', 'overflow': '1e309\ta\tb', 'minus overflow': '-1e309\ta\tb',
    'a long number': '1' * 400 + '\ta\tb', 'a long fraction': '0.' + '1' * 1100 + '\ta\tb', 'two points': '1.2.3\ta\tb',
    'two signs': '--1\ta\tb', 'a sign alone': '+\ta\tb', 'a point alone': '.\ta\tb', 'e alone': 'e5\ta\tb',
    'an empty exponent': '1e\ta\tb', 'a suffix': '1f\ta\tb', 'an underscore': '1_0\ta\tb', 'a quoted number': '"1\ta\tb',
    'None': 'None\ta\tb', 'null': 'null\ta\tb', 'N/A': 'N/A\ta\tb', 'true': 'true\ta\tb', 'above the range': '5.01\ta\tb',
    'below the range': '-0.01\ta\tb', 'minus one': '-1\ta\tb', 'a space within': '1 2\ta\tb', 'a control byte': '\x011\ta\tb',
    'an escape sequence': '\x1b[31m\ta\tb', 'the header again': 'score\tsentence1\tsentence2',
    'a carriage return in it': '1\r\ta\tb'}

BAD_FILES = {  # whole files
    'only a BOM and a header': '\ufeffscore\tsentence1\tsentence2\n',
    'one sentence column': 'score\tsentence1\n1\ta\n', 'score twice': 'score\tscore\tsentence1\tsentence2\n1\t2\ta\tb\n',
    'sentence1 twice': 'score\tsentence1\tsentence1\n1\ta\tb\n', 'an empty header': '\t\t\n1\ta\tb\n',
    'line ends of old Macs': 'score\tsentence1\tsentence2\r1\ta\tb\r2\tc\td\r', 'no header, words': 'a\tb\tc\nd\te\tf\n',
    'all scores empty': 'score\tsentence1\tsentence2\n\ta\tb\n\tc\td\n', 'all sentences empty': 'score\tsentence1\tsentence2\n1\t\t\n2\t \t \n',
    'an XML file': '<?xml version="1.0"?>\n<a><b/></a>\n', 'YAML': 'score: 1\nsentence1: a\n', 'INI': '[a]\nb=c\n',
    'Python': 'import os\nprint("a")\n', 'a diff': '--- a\n+++ b\n@@ -1 +1 @@\n', 'base64': 'U2VudGVuY2U=\n' * 9,
    'an RTF': '{\\rtf1\\ansi hello}\n', 'JSON': '{"sentence1": "a",\n "sentence2": "b",\n "score": 1}\n', 'a JSON number': '1\n', 'JSON null': 'null\n',
    'a thousand NULs in a row': '1\ta\tb\n' + '\0' * 1000, 'a gzip magic only': b'\x1f\x8b', 'a gzip magic and a byte': b'\x1f\x8b\x08',
    'zlib': zlib.compress(b'1\ta\tb\n' * 20), 'a tar': b'a.txt' + bytes(252) + b'ustar\x0000' + bytes(250), '7z': b'7z\xbc\xaf\x27\x1c' + bytes(50),
    'lz4': b'\x04\x22\x4d\x18' + bytes(50), 'Arrow': b'ARROW1\0\0' + bytes(50), 'SQLite': b'SQLite format 3\0' + bytes(84), 'HDF5': b'\x89HDF\r\n\x1a\n' + bytes(50),
    'a pickle': b'\x80\x04\x95\x1c\0\0\0\0\0\0\0.', 'numpy': b'\x93NUMPY\x01\0v\0{}', 'a JPEG': b'\xff\xd8\xff\xe0' + bytes(50), 'EBCDIC': 'a,b'.encode('cp500') * 9,
    'UTF-16 without a mark': '1\ta\tb\n'.encode('utf-16-le'), '65,537 columns': 'score' + '\tx' * 65536 + '\n', 'a header of 1 MB': 'score\t' + 'x' * (1 << 20) + '\tsentence2\n1\ta\tb\n'}

CSV = 'score,sentence1,sentence2\n'
BAD_CSV = {  # (rows behind the header, the line of the fault)
    'unclosed at the end': ('1,a,"b', 2), 'unclosed in the first column': ('"1,a,b', 2), 'unclosed after good rows': ('1,a,b\n2,"c,d\n', 3),
    'text behind a quote': ('1,"a"x,b', 2), 'a backslash for an escape': ('1,"a\\"b",c', 2), 'a space behind a quote': ('1,"a" ,b', 2),
    'three quotes': ('1,""",b', 2), 'too many columns': ('1,a,b,c', 2), 'too few': ('1,a', 2), 'a NUL in quotes': ('1,"a\0b",c', 2),
    'bad UTF-8 in quotes': (b'1,"a\xff",c', 2), 'a bad score in quotes': ('"x",a,b', 2), 'in line 5, behind a field of three lines': ('1,"a\nb\nc",d\nx,e,f', 5)}

GOOD_JSON = '{"sentence1":"a b","sentence2":"c d","score":4.5}\n'
BAD_JSON = ['{"sentence1":"a","sentence2":"b","score":4.5', '{"sentence1":"a","sentence2":"b" "score":4}', '{"sentence1":"a","sentence2":"b","score":4,}', '{,}', '{"a"}', '{"a":}', '{:1}',
            '{"sentence1":"a","sentence2":"b","score":01}', '{"sentence1":"a","sentence2":"b","score":1.}', '{"sentence1":"a","sentence2":"b","score":+1}', '{"sentence1":"a","sentence2":"b","score":-}',
            '{"sentence1":"a","sentence2":"b","score":0x1}', '{"sentence1":"a","sentence2":"b","score":1e}', '{"sentence1":"a","sentence2":"b","score":Infinity}', '{"sentence1":"a","sentence2":"b","score":-Infinity}',
            '{"sentence1":"a","sentence2":"b","score":1e400}', '{"sentence1":"a","sentence2":"b","score":"nan"}', '{"sentence1":"a","sentence2":"b","score":"4,5"}', '{"sentence1":"a","sentence2":"b","score":[4]}',
            '{"sentence1":"a","sentence2":"b","score":{}}', '{"sentence1":"a","sentence2":"b","score":false}', '{"sentence1":"a","sentence2":"b","score":6}', '{"sentence1":"a","sentence2":"b","score":-1}',
            '{"sentence1":["a"],"sentence2":"b","score":1}', '{"sentence1":{"a":1},"sentence2":"b","score":1}', '{"sentence1":true,"sentence2":"b","score":1}', '{"sentence1":1.5,"sentence2":"b","score":1}',
            '{"sentence2":"b","score":1}', '{"Sentence1":"a","sentence2":"b","score":1}', '{"sentence1":"a","sentence2":"b","score":1,"score":2}', '{"sentence1":"a","sentence2":"b","s\\u0063ore":1,"score":2}',
            '{"sentence1":"a","sentence2":"b","score":1} {"x":1}', '{"sentence1":"a","sentence2":"b","score":1}}', '[{"sentence1":"a","sentence2":"b","score":1}]', '// {"sentence1":"a"}', '{"sentence1":"a","sentence2":"b","score":1} // x',
            "{'sentence1':'a','sentence2':'b','score':1}", '{sentence1:"a",sentence2:"b",score:1}', '{"sentence1":"\\x41","sentence2":"b","score":1}', '{"sentence1":"\\u12","sentence2":"b","score":1}', '{"sentence1":"\\u12G4","sentence2":"b","score":1}',
            '{"sentence1":"\\ud800","sentence2":"b","score":1}', '{"sentence1":"\\udc00\\ud800","sentence2":"b","score":1}', '{"sentence1":"\\ud800\\u0041","sentence2":"b","score":1}', '{"sentence1":"a\\u0000b","sentence2":"c","score":1}',
            '{"sentence1":"a\tb","sentence2":"c","score":1}', '{"sentence1":"a\x01b","sentence2":"c","score":1}', '{"sentence1":"a\x7f\\","sentence2":"c","score":1}', b'{"sentence1":"\xff","sentence2":"c","score":1}',
            b'{"sentence1":"\xc0\x80","sentence2":"c","score":1}', b'{"sentence1":"\xed\xa0\x80","sentence2":"c","score":1}', '{"x":' + '[' * 80 + ']' * 80 + ',"sentence1":"a","sentence2":"b","score":1}', '{"x":' * 5000 + '1' + '}' * 5000,
            '[' * 100000, 'tru', 'nul', '"', '\\', '\ufeff{"sentence1":"a","sentence2":"b","score":1}', '\0', '{"sentence1":"a","sentence2":"b","score":1}\0', '\x0c{"sentence1":"a","sentence2":"b","score":1}',
            '{"sentence1":"a","sentence2":"b","score":' + '1' * 500 + '}', '{"' + 'k' * 100000 + '":1}', '\ud7ff'.encode() + b'{}', '1\ta\tb', '<a>']


def member(data, flags=0, extra=b'', method=8, crc=None, size=None):
    """A gzip member with chosen fields."""
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = z.compress(data) + z.flush()
    crc = zlib.crc32(data) if crc is None else crc
    size = len(data) if size is None else size
    return b'\x1f\x8b' + bytes([method, flags]) + bytes(4) + b'\0\3' + extra + body + struct.pack('<II', crc, size & 0xffffffff)


def gzip_cases(h, good):
    half = len(good) // 2
    bad = {'a wrong CRC': member(good, crc=1), 'a wrong size': member(good, size=1), 'method 0': member(good, method=0), 'method 9': member(good, method=9),
           'reserved flags': member(good, flags=0xe0), 'a name without end': b'\x1f\x8b\x08\x08' + bytes(4) + b'\0\3' + b'x' * 1000, 'an extra field beyond the end': b'\x1f\x8b\x08\x04' + bytes(4) + b'\0\3\xff\xffab',
           'a wrong header CRC': member(good, flags=2, extra=b'\1\2'), 'the second member cut': member(good) + member(good)[:-9], 'the second member of a wrong CRC': member(good) + member(good, crc=7),
           'half a magic behind': member(good) + b'\x1f', 'a magic behind': member(good) + b'\x1f\x8b', 'text behind': member(good) + good, 'no trailer': member(good)[:-8], 'a stored block of a wrong length': b'\x1f\x8b\x08\0' + bytes(4) + b'\0\3\x01\x05\x00\x00\x00abcde',
           'block type 3': b'\x1f\x8b\x08\0' + bytes(4) + b'\0\3\x07' + bytes(20), 'a distance too far': b'\x1f\x8b\x08\0' + bytes(4) + b'\0\3' + b'\x03\xd0\xff\xff' + bytes(8), 'empty': member(b''), 'a thousand empty members': member(b'') * 1000,
           'zlib in gzip': gzip.compress(zlib.compress(good)), 'bzip2 in gzip': gzip.compress(b'BZh91AY&SY' + bytes(40)), 'three times': gzip.compress(gzip.compress(gzip.compress(good))), 'random': gzip.compress(bytes(i * i * 31 % 251 for i in range(5000)))}
    for name, z in bad.items():
        h.check('gzip: ' + name, z, (3,), file='d.tsv.gz')
    for name, z in {'of NULs': bytes(100 << 20), 'of lines': b'1\ta b\tc d\n' * (10 << 20), 'of line ends': b'\n' * (100 << 20), 'of quotes': b'"' * (100 << 20), 'of tabs': b'\t' * (60 << 20)}.items():
        h.check('gzip bomb ' + name, gzip.compress(z, 9, mtime=0), (3,), file='b.tsv.gz', seconds=5)
    h.check('gzip bomb in members', member(bytes(1 << 20)) * 60, (3,), file='b.tsv.gz', seconds=5)
    h.check('gzip bomb in gzip', gzip.compress(gzip.compress(bytes(200 << 20), 9), 9), (3,), file='b.tsv.gz', seconds=5)
    for name, z in {'two members': member(good[:half]) + member(good[half:]), 'an empty member first': member(b'') + member(good), 'a name': member(good, flags=8, extra=b'name.tsv\0'), 'a comment': member(good, flags=16, extra=b'say\0'),
                    'an extra field': member(good, flags=4, extra=b'\4\0abcd'), 'a byte a member': b''.join(member(bytes([b])) for b in good), 'text flag': member(good, flags=1)}.items():
        h.odd('gzip: ' + name, z, file='d.tsv.gz')
    h.odd('gzip without its name', member(good), file='d.tsv')
    h.odd('no gzip, but its name', good, file='d.tsv.gz')


def odd_cases(h):
    rows = [r.split('\t') for r in h.GOOD.strip().split('\n')]
    table = lambda sep, end='\n', q='': end.join([sep.join(f'{q}{x}{q}' for x in r) for r in [['score', 'sentence1', 'sentence2']] + rows]) + end
    tsv = table('\t')
    for name, data, file in [('TSV', tsv, 'd.tsv'), ('CRLF', table('\t', '\r\n'), 'd.tsv'), ('no end of line at the end', tsv[:-1], 'd.tsv'), ('a BOM', '\ufeff' + tsv, 'd.tsv'), ('CSV', table(','), 'd.csv'), ('CSV, all quoted', table(',', q='"'), 'd.csv'),
                             ('CSV, quoted, CRLF', table(',', '\r\n', '"'), 'd.csv'), ('CSV, a BOM and quotes', '\ufeff' + table(',', q='"'), 'd.csv'), ('semicolons', table(';'), 'd.csv'), ('a wrong suffix', tsv, 'd.csv'), ('no suffix', tsv, 'd'),
                             ('blank lines before the header', '\n\n' + tsv, 'd.tsv'), ('upper case names', tsv.replace('score', 'SCORE', 1).replace('sentence1', 'Sentence1', 1), 'd.tsv'),
                             ('spaces around scores', tsv.replace('4.8', ' 4.8 '), 'd.tsv'), ('blanks of all kinds around scores', tsv.replace('4.8', '\ufeff\u200b4.8\u00a0 \u3000'), 'd.tsv'), ('a plus sign', tsv.replace('4.8', '+4.8'), 'd.tsv'), ('a million blanks behind a score', tsv.replace('4.8', '4.8' + '\u00a0' * 1000000), 'd.tsv'), ('an exponent', tsv.replace('4.8', '48e-1'), 'd.tsv'), ('many digits', tsv.replace('4.8', '4.8000000000000000000000'), 'd.tsv'),
                             ('a long fraction', tsv.replace('4.8', '4.8' + '0' * 1000), 'd.tsv'), ('leading zeros', tsv.replace('4.8', '0004.8'), 'd.tsv'), ('JSON lines', ''.join(json.dumps({'score': float(a), 'sentence1': b, 'sentence2': c}) + '\n' for a, b, c in rows), 'd.jsonl'),
                             ('JSON lines, scores as texts', ''.join(json.dumps({'score': a, 'sentence1': b, 'sentence2': c}) + '\n' for a, b, c in rows), 'd.jsonl'),
                             ('JSON lines, CRLF and spaces', ''.join(' { "score" : %s , "sentence1":%s,"sentence2":%s , "x":[1,{"score":9}] } \r\n' % (a, json.dumps(b), json.dumps(c)) for a, b, c in rows), 'd.jsonl'),
                             ('JSON lines, all escaped', ''.join('{"score":%s,"sentence1":"%s","sentence2":"%s"}\n' % (a, *[''.join('\\u%04x' % ord(x) for x in t) for t in (b, c)]) for a, b, c in rows), 'd.jsonl')]:
        h.odd(name, data, file=file)
    for name, more, reason, n in [('blank lines', '\n\n\n', 'blank', 3), ('tabs alone', '\t\t\t\t\t\n', 'blank', 1), ('empty scores', '\ta\tb\n\tc\td\n', 'no_score', 2), ('empty sentences', '1\t\tb\n1\ta\t \n1\t\u3000\tx\n', 'no_text', 3)]:
        h.odd(name + ' are counted', tsv + more, skipped=n)
    for name, more, n in [('bad scores', 'x\ta\tb\nnan\ta\tb\n', 2), ('columns', 'a\n1\ta\tb\tc\n', 2), ('UTF-8', b'1\ta\xff\tb\n', 1), ('range', '9\ta\tb\n', 1), ('a line of 17 MB', '1\t' + 'x' * (17 << 20) + '\tb\n', 1)]:
        h.odd(f'--on-bad-row skip: {name}', tsv.encode() + (more if isinstance(more, bytes) else more.encode()), args=['--on-bad-row', 'skip'], skipped=n)
    for name, data in {'no score column': 'sentence1\tsentence2\na\tb\n', 'no header': 'a\tb\n', 'one pair in UTF-7': '+AGE-\t+AGI-\n'}.items():
        h.run(f'odd {name}: pairs without scores', ['eval', '-m', h.BERT, h.put('d.tsv', data)], (0,))
    x = 'x' * ((16 << 20) - 4)
    h.run('data a line of exactly 16 MB', ['check', h.put('d.tsv', tsv + '1\t' + x + '\tb\n')], (0,), seconds=2)
    wide = '\t'.join(['x'] * 1025)
    h.check('a header of 1,028 columns', f'score\tsentence1\tsentence2\t{wide}\n1\ta\tb\t{wide}\n', (3,), [':1', '1028'])
    h.check('STSbenchmark, a row of 1,032 columns', ('g\tf\ty\t1\t2.0\tA\tB\n' * 3) + 'g\tf\ty\t1\t2.0\tA\tB\t' + wide + '\n', (3,), [':4', '1032'])
    h.check('a quoted field of 17 MB', CSV + '1,a,b\n2,"' + 'a word\n' * 2500000 + '",b\n', (3,), [':3', '16 MB'], file='d.csv', seconds=2)
    h.check('blank lines alone, a million', '\n' * 1000000, (3,), ['blank'])
    h.check('the file has commas, tabs are asked for', CSV + '1,a,b\n', (3,), ['no tab '], args=['--format', 'tsv'])
    h.check('a line of 16 MB and one', tsv + '1\t' + x + '\tbc\n', (3,), [':5'], seconds=2)


def file_cases(h):
    path = lambda n: os.path.join(h.work, n)
    os.makedirs(path('dir.tsv'), exist_ok=True)
    if not os.path.lexists(path('loop.tsv')):
        os.symlink('loop.tsv', path('loop.tsv'))
        os.symlink('gone', path('dangling.tsv'))
    s = socket.socket(socket.AF_UNIX)
    if not os.path.exists(path('socket.tsv')):
        s.bind(path('socket.tsv'))
    for n in ('dir.tsv', 'loop.tsv', 'dangling.tsv', 'gone.tsv', 'socket.tsv', 'x' * 300, 'a\x1b[31m\n.tsv', 'dir.tsv/x'):
        h.run(f'data file {n[:20]!r}', ['eval', '-m', h.BERT, path(n)], (1,))
    s.close()
    h.run('data /dev/null', ['eval', '-m', h.BERT, '/dev/null'], (3,), ['/dev/null'])
    h.run('data /dev/zero', ['eval', '-m', h.BERT, '/dev/zero'], (3,), ['/dev/zero'], seconds=3)
    h.run('data an empty stdin', ['eval', '-m', h.BERT, '-'], (3,))
    h.run('data stdin cut off', ['eval', '-m', h.BERT, '-'], (3,), [':2'], stdin=b'score\tsentence1\tsentence2\n1\ta')


def format_cases(h):
    for f, line in {'stsb': 'main-captions\tMSRvid\t2012test\t1\tx\ta\tb', 'sick': '1\ta\tb\tx\tNEUTRAL', 'semeval': 'x\ta\tb', 'glue': '0\ta\tb\tc\td\te\tf\tg\th\tx', 'csv': 'x,a,b', 'tsv': 'x\ta\tb', 'jsonl': '{"score":"x"}'}.items():
        for k, n in [('a bad score', line + '\n'), ('a column too few', line.rsplit('\t', 1)[0].rsplit(',', 1)[0] + '\n'), ('binary', bytes(range(1, 256)) * 4), ('empty', ''), ('one NUL', '\0')]:
            unscored = k == 'a column too few' and f in ('csv', 'tsv')
            h.check(f'--format {f}: {k}', n, (0,) if unscored else (3,), args=['--format', f], file='d.x')
    for c in ('score=1', 'score=0,sentence1=1,sentence2=2', 'score=-1,sentence1=2,sentence2=3', 'score=1,sentence1=99999999999999999999,sentence2=3', 'score=1,sentence1=2,sentence2=3,score=1', 'score', '=', ',', 'evil=1', 'score=1;sentence1=2', 'score=\x1b[31m,sentence1=2,sentence2=3'):
        h.run(f'data --columns {c[:30]!r}', ['eval', '-m', h.BERT, h.put('d.tsv', h.GOOD), '--columns', c], (2, 3))
    for c in ('score=1,sentence1=2,sentence2=9', 'score=a,sentence1=b,sentence2=c'):
        h.run(f'data --columns {c}', ['eval', '-m', h.BERT, h.put('d.tsv', h.HEAD + h.GOOD), '--columns', c], (2, 3))


def cases(h):
    good = (h.HEAD + h.GOOD).encode()
    code = lambda b: b if isinstance(b, bytes) else b.encode()
    for name, row in BAD_TSV.items():
        h.check('row: ' + name, good + code(row) + b'\n', (3,), [':5'])
    for name, data in BAD_FILES.items():
        h.check('file: ' + name, data, (3,))
    for name, (rows, line) in BAD_CSV.items():
        h.check('CSV: ' + name, code(CSV) + code(rows), (3,), [f'd.csv:{line}'], file='d.csv')
    for n, line in enumerate(BAD_JSON):
        h.check(f'JSON lines {n}: {line[:40]!r}', code(GOOD_JSON) + code(line) + b'\n', (3,), [':2'], file='d.jsonl')
    gzip_cases(h, good)
    odd_cases(h)
    file_cases(h)
    format_cases(h)
