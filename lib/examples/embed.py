"""embed.py - embeds two texts by ctypes, and prints their cosine.

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
sts.sts_model_load.restype = c.c_void_p  # without these, ctypes passes pointers as int
sts.sts_model_width.argtypes = sts.sts_model_free.argtypes = [c.c_void_p]
sts.sts_encode.argtypes = [c.c_void_p, c.POINTER(Str), c.c_size_t, c.POINTER(c.c_float)] + 2 * [c.c_void_p]
err = Err()
model = sts.sts_model_load(model_dir.encode(), c.byref(err))
if not model:
    sys.exit(err.text.decode())
width = sts.sts_model_width(model)
data = [t.encode() for t in texts]
out = (c.c_float * (width * len(data)))()
rc = sts.sts_encode(model, (Str * len(data))(*[(t, len(t)) for t in data]), len(data), out, None, c.byref(err))
sts.sts_model_free(model)
if rc:
    sys.exit(err.text.decode())
u, v = out[:width], out[width : 2 * width]
print(f"{sum(a * b for a, b in zip(u, v)) / math.hypot(*u) / math.hypot(*v):.4f}")
