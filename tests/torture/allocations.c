/* allocations.c - each allocation fails once, alone and with all that come after it. */
#include "scenes.h"

#include "core/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t tried, survived;

/* Runs the scene; what it gives, or the hash of what it wrote. */
static int play(const scene *s, size_t nth, bool all, char **product, sts_err *err)
{
    *product = NULL;
    sts_mem_fail(nth, all);
    int rc = s->run(product, err);
    size_t made = sts_mem_count();
    sts_mem_seen = NULL;
    sts_mem_fail(0, false);
    if (!rc) *product = scene_product(s, *product);
    return rc ? rc : (int)made;
}

/* A refusal for want of memory, or, where the failure did not matter, the same product. */
static void verify(const char *where, int rc, const sts_err *err, char *product, const char *whole)
{
    if (rc >= 0) {
        survived++;
        if (getenv("VERBOSE")) printf("    %s did not matter\n", where);
        same_product(where, product, whole);
    } else if (err->code != STS_FAILED || !*err->text) {
        wrong(where, "code %d: %s", err->code, err->text);
    }
}

static void fail_nth(const scene *s, size_t nth, bool all, const char *whole)
{
    char where[80], *product;
    sts_err err = {0};
    snprintf(where, sizeof where, "%s: allocation %zu %s", s->name, nth, all ? "all" : "once");
    scene_begin(s, false);
    size_t live = sts_mem_live();
    int rc = play(s, nth, all, &product, &err);
    if (sts_mem_live() != live)
        wrong(where, "%zd allocations leaked (%s)", (ssize_t)(sts_mem_live() - live), err.text);
    verify(where, rc, &err, product, whole);
    free(product);
    if (s->model) check_run(scratch("run"), all, where);
    tried++;
}

/* Which allocations are to fail: with stride 0, one below each call that leads to any. */
static bool chosen[1 << 16];

static void choose(void)
{
    size_t n = sts_mem_count();
    if (n < sizeof chosen) chosen[n] = places_new();
}

static bool wanted(size_t i, size_t stride)
{
    return stride ? i % stride == 0 : i < sizeof chosen && chosen[i];
}

static void torture(const scene *s, size_t stride, size_t nth, bool all)
{
    char *whole, *again;
    sts_err err = {0};
    scene_begin(s, true);
    int made = play(s, 0, false, &whole, &err);
    if (made < 0) wrong(s->name, "%s", err.text);
    scene_begin(s, false);
    sts_mem_seen = choose;
    if (play(s, 0, false, &again, &err) < 0) wrong(s->name, "%s", err.text);
    same_product(s->name, again, whole);
    size_t from = tried, went_on = survived;
    for (size_t i = nth ? nth : 1; i <= (nth ? nth : (size_t)made); i++) {
        if (!nth && !wanted(i - 1, stride)) continue;
        if (!nth || !all) fail_nth(s, i, false, whole);
        if (!nth || all) fail_nth(s, i, true, whole);
    }
    printf("%-16s %6d allocations, %zu faults injected, %zu without effect\n", s->name,
           made, tried - from, survived - went_on);
    fflush(stdout);
    free(whole);
    free(again);
}

void torture_allocations(const char *only, size_t stride, size_t nth, bool all)
{
    places_forget();
    for (size_t i = 0; i < n_scenes; i++)
        if (!only || !strcmp(only, scenes[i].name)) torture(&scenes[i], stride, nth, all);
    printf("allocations: %zu faults injected\n", tried);
}
