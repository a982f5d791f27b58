/* test_checkpoint.c - what a checkpoint from a stranger may hold: names, checksums, moments. */
#include "core/mem.h"
#include "core/sys.h"
#include "model_help.h"
#include "train/checkpoint.h"
#include "train/manifest.h"
#include "train/optimizer_state.h"

#include <math.h>
#include <unistd.h>

enum { ROWS = 5, WIDTH = 3, DENSE = 4, STEP = 2 };

/* Where things stand in optimizer.bin: the header, the rows (row + 1, its age, m, v), a zero, and
 * the dense tensor's m and v. */
enum { HEADER = 40, ROW = 12 + 8 * WIDTH, DENSE_AT = HEADER + 2 * ROW + 4 };
enum { ALL = DENSE_AT + 8 * DENSE };

typedef struct trained {
    sts_params params;
    sts_adamw a;
} trained;

static void make(trained *t, int steps)
{
    static const sts_schedule schedule = {STS_LINEAR, 1e-2, 1, 9};
    static const sts_adamw_options o = {0.9, 0.999, 1e-8, 0, 0};
    const size_t table[] = {ROWS, WIDTH}, dense[] = {DENSE};
    const int32_t ids[] = {3, 1};
    *t = (trained){0};
    cr_assert(sts_params_add(&t->params, NULL, STS_SPARSE, "table", 2, table) == 0);
    cr_assert(sts_params_add(&t->params, NULL, 0, "dense", 1, dense) == 1);
    cr_assert(!sts_params_alloc(&t->params, NULL));
    cr_assert(!sts_adamw_init(&t->a, &t->params, &o, &schedule, NULL));
    for (int i = 0; i < steps; i++) {
        cr_assert(!sts_adamw_touch(&t->a, ids + i % 2, 1, NULL));
        for (size_t j = 0; j < WIDTH; j++) t->params.grad[(size_t)ids[i % 2] * WIDTH + j] = 1;
        sts_adamw_update(&t->a, 1, 1);
    }
    sts_adamw_flush(&t->a);
}

static void unmake(trained *t)
{
    sts_adamw_free(&t->a);
    sts_params_free(&t->params);
}

/* The file with n bytes at `at` put in the place of its own; the result of loading it. */
static int load_with(size_t at, const void *bytes, size_t n, sts_err *err)
{
    trained t;
    size_t size;
    make(&t, STEP);
    cr_assert(!sts_optimizer_save(below("o"), &t.a, NULL));
    unmake(&t);
    char *file = sts_file_read(below("o"), 1 << 16, STS_MODEL, &size, NULL);
    cr_assert(file && size == ALL);
    memcpy(file + at, bytes, n);
    cr_assert(!sts_file_write(below("o"), file, size, NULL));
    sts_free(file);
    make(&t, 0);
    int rc = sts_optimizer_load(below("o"), &t.a, err);
    unmake(&t);
    return rc;
}

