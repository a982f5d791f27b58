/* pickle.c - a stack machine for protocol 2, cut down to what torch.save writes for tensors.
 * Memory is bounded: the stack, the memo (numbered without gaps) and the arena have limits. */
#include "format/pickle.h"

#include "core/limits.h"
#include "core/mem.h"

#include <stdio.h>
#include <string.h>

enum kind { MARK, NONE, BOOL, INT, FLOAT, TEXT, TUPLE, LIST, DICT, GLOBAL, STORAGE, TENSOR };
static const char *const kind_name[] = {
    "a mark", "None", "a truth value", "a whole number", "a number", "a text", "a tuple",
    "a list", "a dictionary", "a name", "a storage", "a tensor",
};

/* What may be called, and what it makes; a storage class has its dtype. */
enum { ORDERED_DICT = 1, REBUILD_TENSOR, REBUILD_PARAMETER, STORAGE_CLASS };

typedef struct value {
    enum kind kind;
    int what;  /* GLOBAL: from the list above */
    size_t n;  /* TEXT: bytes; TUPLE: items */
    union {
        int64_t i;
        const char *s;
        const struct value *v;
        struct dict *dict;
        const sts_dtype *dtype;
        sts_pickle_tensor *tensor; /* also STORAGE: key, numel and dtype filled in */
    } u;
} value;

typedef struct dict {
    struct { value key, item; } *v;
    size_t n, cap;
} dict;

typedef struct machine {
    const unsigned char *p;
    size_t n, at, op; /* op: where the current opcode stands */
    const char *path;
    sts_err *err;
    sts_arena *arena;
    value *stack, *memo;
    size_t n_stack, cap_stack, n_memo, cap_memo;
} machine;

static int fail(const machine *m, const char *what)
{
    return sts_fail(m->err, STS_MODEL, "%s: data.pkl: byte %zu: %s", m->path, m->op, what);
}

static int unexpected(const machine *m, const char *wanted, const value *found)
{
    char what[96];
    snprintf(what, sizeof what, "expected %s, found %s", wanted,
             found ? kind_name[found->kind] : "nothing");
    return fail(m, what);
}

static void *take(machine *m, size_t n)
{
    void *p = m->arena->total + n > STS_PICKLE_ARENA ? NULL : sts_arena_take(m->arena, n);
    if (!p && m->arena->total + n > STS_PICKLE_ARENA) fail(m, "too large for a list of tensors");
    else if (!p) sts_fail_memory(m->err, m->path);
    return p;
}

/* ---- bytes ---- */

static const unsigned char *bytes(machine *m, size_t n)
{
    if (n > m->n - m->at) return fail(m, "ends within an instruction"), NULL;
    m->at += n;
    return m->p + m->at - n;
}

/* An unsigned little-endian number of n <= 8 bytes. */
static int number(machine *m, size_t n, uint64_t *out)
{
    const unsigned char *b = bytes(m, n);
    if (!b) return -1;
    *out = 0;
    while (n--) *out = *out << 8 | b[n];
    return 0;
}

/* ---- the stack ---- */

static int push(machine *m, value v)
{
    if (m->n_stack == STS_PICKLE_STACK) return fail(m, "a stack of more than 65,536 values");
    if (sts_grow(&m->stack, m->n_stack, &m->cap_stack, sizeof *m->stack))
        return sts_fail_memory(m->err, m->path);
    m->stack[m->n_stack++] = v;
    return 0;
}

/* The value on top, of that kind; NULL with an error. It stays valid until the next push. */
static const value *pop(machine *m, enum kind kind)
{
    const value *v = m->n_stack ? &m->stack[m->n_stack - 1] : NULL;
    if (!v || v->kind != kind) return unexpected(m, kind_name[kind], v), NULL;
    m->n_stack--;
    return v;
}

/* Takes what lies above the last mark, and the mark: its start and number. NULL: no mark. */
static const value *pop_to_mark(machine *m, size_t *n)
{
    size_t i = m->n_stack;
    while (i && m->stack[i - 1].kind != MARK) i--;
    if (!i) return fail(m, "no mark on the stack"), NULL;
    *n = m->n_stack - i;
    m->n_stack = i - 1;
    return m->stack + i;
}

