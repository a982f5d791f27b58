"""embed.py - the library from Python, by ctypes: prints the cosine of two texts.

    python3 embed.py LIBRARY MODEL TEXT TEXT"""
import ctypes as c
import math
import sys


class Err(c.Structure):
    _fields_ = [("code", c.c_int), ("text", c.c_char * 1000)]


class Str(c.Structure):
    _fields_ = [("s", c.c_char_p), ("n", c.c_size_t)]


library, model_dir, *texts = sys.argv[1:]
sts = c.CDLL(library)
sts.sts_model_load.restype = c.c_void_p
err = Err()
model = c.c_void_p(sts.sts_model_load(model_dir.encode(), c.byref(err)))
if not model:
    sys.exit(err.text.decode())
width = sts.sts_model_width(model)
data = [t.encode() for t in texts]
text = (Str * len(data))(*[Str(t, len(t)) for t in data])
out = (c.c_float * (width * len(data)))()
if sts.sts_encode(model, text, c.c_size_t(len(data)), out, None, c.byref(err)):
    sys.exit(err.text.decode())
u, v = out[:width], out[width : 2 * width]
print(f"{sum(a * b for a, b in zip(u, v)) / math.hypot(*u) / math.hypot(*v):.4f}")
sts.sts_model_free(model)
