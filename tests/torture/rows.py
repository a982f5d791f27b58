#!/usr/bin/env python3
"""rows.py PROGRAM [N] [SEED]: N small files of odd rows through train, eval and check. In every
report rows read = pairs used + the sum of rows left out by reason, the three agree with each other
and with the lines written here, and no command ends but by an exit code of ours."""
import json, os, random, shutil, subprocess, sys, tempfile

PROGRAM = os.path.abspath(sys.argv[1])
N = int(sys.argv[2]) if len(sys.argv) > 2 else 200
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 30)
WORDS = ['a', 'dog', 'runs', 'in', 'the', 'park', 'caf\u00e9', '\u4e2d\u6587', '.', 'x' * 200, '\u0301', '\u200b', '\U0001f600']
BAD = [b'x\ta b\tc d', b'nan\ta\tb', b'9\ta b\tc', b'-1\ta\tb', b'1\tonly', b'1\ta\tb\tc', b'1\ta\xff\tb', b'1\ta\0b\tc', b'\xe2\x82', b'4,5\ta\tb', b'\t\t\t\t']
UNLABELLED = [b'\ta b\tc', b' \ta\tb', b'1\t\tb', b'2\ta\t  ', b'3\t\xe3\x80\x80\tb', b'', b'   ', b'\r']
LOSSES = ['cosine-similarity', 'cosent', 'mnrl:min_score=0.5', 'contrastive', 'triplet', 'one-minus-cosine:min_score=0.9']


def good(r):
    text = lambda: ' '.join(r.choice(WORDS) for _ in range(r.choice([1, 2, 5, 9]))).encode()
    return b'%.2f\t%s\t%s' % (r.uniform(0, 5), text(), text())


def rows(r):
    kinds = [lambda: good(r)] * r.choice([1, 5, 20]) + [lambda: r.choice(BAD), lambda: r.choice(UNLABELLED)]
    return [r.choice(kinds)() for _ in range(r.choice([1, 2, 3, 8, 40]))] + [good(r) for _ in range(r.choice([0, 1, 2, 3]))]


def run(*args):
    p = subprocess.run([PROGRAM, *args], capture_output=True, timeout=120)
    if p.returncode not in (0, 2, 3, 5) or b'Sanitizer' in p.stderr or b'runtime error' in p.stderr:
        raise AssertionError(f'exit {p.returncode}: {p.stderr[-400:]!r}')
    return p.returncode, p.stdout


def counted(f):
    left = sum(f['skipped'].values())
    assert f['rows_read'] == f['rows_used'] + left, f
    return f['rows_read'], f['rows_used'], left


def check_report(run_dir, lines):
    data = json.load(open(os.path.join(run_dir, 'report.json')))['data']
    for part in data.values():
        used = sum(counted(f)[1] for f in part['files'])
        if part['files']:
            assert part['rows'] == used - part.get('held_out', 0) - part.get('below_min_score', 0), part
    assert counted(data['train']['files'][0])[0] == lines, data
    return counted(data['train']['files'][0])


def one(work, r):
    data = rows(r)
    path, model = os.path.join(work, 'd.tsv'), os.path.join(work, 'run')
    with open(path, 'wb') as f:
        f.write(b'score\tsentence1\tsentence2\n' + r.choice([b'\n', b'\r\n']).join(data) + r.choice([b'', b'\n']))
    lines = len(open(path, 'rb').read().split(b'\n')) - 1 - open(path, 'rb').read().endswith(b'\n')
    skip = ['--on-bad-row', 'skip', '--score-range', '0:5']
    shutil.rmtree(model, ignore_errors=True)
    code, _ = run('train', path, '-q', '-o', model, '--epochs', '1', '--batch-size', str(r.choice([1, 2, 7])), '--loss', r.choice(LOSSES), *skip,
                  *r.choice([[], ['--dev', path], ['--test', path], ['--save-steps', '1']]))
    trained = check_report(model, lines) if os.path.exists(os.path.join(model, 'report.json')) else None
    code, out = run('check', path, '--json', *skip)
    if code != 0 or not out:
        return trained is not None
    checked = counted(json.loads(out)['files'][0])
    assert checked[0] == lines, (checked, lines)
    assert trained in (None, checked), (trained, checked)
    if trained and os.path.isdir(os.path.join(model, 'model')):
        code, out = run('eval', path, '-m', model, '--json', *skip)
        if code == 0:
            f = json.loads(out)['files'][0]
            assert (f['pairs'], f['skipped']) == checked[1:], (f, checked)
    return True


work = tempfile.mkdtemp(prefix='stsfit-rows-')
failed = answered = 0
for i in range(N):
    try:
        answered += one(work, random.Random(SEED + i))
    except (AssertionError, subprocess.TimeoutExpired, ValueError, KeyError) as e:
        failed += 1
        print(f'FAILED with seed {SEED + i}: {e!r}'[:900])
shutil.rmtree(work)
print(f'{answered} of {N} files were reported on; first seed {SEED}')
print(f'{N - failed} passed, {failed} failed')
sys.exit(failed > 0)
