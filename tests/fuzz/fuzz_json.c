/* fuzz_json.c - any JSON file: what the strict pass lets through, sts_json reads, prints, and reads
 * back as the same. */
#include "core/json.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    sts_err err = {0};
    sts_json *json = sts_json_parse((const char *)data, n, "x.json", STS_MODEL, &err);
    if (!json) {
        fuzz_refused(&err);
        fuzz_check(err.code == STS_MODEL, "text that passed the check can be parsed");
        return 0;
    }
    char *text = sts_json_compact(json);
    sts_json *again = sts_json_parse(text, strlen(text), "again", STS_MODEL, &err);
    fuzz_check(again, "what is printed is strict JSON");
    sts_json_free(again);
    sts_free(text);
    sts_json_free(json);
    return 0;
}
