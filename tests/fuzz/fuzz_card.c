/* fuzz_card.c - README.md of the model that training started from: the card made from it has its
 * front matter, closed, and no line that is not ours. */
#include "fuzz.h"
#include "report/card.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static sts_json *report;
    sts_err err = {0};
    if (!report)
        report = sts_json_load("tests/fuzz/seeds/report/0-report.json", STS_FAILED, &err);
    fuzz_check(report, "run from the root of the checkout");
    char *origin = sts_strndup((const char *)data, n);
    sts_card card = {.name = "run", .report = report, .origin = origin, .columns = 2};
    char *text = sts_card_render(&card, &err);
    if (!text) fuzz_refused(&err);
    fuzz_check(!text || (!strncmp(text, "---\n", 4) && strstr(text, "\n---\n\n# run\n")),
               "front matter stands at the top, closed");
    for (const char *p = text; p && *p; p++)
        fuzz_check((unsigned char)*p >= 0x20 || *p == '\n', "a card is printable text");
    sts_free(text);
    sts_free(origin);
    return 0;
}