static int push_tuple(machine *m, const value *from, size_t n)
{
    value *v = take(m, (n ? n : 1) * sizeof *v);
    if (!v) return -1;
    for (size_t i = 0; i < n; i++) {
        if (from[i].kind == MARK) return fail(m, "a mark within a tuple");
        v[i] = from[i];
    }
    return push(m, (value){.kind = TUPLE, .n = n, .u.v = v});
}

static int push_text(machine *m, size_t length_bytes)
{
    uint64_t n;
    if (number(m, length_bytes, &n)) return -1;
    const unsigned char *s = n <= m->n ? bytes(m, (size_t)n) : NULL;
    if (!s) return fail(m, "a text that reaches beyond the end");
    return push(m, (value){.kind = TEXT, .n = (size_t)n, .u.s = (const char *)s});
}

static int push_dict(machine *m)
{
    dict *d = take(m, sizeof *d);
    if (!d) return -1;
    *d = (dict){0};
    return push(m, (value){.kind = DICT, .u.dict = d});
}

static int set_item(machine *m, dict *d, value key, value item)
{
    if (key.kind != TEXT) return unexpected(m, "a text as the key", &key);
    if (item.kind == MARK) return fail(m, "a mark within a dictionary");
    if (d->n == STS_MAX_TENSORS) return fail(m, "more than 100,000 tensors in a dictionary");
    if (d->n == d->cap) {
        size_t cap = d->cap ? 2 * d->cap : 8;
        void *v = take(m, cap * sizeof *d->v);
        if (!v) return -1;
        if (d->n) memcpy(v, d->v, d->n * sizeof *d->v);
        d->v = v;
        d->cap = cap;
    }
    d->v[d->n].key = key;
    d->v[d->n++].item = item;
    return 0;
}

/* n / 2 keys and values into the dictionary on top. */
static int set_items(machine *m, const value *v, size_t n)
{
    const value *d = m->n_stack ? &m->stack[m->n_stack - 1] : NULL;
    if (!d || d->kind != DICT) return unexpected(m, "a dictionary", d);
    if (n % 2) return fail(m, "a key without a value");
    for (size_t i = 0; i < n; i += 2)
        if (set_item(m, d->u.dict, v[i], v[i + 1])) return -1;
    return 0;
}

/* ---- the memo ---- */

static int memo_put(machine *m, size_t length_bytes)
{
    uint64_t i;
    if (number(m, length_bytes, &i)) return -1;
    if (!m->n_stack) return fail(m, "nothing to remember");
    if (i > m->n_memo || i >= STS_PICKLE_MEMO) return fail(m, "memo number out of order");
    if (i == m->n_memo) {
        if (sts_grow(&m->memo, m->n_memo, &m->cap_memo, sizeof *m->memo))
            return sts_fail_memory(m->err, m->path);
        m->n_memo++;
    }
    m->memo[i] = m->stack[m->n_stack - 1];
    return 0;
}

static int memo_get(machine *m, size_t length_bytes)
{
    uint64_t i;
    if (number(m, length_bytes, &i)) return -1;
    if (i >= m->n_memo) return fail(m, "memo number that was never put");
    return push(m, m->memo[i]);
}

/* ---- names, and what calling them would make ---- */

/* A line of the pickle, without its end. */
static int line(machine *m, sts_str *out)
{
    const unsigned char *from = m->p + m->at, *end = memchr(from, '\n', m->n - m->at);
    if (!end) return fail(m, "a name without an end");
    *out = (sts_str){(const char *)from, (size_t)(end - from)};
    m->at += out->n + 1;
    return 0;
}

static bool is(sts_str s, const char *text)
{
    return strlen(text) == s.n && !memcmp(text, s.s, s.n);
}