#define refuse(at, value)                                                                      \
    do {                                                                                       \
        sts_err err = {0};                                                                     \
        cr_expect(load_with(at, &(value), sizeof(value), &err) && err.code == STS_MODEL &&     \
                      strstr(err.text, "/o: "),                                                \
                  "%s at %d: '%s'", #value, (int)(at), err.text);                              \
    } while (0)

Test(optimizer_state, comes_back, .init = setup, .fini = teardown)
{
    sts_err err = {0};
    uint64_t step = STEP;
    float endless = INFINITY; /* a v that overflowed: its row stands still, but may continue */
    cr_assert(!load_with(8, &step, sizeof step, &err), "%s", err.text);
    cr_assert(!load_with(ALL - 4, &endless, sizeof endless, &err), "%s", err.text);
}

Test(optimizer_state, rows_that_no_run_writes_are_refused, .init = setup, .fini = teardown)
{
    uint32_t none = 0, past = ROWS + 1, same = 2, future = STEP + 1, huge = UINT32_MAX,
             resting = 1U << 31;
    refuse(HEADER, none);
    refuse(HEADER, past);
    refuse(HEADER, huge);
    refuse(HEADER + ROW, same); /* the first one's number */
    refuse(HEADER + 4, none);
    refuse(HEADER + 4, future);
    refuse(HEADER + 4, huge);
    refuse(HEADER + 8, none);
    refuse(HEADER + 8, future);
    refuse(HEADER + 8, huge);
    refuse(HEADER + 8, resting); /* of step 0 */
}

Test(optimizer_state, moments_that_are_none_are_refused, .init = setup, .fini = teardown)
{
    const float no = NAN, endless = -INFINITY, negative = -1;
    const size_t m[] = {HEADER + 12, DENSE_AT}, v[] = {HEADER + 12 + 4 * WIDTH, ALL - 4};
    for (int i = 0; i < 2; i++) {
        refuse(m[i], no);
        refuse(m[i], endless);
        refuse(v[i], no);
        refuse(v[i], endless);
        refuse(v[i], negative);
    }
}

Test(checkpoint, its_name_is_exact)
{
    static const char *const none[] = {
        "checkpoint-",   "checkpoint-0",  "checkpoint-007", "checkpoint-5x",     "checkpoint--5",
        "checkpoint-+5", "checkpoint- 5", "checkpoints",    "checkpoint-5.old",  "Checkpoint-5",
        "checkpoint-18446744073709551616", "checkpoint-18446744073709551621",
        "checkpoint-9007199254740993"};
    cr_assert(sts_checkpoint_step("checkpoint-5") == 5);
    cr_assert(sts_checkpoint_step("checkpoint-9007199254740992") == UINT64_C(1) << 53);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect(!sts_checkpoint_step(none[i]), "%s", none[i]);
}

/* dir with files vocab.txt, b/config.json and, of both, checksums. */
static void make_listed(void)
{
    static const char *const names[] = {"vocab.txt", "b/config.json"};
    setup();
    put("vocab.txt", "text");
    put("notes.txt", "not ours");
    cr_assert(!sts_dir_make(below("b"), NULL));
    put("b/config.json", "more");
    cr_assert(!sts_manifest_write(dir, names, 2, NULL));
}

static void expect_manifest(const char *text, const char *needed, const char *reported)
{
    sts_err err = {0};
    if (text) put(STS_MANIFEST, text);
    int rc = sts_manifest_check(dir, &needed, needed != NULL, &err);
    if (!reported) cr_expect(!rc, "%s", err.text);
    else cr_expect(rc && strstr(err.text, reported), "'%s', not '%s'", err.text, reported);
}

#define ENTRY(name) "{\"files\":{\"" name "\":{\"bytes\":4,\"crc32\":\"00000000\"}}}"

Test(manifest, refuses, .init = make_listed, .fini = teardown)
{
    expect_manifest(NULL, NULL, NULL);
    expect_manifest(NULL, "vocab.txt", NULL);
    expect_manifest(NULL, "config.json", NULL);
    expect_manifest(NULL, "notes.txt", "does not list notes.txt");
    expect_manifest("{}", NULL, "\"files\" is missing");
    expect_manifest("{\"files\":[]}", NULL, "\"files\" is missing");
    expect_manifest("{\"schema\":2,\"files\":{}}", NULL, "schema");
    expect_manifest("{\"files\":{\"vocab.txt\":{\"crc32\":\"1\"}}}", NULL, "vocab.txt: malformed");
    expect_manifest("{\"files\":{\"vocab.txt\":{\"bytes\":4}}}", NULL, "vocab.txt: malformed");
    expect_manifest("{\"files\":{\"vocab.txt\":{\"bytes\":5,\"crc32\":\"\"}}}", NULL,
                    "has 4 bytes");
    expect_manifest(ENTRY("vocab.txt"), NULL, "CRC-32");
    expect_manifest(ENTRY("tokenizer.json"), NULL, "is missing");
    expect_manifest(ENTRY("notes.txt"), NULL, NULL); /* no file of a model: not even read */
    expect_manifest(ENTRY("none"), NULL, NULL);
    expect_manifest(ENTRY("/etc/passwd"), NULL, "malformed");
    expect_manifest(ENTRY(""), NULL, "malformed");
    expect_manifest(ENTRY("./a"), NULL, "malformed");
    expect_manifest(ENTRY("b/../a"), NULL, "malformed");
    expect_manifest(ENTRY("b//c"), NULL, "malformed");
    expect_manifest(ENTRY("b/"), NULL, "malformed");
    expect_manifest(ENTRY("b/."), NULL, "malformed");
}

/* What leads out of the directory is neither followed nor kept. */
Test(dir, a_link_goes_itself, .init = setup, .fini = teardown)
{
    sts_err err = {0};
    cr_assert(!sts_dir_make(below("mine"), NULL));
    put("mine/text", "text");
    cr_assert(!symlink("mine", below("link")));
    cr_assert(!sts_dir_remove(below("link"), &err), "%s", err.text);
    cr_assert(sts_file_exists(below("mine/text")));
    cr_assert(symlink("mine", below("link")) == 0, "the link is still there");
    cr_assert(!sts_dir_remove(below("mine/text"), &err) && !sts_file_exists(below("mine/text")));
    cr_assert(!sts_dir_remove(below("none"), &err) && !sts_dir_remove(below("none/at/all"), &err));
}

/* Somebody exchanges a directory for a link out of it as soon as it was found to be one. */
static int (*true_lstatat)(int dir, const char *name, struct stat *s);

static int exchange_after(int at, const char *name, struct stat *s)
{
    int rc = true_lstatat(at, name, s);
    if (strcmp(name, "inner")) return rc;
    cr_assert(!rename(below("gone/inner"), below("aside")));
    cr_assert(!symlink("../mine", below("gone/inner")));
    return rc;
}

Test(dir, removing_is_not_led_out_by_an_exchange, .init = setup, .fini = teardown)
{
    sts_err err = {0};
    cr_assert(!sts_dir_make(below("mine"), NULL) && !sts_dir_make(below("gone/inner"), NULL));
    put("mine/text", "text");
    put("gone/inner/text", "text");
    true_lstatat = sts_sys.lstatat;
    sts_sys.lstatat = exchange_after;
    int rc = sts_dir_remove(below("gone"), &err);
    sts_sys.lstatat = true_lstatat;
    cr_assert(rc && strstr(err.text, "/gone: cannot remove"), "%s", err.text);
    cr_assert(sts_file_exists(below("mine/text")), "a file outside was removed");
}

/* A link under the name of a temporary file is not written through. */
Test(writer, a_link_is_not_followed, .init = setup, .fini = teardown)
{
    char tmp[64];
    size_t n;
    put("mine", "mine");
    snprintf(tmp, sizeof tmp, "new.tmp-%ld", (long)getpid());
    cr_assert(!symlink("mine", below(tmp)));
    put("new", "new");
    char *s = sts_file_read(below("mine"), 100, STS_DATA, &n, NULL);
    cr_assert_str_eq(s, "mine");
    sts_free(s);
}
