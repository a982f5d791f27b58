/* fuzz_safetensors.c - weight files, with a mutator that keeps the header's length right and its
 * numbers near the file's size, so that most inputs get past the first check. */
#include "weights.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    return fuzz_weights("model.safetensors", data, n);
}

#ifdef FUZZ_MUTATOR
static size_t header_size(const uint8_t *data, size_t n)
{
    uint64_t k = 0;
    for (int i = 8; n >= 8 && i--;) k = k << 8 | data[i];
    return n < 8 ? 0 : k < n - 8 ? (size_t)k : n - 8;
}

/* Puts a number that matters (a size of this file) in place of one in the header. */
static size_t renumber(uint8_t *text, size_t n, size_t max, size_t body, unsigned seed)
{
    size_t at = seed % (n + 1), k = 0;
    while (at < n && (text[at] < '0' || text[at] > '9')) at++;
    while (at + k < n && text[at + k] >= '0' && text[at + k] <= '9') k++;
    if (!k) return n;
    const size_t choice[] = {body, body / 4, body / 2, body + 1, 0, 1, 4, (size_t)1 << 53};
    char word[24];
    size_t len = (size_t)snprintf(word, sizeof word, "%zu", choice[seed / 7 % 8]);
    if (n - k + len > max) return n;
    memmove(text + at + len, text + at + k, n - at - k);
    memcpy(text + at, word, len);
    return n - k + len;
}

/* The header and the data are mutated apart; then the length is written anew. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed)
{
    if (n < 8 || max < 64 || seed % 16 == 0) return LLVMFuzzerMutate(data, n, max);
    size_t head = header_size(data, n), body = n - 8 - head;
    uint8_t *text = malloc(max);
    if (!text) return n;
    memcpy(text, data + 8, head);
    size_t room = max - 8 - (body < max - 8 ? body : max - 8);
    if (head > room) head = room;
    if (seed % 4 == 1 && body) {
        size_t k = LLVMFuzzerMutate(data + 8 + head, body, max - 8 - head);
        memcpy(data + 8, text, head);
        body = k;
    } else {
        uint8_t *tail = malloc(body ? body : 1);
        if (!tail) return free(text), n;
        memcpy(tail, data + n - body, body);
        head = seed % 4 == 2 ? renumber(text, head, room, body, seed / 16)
                             : LLVMFuzzerMutate(text, head, room);
        memcpy(data + 8, text, head);
        memcpy(data + 8 + head, tail, body);
        free(tail);
    }
    free(text);
    for (int i = 0; i < 8; i++) data[i] = (uint8_t)((uint64_t)head >> 8 * i);
    return 8 + head + body;
}
#endif