static int push_global(machine *m)
{
    sts_str module = {0}, name = {0};
    if (line(m, &module) || line(m, &name)) return -1;
    value v = {.kind = GLOBAL};
    if (is(module, "collections") && is(name, "OrderedDict")) v.what = ORDERED_DICT;
    if (is(module, "torch._utils") && is(name, "_rebuild_tensor_v2")) v.what = REBUILD_TENSOR;
    if (is(module, "torch._utils") && is(name, "_rebuild_parameter")) v.what = REBUILD_PARAMETER;
    if (is(module, "torch") && (v.u.dtype = sts_dtype_torch(name.s, name.n)))
        v.what = STORAGE_CLASS;
    if (v.what) return push(m, v);
    char what[256];
    snprintf(what, sizeof what, "asks for %.*s.%.*s, which weights do not need: refused",
             (int)(module.n < 80 ? module.n : 80), module.s, (int)(name.n < 80 ? name.n : 80),
             name.s);
    return fail(m, what);
}

/* A tuple of sizes or strides into out; how many, or -1. */
static int dims(machine *m, const value *v, size_t *out)
{
    if (v->kind != TUPLE) return unexpected(m, "a tuple of sizes", v);
    if (v->n > STS_TENSOR_DIMS) return fail(m, "a tensor of more than 8 dimensions");
    for (size_t i = 0; i < v->n; i++) {
        const value *x = &v->u.v[i];
        if (x->kind != INT) return unexpected(m, "a whole number", x);
        if (x->u.i < 0 || x->u.i > (int64_t)1 << 53) return fail(m, "a size out of range");
        out[i] = (size_t)x->u.i;
    }
    return (int)v->n;
}

/* Does every element lie within the storage? (With strides of 0 the tensor may be the larger.) */
static int check_bounds(machine *m, const sts_pickle_tensor *p)
{
    const sts_tensor *t = &p->t;
    size_t last = (size_t)t->offset, count = 1, step;
    for (int i = 0; i < t->n_dims; i++) {
        if (!sts_mul(count, t->shape[i], &count)) return fail(m, "a shape that overflows");
        if (t->shape[i] && (!sts_mul(t->shape[i] - 1, t->stride[i], &step) ||
                            !sts_add(last, step, &last)))
            return fail(m, "strides that overflow");
    }
    if (count && last >= p->numel)
        return fail(m, "a tensor that reaches beyond its storage");
    return 0;
}

/* _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata]) */
static int rebuild_tensor(machine *m, const value *args)
{
    const value *a = args->u.v;
    if (args->n < 6 || args->n > 7) return fail(m, "_rebuild_tensor_v2 with other arguments");
    if (a[0].kind != STORAGE) return unexpected(m, "a storage", &a[0]);
    if (a[1].kind != INT || a[1].u.i < 0) return unexpected(m, "an offset", &a[1]);
    if (a[4].kind != BOOL) return unexpected(m, "requires_grad", &a[4]);
    if (args->n == 7 && a[6].kind != NONE && (a[6].kind != DICT || a[6].u.dict->n))
        return fail(m, "a tensor with metadata (a view of negated or conjugate numbers)");
    sts_pickle_tensor *p = take(m, sizeof *p);
    if (!p) return -1;
    *p = *a[0].u.tensor;
    p->t.offset = (uint64_t)a[1].u.i;
    p->t.n_dims = dims(m, &a[2], p->t.shape);
    if (p->t.n_dims < 0) return -1;
    int n = dims(m, &a[3], p->t.stride);
    if (n < 0) return -1;
    if (n != p->t.n_dims) return fail(m, "as many strides as sizes are needed");
    return check_bounds(m, p) ? -1 : push(m, (value){.kind = TENSOR, .u.tensor = p});
}

static int op_reduce(machine *m)
{
    const value *args = pop(m, TUPLE);
    if (!args) return -1;
    value copy = *args;
    const value *f = pop(m, GLOBAL);
    if (!f) return -1;
    switch (f->what) {
    case ORDERED_DICT:
        return copy.n ? fail(m, "an OrderedDict with arguments") : push_dict(m);
    case REBUILD_TENSOR: return rebuild_tensor(m, &copy);
    case REBUILD_PARAMETER:
        if (copy.n != 3 || copy.u.v[0].kind != TENSOR || copy.u.v[1].kind != BOOL)
            return fail(m, "a parameter without a tensor, or with other arguments");
        return push(m, copy.u.v[0]);
    default: return fail(m, "calls a storage class: refused");
    }
}

