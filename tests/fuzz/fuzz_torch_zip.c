/* fuzz_torch_zip.c - PyTorch archives. The mutator takes the stored records apart, changes one, and
 * writes the archive again with right lengths and CRCs. */
#include "weights.h"

#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    return fuzz_weights("pytorch_model.bin", data, n);
}

#ifdef FUZZ_MUTATOR
#define RECORDS 32

typedef struct record {
    char name[64];
    size_t name_n, n;
    uint8_t *data;
    uint32_t at;
} record;

static uint32_t get(const uint8_t *p, int k)
{
    uint32_t v = 0;
    while (k--) v = v << 8 | p[k];
    return v;
}

static uint8_t *put(uint8_t *p, uint32_t v, int k)
{
    for (int i = 0; i < k; i++) *p++ = (uint8_t)(v >> 8 * i);
    return p;
}

/* The records by their local headers, one behind the other. */
static size_t take_apart(const uint8_t *z, size_t n, size_t room, record *r)
{
    size_t at = 0, count = 0;
    while (count < RECORDS && at + 30 <= n && get(z + at, 4) == 0x04034b50) {
        size_t names = get(z + at + 26, 2), extra = get(z + at + 28, 2), size = get(z + at + 18, 4);
        size_t from = at + 30 + names + extra;
        if (names >= sizeof r->name || from > n || size > n - from) break;
        record *x = &r[count++];
        memcpy(x->name, z + at + 30, names);
        x->name_n = names;
        x->n = size;
        x->data = malloc(size + room);
        if (!x->data) abort();
        memcpy(x->data, z + from, size);
        at = from + size;
        if (at + 16 <= n && get(z + at, 4) == 0x08074b50) at += 16; /* a data descriptor */
    }
    return count;
}

static uint8_t *put_header(uint8_t *p, const record *x, bool central)
{
    uint32_t crc = (uint32_t)crc32(0, x->data, (uInt)x->n);
    p = put(p, central ? 0x02014b50 : 0x04034b50, 4);
    if (central) p = put(p, 0, 2);
    p = put(put(put(put(p, 0, 2), 0, 2), 0, 2), 0, 4); /* version, flags, stored, time */
    p = put(put(put(p, crc, 4), (uint32_t)x->n, 4), (uint32_t)x->n, 4);
    p = put(put(p, (uint32_t)x->name_n, 2), 0, 2);
    if (central) p = put(put(put(put(p, 0, 2), 0, 4), 0, 4), x->at, 4);
    memcpy(p, x->name, x->name_n);
    return p + x->name_n;
}

static size_t put_together(uint8_t *z, size_t max, record *r, size_t count)
{
    size_t need = 22;
    for (size_t i = 0; i < count; i++) need += 76 + 2 * r[i].name_n + r[i].n;
    if (need > max) return 0;
    uint8_t *p = z;
    for (size_t i = 0; i < count; i++) {
        r[i].at = (uint32_t)(p - z);
        p = put_header(p, &r[i], false);
        memcpy(p, r[i].data, r[i].n);
        p += r[i].n;
    }
    uint8_t *directory = p;
    for (size_t i = 0; i < count; i++) p = put_header(p, &r[i], true);
    uint32_t size = (uint32_t)(p - directory);
    p = put(put(put(p, 0x06054b50, 4), 0, 4), (uint32_t)count, 2);
    p = put(put(put(p, (uint32_t)count, 2), size, 4), (uint32_t)(directory - z), 4);
    return (size_t)(put(p, 0, 2) - z);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed)
{
    record r[RECORDS];
    size_t room = max > n ? max - n : 0;
    size_t count = seed % 8 ? take_apart(data, n, room + 1, r) : 0, out = 0;
    if (count) {
        record *x = &r[seed / 8 % 4 ? 0 : seed / 32 % count]; /* mostly data.pkl */
        if (seed % 64 == 9) x->name_n = LLVMFuzzerMutate((uint8_t *)x->name, x->name_n, 63);
        else x->n = LLVMFuzzerMutate(x->data, x->n, x->n + room);
        out = put_together(data, max, r, count);
    }
    for (size_t i = 0; i < count; i++) free(r[i].data);
    return out ? out : LLVMFuzzerMutate(data, n, max);
}
#endif
