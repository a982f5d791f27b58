/* fuzz_report.c - a run directory from a stranger, shown as a page: the first byte chooses which of
 * its files is the input. */
#include "fuzz.h"
#include "stsfit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const names[] = {"report.json", "log.jsonl", "predictions.tsv"};
    static const char plain[] = "{\"schema\":1,\"command\":\"train\",\"status\":\"completed\","
                                "\"configuration\":{},\"data\":{},\"model\":{},\"evaluations\":{}}";
    if (!n) return 0;
    const char *dir = fuzz_path("shown");
    char path[160];
    sts_dir_make(dir, NULL);
    fuzz_file("shown/report.json", plain, sizeof plain - 1);
    snprintf(path, sizeof path, "shown/%s", names[data[0] % 3]);
    fuzz_file(path, data + 1, n - 1);
    dir = fuzz_path("shown");
    sts_report_options o = {.runs = &dir, .n_runs = 1};
    sts_err err = {0};
    char *page = NULL;
    if (sts_report(&o, &page, &err)) fuzz_refused(&err);
    else fuzz_check(!strstr(page, "<script"), "no script comes out of a run's files");
    sts_free_text(page);
    unlink(fuzz_path("shown/log.jsonl"));
    unlink(fuzz_path("shown/predictions.tsv"));
    return 0;
}