/* ('storage', class, key, location, numel): where tensors have their numbers. */
static int op_binpersid(machine *m)
{
    const value *id = pop(m, TUPLE);
    if (!id) return -1;
    const value *a = id->u.v;
    if (id->n != 5 || a[0].kind != TEXT || !is((sts_str){a[0].u.s, a[0].n}, "storage") ||
        a[1].kind != GLOBAL || a[1].what != STORAGE_CLASS || a[2].kind != TEXT ||
        a[3].kind != TEXT || a[4].kind != INT || a[4].u.i < 0)
        return fail(m, "a persistent id that is not a storage");
    sts_pickle_tensor *p = take(m, sizeof *p);
    if (!p) return -1;
    *p = (sts_pickle_tensor){.storage = {a[2].u.s, a[2].n}, .numel = (size_t)a[4].u.i,
                             .t = {.dtype = a[1].u.dtype}};
    return push(m, (value){.kind = STORAGE, .u.tensor = p});
}

/* ---- opcodes ---- */

static int op_tuple(machine *m)
{
    size_t n;
    const value *v = pop_to_mark(m, &n);
    return v ? push_tuple(m, v, n) : -1;
}

static int tuple_of(machine *m, size_t n)
{
    if (m->n_stack < n) return fail(m, "an empty stack");
    m->n_stack -= n;
    return push_tuple(m, m->stack + m->n_stack, n);
}

static int op_setitems(machine *m)
{
    size_t n;
    const value *v = pop_to_mark(m, &n);
    return v ? set_items(m, v, n) : -1;
}

static int op_setitem(machine *m)
{
    if (m->n_stack < 3) return fail(m, "an empty stack");
    m->n_stack -= 2;
    return set_items(m, m->stack + m->n_stack, 2);
}

/* Lists hold nothing that tensors need: their items are dropped. */
static int op_appends(machine *m)
{
    size_t n;
    if (!pop_to_mark(m, &n)) return -1;
    const value *l = m->n_stack ? &m->stack[m->n_stack - 1] : NULL;
    return l && l->kind == LIST ? 0 : unexpected(m, "a list", l);
}

static int op_append(machine *m)
{
    if (m->n_stack < 2 || m->stack[m->n_stack - 2].kind != LIST)
        return fail(m, "no list to append to");
    m->n_stack--;
    return 0;
}

/* The attributes of a state dict (its _metadata) say nothing about the numbers. */
static int op_build(machine *m)
{
    if (!pop(m, DICT)) return -1;
    const value *d = m->n_stack ? &m->stack[m->n_stack - 1] : NULL;
    return d && d->kind == DICT ? 0 : unexpected(m, "a dictionary to give attributes to", d);
}

static int op_binint(machine *m, size_t n)
{
    uint64_t i;
    if (number(m, n, &i)) return -1;
    if (n == 4) i = (uint64_t)(int32_t)(uint32_t)i; /* the only one with a sign */
    return push(m, (value){.kind = INT, .u.i = (int64_t)i});
}

static int op_long1(machine *m)
{
    uint64_t n, i;
    if (number(m, 1, &n)) return -1;
    if (n > 8) return fail(m, "a number of more than 64 bits");
    if (number(m, (size_t)n, &i)) return -1;
    if (n && n < 8 && i >> (8 * n - 1)) i |= ~(uint64_t)0 << 8 * n; /* the sign */
    return push(m, (value){.kind = INT, .u.i = (int64_t)i});
}

static int op_proto(machine *m)
{
    uint64_t v;
    if (number(m, 1, &v)) return -1;
    return v == 2 || v == 3 ? 0 : fail(m, "not pickle protocol 2, as torch.save writes it");
}

