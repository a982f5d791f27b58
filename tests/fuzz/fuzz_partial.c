/* fuzz_partial.c - what another process left of `encode --resume -o FILE`: the first byte chooses
 * whether FILE.part.json or FILE.part is the input, and how long rows are. What is accepted has the
 * rows that it says. */
#include "fuzz.h"
#include "stsfit.h"

static const sts_fact part_facts[] = {{"model", "51264 weights, CRC-32 c3ee9517"},
                                      {"set of options", "--columns \xff"}};

/* An output of 24 bytes, begun and left. */
static void begin_part(const char *path, const sts_rows_layout *layout)
{
    static const char rows[] = "a row.\na row.\na row.\n..";
    sts_err err = {0};
    sts_partial *p = sts_partial_open(path, part_facts, 2, layout, &err);
    fuzz_check(p, err.text);
    fuzz_check(!sts_writer_write(sts_partial_writer(p), rows, layout->head + 21, &err), err.text);
    fuzz_check(!sts_partial_mark(p, 3, &err), err.text);
    sts_partial_close(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const sts_rows_layout layouts[] = {{0, 0}, {0, 7}, {3, 7}, {3, 1}};
    static bool ready;
    sts_err err = {0};
    if (!ready) atexit(fuzz_clean);
    ready = true;
    if (!n) return 0;
    const sts_rows_layout *layout = &layouts[data[0] >> 1 & 3];
    char path[160];
    snprintf(path, sizeof path, "%s", fuzz_path("out"));
    unlink(fuzz_path("out.part"));
    unlink(fuzz_path("out.part.json"));
    if (layout->row != 1) begin_part(path, layout);
    fuzz_file(data[0] & 1 ? "out.part" : "out.part.json", data + 1, n - 1);
    sts_partial *p = sts_partial_open(path, part_facts, 2, layout, &err);
    if (!p) {
        fuzz_refused(&err);
        return 0;
    }
    uint64_t rows = sts_partial_rows(p);
    fuzz_check(!sts_partial_commit(p, &err), err.text);
    fuzz_check(sts_file_size(path) >= rows, "rows are there");
    return 0;
}
