/* schedule.c - warm-up, then linear, cosine or no decay. */
#include "train/schedule.h"

#include <math.h>
#include <string.h>

int sts_schedule_parse(sts_schedule_kind *kind, const char *name, sts_err *err)
{
    static const char *const names[] = {"linear", "cosine", "constant", "constant-with-warmup"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i])) continue;
        *kind = (sts_schedule_kind)i;
        return 0;
    }
    return sts_fail(err, STS_USAGE, "unknown scheduler '%s': use linear, cosine, constant or "
                    "constant-with-warmup", name);
}

double sts_schedule_warmup(sts_schedule_kind kind)
{
    return kind == STS_CONSTANT ? 0 : 0.1;
}

double sts_schedule_lr(const sts_schedule *s, uint64_t step)
{
    uint64_t done = step - 1; /* the reference counts the steps that were taken before */
    if (done < s->warmup) return s->lr * (double)done / (double)s->warmup;
    if (s->kind == STS_CONSTANT || s->kind == STS_CONSTANT_WITH_WARMUP) return s->lr;
    double left = s->total > s->warmup ? (double)(s->total - s->warmup) : 1;
    double progress = (double)(done - s->warmup) / left;
    if (progress > 1) progress = 1;
    if (s->kind == STS_LINEAR) return s->lr * (1 - progress);
    return s->lr * 0.5 * (1 + cos(3.14159265358979323846 * progress));
}

uint64_t sts_warmup_steps(double warmup, uint64_t total)
{
    return (uint64_t)(warmup < 1 ? ceil(warmup * (double)total) : warmup);
}