static int refuse(machine *m, unsigned op)
{
    static const struct { unsigned char op; const char *name; } known[] = {
        {0x81, "NEWOBJ"}, {0x92, "NEWOBJ_EX"}, {0x93, "STACK_GLOBAL"}, {'i', "INST"}, {'o', "OBJ"},
        {0x82, "EXT1"},   {0x83, "EXT2"},      {0x84, "EXT4"},         {'P', "PERSID"},
        {0x8b, "LONG4"},  {0x94, "MEMOIZE"},   {0x95, "FRAME"},        {'B', "BINBYTES"},
    };
    char what[96];
    const char *name = "unknown";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].op == op) name = known[i].name;
    snprintf(what, sizeof what, "opcode 0x%02x (%s), which weights do not need: refused", op, name);
    return fail(m, what);
}

static int step(machine *m, unsigned op)
{
    switch (op) {
    case 0x80: return op_proto(m);
    case '(': return push(m, (value){.kind = MARK});
    case 'N': return push(m, (value){.kind = NONE});
    case 0x88: case 0x89: return push(m, (value){.kind = BOOL});
    case 'J': return op_binint(m, 4);
    case 'K': return op_binint(m, 1);
    case 'M': return op_binint(m, 2);
    case 0x8a: return op_long1(m);
    case 'G': return bytes(m, 8) ? push(m, (value){.kind = FLOAT}) : -1;
    case 'X': case 'T': return push_text(m, 4);
    case 'U': return push_text(m, 1);
    case 'c': return push_global(m);
    case ')': return push_tuple(m, NULL, 0);
    case 't': return op_tuple(m);
    case 0x85: return tuple_of(m, 1);
    case 0x86: return tuple_of(m, 2);
    case 0x87: return tuple_of(m, 3);
    case ']': return push(m, (value){.kind = LIST});
    case 'a': return op_append(m);
    case 'e': return op_appends(m);
    case '}': return push_dict(m);
    case 's': return op_setitem(m);
    case 'u': return op_setitems(m);
    case 'q': return memo_put(m, 1);
    case 'r': return memo_put(m, 4);
    case 'h': return memo_get(m, 1);
    case 'j': return memo_get(m, 4);
    case 'R': return op_reduce(m);
    case 'Q': return op_binpersid(m);
    case 'b': return op_build(m);
    default: return refuse(m, op);
    }
}

static int run(machine *m)
{
    for (;;) {
        m->op = m->at;
        const unsigned char *op = bytes(m, 1);
        if (!op) return -1;
        if (*op == '.') break;
        if (step(m, *op)) return -1;
    }
    if (m->at != m->n) return fail(m, "bytes behind its end");
    if (m->n_stack == 1 && m->stack[0].kind == DICT) return 0;
    return unexpected(m, "a dictionary of tensors", m->n_stack ? m->stack : NULL);
}

/* The tensors of the dictionary that is left on the stack. */
static int collect(machine *m, sts_pickle_tensor **v, size_t *n)
{
    const dict *d = m->stack[0].u.dict;
    *v = take(m, (d->n + 1) * sizeof **v);
    if (!*v) return -1;
    *n = d->n;
    for (size_t i = 0; i < d->n; i++) {
        const value *key = &d->v[i].key, *item = &d->v[i].item;
        if (item->kind != TENSOR)
            return sts_fail(m->err, STS_MODEL, "%s: \"%.*s\" is %s, not a tensor: not a model's "
                            "state dict", m->path, (int)(key->n < 200 ? key->n : 200), key->u.s,
                            kind_name[item->kind]);
        (*v)[i] = *item->u.tensor;
        (*v)[i].name = (sts_str){key->u.s, key->n};
    }
    return 0;
}

int sts_pickle_read(const unsigned char *p, size_t n, const char *path, sts_arena *arena,
                    sts_pickle_tensor **v, size_t *n_v, sts_err *err)
{
    machine m = {.p = p, .n = n, .path = path, .err = err, .arena = arena};
    int rc = run(&m) || collect(&m, v, n_v) ? -1 : 0;
    sts_free(m.stack);
    sts_free(m.memo);
    return rc;
}
