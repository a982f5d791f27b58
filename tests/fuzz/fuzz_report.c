/* fuzz_report.c - a run directory from a stranger, shown as a page: the first byte chooses which of
 * its files is the input. */
#include "core/mem.h"
#include "fuzz.h"
#include "stsfit.h"
#include "train/search.h"

/* The same file, read as a search to resume. */
static void fuzz_resume_search(const uint8_t *data, size_t n)
{
    sts_err err = {0};
    sts_search s = {.seed = 42};
    sts_search_kind kind = {.scored = true, .columns = 2};
    sts_train_options o = sts_train_defaults();
    sts_json *json = sts_json_parse((const char *)data + 1, n - 1, "tune.json", STS_DATA, NULL);
    sts_search_open_space(&s.space, &kind, &o);
    if (json && sts_search_read(&s, json, "tune.json", &err)) fuzz_refused(&err);
    else if (s.n) sts_search_next(&s);
    sts_json_free(json);
    sts_free(s.v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const names[] = {"report.json", "log.jsonl", "predictions.tsv",
                                        "tune.json"};
    static const char plain[] = "{\"schema\":1,\"command\":\"train\",\"status\":\"completed\","
                                "\"configuration\":{},\"data\":{},\"model\":{},\"evaluations\":{}}";
    if (!n) return 0;
    const char *dir = fuzz_path("shown");
    char path[160];
    sts_dir_make(dir, NULL);
    fuzz_file("shown/report.json", plain, sizeof plain - 1);
    snprintf(path, sizeof path, "shown/%s", names[data[0] % 4]);
    fuzz_file(path, data + 1, n - 1);
    dir = fuzz_path("shown");
    sts_report_options o = {.runs = &dir, .n_runs = 1};
    sts_err err = {0};
    char *page = NULL;
    fuzz_resume_search(data, n);
    if (sts_report(&o, &page, &err)) fuzz_refused(&err);
    else fuzz_check(!strstr(page, "<script"), "no script comes out of a run's files");
    sts_free_text(page);
    unlink(fuzz_path("shown/log.jsonl"));
    unlink(fuzz_path("shown/predictions.tsv"));
    unlink(fuzz_path("shown/tune.json"));
    return 0;
}
