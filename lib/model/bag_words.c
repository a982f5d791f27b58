/* bag_words.c - counting words, and the pieces in which WordPiece cuts words that it does not know:
 * every character of the texts, and the continuations of up to four characters (in scripts written
 * without spaces, where there are no words: pieces of up to three). */
#include "model/bag_words.h"

#include "core/arena.h"
#include "core/mem.h"
#include "core/strbuf.h"
#include "token/features.h"
#include "token/trie.h"
#include "token/unicode.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST_PIECE 4
#define REPORT_EVERY 16384 /* texts between two reports of progress */
#define COUNTED ((size_t)1 << 20) /* different tokens; later ones are not taken in */

/* In the order in which they are cut down to STS_BAG_WORDS, and all others to STS_BAG_PIECES. */
typedef enum { CHARACTER, PIECE, WORD } kind;

typedef struct token {
    const char *text;
    size_t n;
    size_t count; /* of words: occurrences; of pieces: different words that have it */
    kind kind;
    bool runs_on;
} token;

typedef struct counting {
    sts_trie number; /* of a token in v */
    sts_arena arena;
    token *v;
    size_t n, cap;
} counting;

/* Counts a token once more. 0, or -1 (memory). */
static int count_token(counting *c, const char *s, size_t n, kind k, bool runs_on)
{
    int32_t i = sts_trie_find(&c->number, s, n);
    if (i < 0 && c->n == COUNTED) return 0;
    if (i < 0) {
        char *text = sts_arena_text(&c->arena, s, n);
        i = (int32_t)c->n;
        if (!text || sts_grow(&c->v, c->n, &c->cap, sizeof *c->v) ||
            sts_trie_add(&c->number, s, n, i))
            return -1;
        c->v[c->n++] = (token){.text = text, .n = n, .kind = k, .runs_on = runs_on};
    }
    token *t = &c->v[i];
    t->count++;
    if (k < t->kind) t->kind = k;
    return 0;
}

static int count_word(void *ctx, const uint32_t *c, size_t n, bool runs_on)
{
    char s[4 * STS_LONGEST_WORD];
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++) bytes += sts_utf8_put(s + bytes, c[i]);
    return count_token(ctx, s, bytes, WORD, runs_on);
}

/* The piece of n bytes as the start of a word, or as what continues one. */
static int count_piece(counting *c, const char *s, size_t n, size_t characters, bool starts,
                       bool runs_on)
{
    static const char rest[] = STS_BAG_REST;
    char marked[sizeof rest + 4 * LONGEST_PIECE];
    kind k = characters == 1 ? CHARACTER : PIECE;
    if (starts) return count_token(c, s, n, k, runs_on);
    memcpy(marked, rest, sizeof rest - 1);
    memcpy(marked + sizeof rest - 1, s, n);
    return count_token(c, marked, sizeof rest - 1 + n, k, runs_on);
}

/* The pieces of a word that begin at byte `at`. */
static int count_pieces(counting *c, const token *word, size_t at)
{
    size_t longest = word->runs_on ? LONGEST_PIECE - 1 : LONGEST_PIECE, end = at;
    for (size_t k = 1; k <= longest && end < word->n; k++) {
        end += sts_utf8_len(word->text[end]);
        const char *s = word->text + at;
        bool start = k == 1 || word->runs_on;
        if (start && count_piece(c, s, end - at, k, true, word->runs_on)) return -1;
        if ((at || k == 1) && count_piece(c, s, end - at, k, false, word->runs_on)) return -1;
    }
    return 0;
}

static int no_memory(sts_err *err)
{
    return sts_fail_memory(err, "the words");
}

/* The more important first; the order never depends on that of the texts. */
static int by_rank(const void *a, const void *b)
{
    const token *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    return strcmp(x->text, y->text);
}

static int count_words(counting *c, const sts_str *text, size_t n, sts_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (i && i % REPORT_EVERY == 0 && sts_advance("counting", i, n, err)) return -1;
        if (sts_words(text[i].s, text[i].n, count_word, c)) return no_memory(err);
    }
    return 0;
}

static int count_all(counting *c, const sts_str *text, size_t n, sts_err *err)
{
    if (sts_trie_init(&c->number)) return no_memory(err);
    if (count_words(c, text, n, err)) return -1;
    size_t words = c->n;
    for (size_t i = 0; i < words; i++) {
        token word = c->v[i]; /* v moves as it grows */
        for (size_t at = 0; at < word.n; at += sts_utf8_len(word.text[at]))
            if (count_pieces(c, &word, at)) return no_memory(err);
    }
    if (c->n) qsort(c->v, c->n, sizeof *c->v, by_rank);
    return 0;
}

/* ---- tokenizer.json ---- */

/* Words as features.c finds them: letters, digits and marks, apart from runs of the scripts that
 * are written without spaces. */
static const char HEAD[] =
    "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n"
    "  \"added_tokens\": [],\n"
    "  \"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFKC\"}, "
    "{\"type\": \"Lowercase\"}]},\n"
    "  \"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": [\n"
    "    {\"type\": \"Split\", \"pattern\": {\"Regex\": \"[^\\\\p{L}\\\\p{N}\\\\p{M}]+\"}, "
    "\"behavior\": \"Removed\", \"invert\": false},\n"
    "    {\"type\": \"Split\", \"pattern\": {\"Regex\": \"[\\\\x{3400}-\\\\x{4dbf}"
    "\\\\x{4e00}-\\\\x{9fff}\\\\x{f900}-\\\\x{faff}\\\\x{20000}-\\\\x{2a6df}"
    "\\\\x{2a700}-\\\\x{2b81f}\\\\x{2b920}-\\\\x{2ceaf}\\\\x{2f800}-\\\\x{2fa1f}"
    "\\\\x{3040}-\\\\x{30ff}\\\\x{31f0}-\\\\x{31ff}\\\\x{0e00}-\\\\x{0eff}"
    "\\\\x{1000}-\\\\x{109f}\\\\x{1780}-\\\\x{17ff}]+\"}, "
    "\"behavior\": \"Isolated\", \"invert\": false}\n  ]},\n"
    "  \"post_processor\": null,\n  \"decoder\": null,\n"
    "  \"model\": {\n    \"type\": \"WordPiece\",\n    \"unk_token\": \"" STS_BAG_UNKNOWN "\",\n"
    "    \"continuing_subword_prefix\": \"" STS_BAG_REST "\",\n"
    "    \"max_input_chars_per_word\": 1000,\n    \"vocab\": {\n      \"" STS_BAG_UNKNOWN "\": 0";

char *sts_bag_tokenizer(const sts_str *text, size_t n, sts_err *err)
{
    counting c = {0};
    int rc = count_all(&c, text, n, err);
    sts_strbuf out = {.failed = rc != 0};
    size_t words = 0, pieces = 0, id = 1;
    sts_strbuf_add(&out, HEAD, sizeof HEAD - 1);
    for (size_t i = 0; i < c.n; i++) {
        const token *t = &c.v[i];
        bool taken = t->kind == WORD ? !t->runs_on && words++ < STS_BAG_WORDS
                                     : pieces++ < STS_BAG_PIECES;
        if (taken) sts_strbuf_printf(&out, ",\n      \"%s\": %zu", t->text, id++);
    }
    sts_strbuf_printf(&out, "\n    }\n  }\n}\n");
    sts_free(c.v);
    sts_arena_free(&c.arena);
    sts_trie_free(&c.number);
    char *json = sts_strbuf_take(&out);
    if (!json && !rc) no_memory(err);
    return json;
}
