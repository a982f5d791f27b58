/* model_info_text.c - the description of a model as text, in columns. */
#include "core/c_locale.h"
#include "core/escape.h"
#include "model/model_info.h"

#include <stdio.h>
#include <string.h>

#define LABEL 15  /* columns of a label, its indent included */
#define TENSOR 52 /* ... of the name of a tensor */
#define FILE_NAME 48

static double number(const sts_json *o, const char *key)
{
    const sts_json *v = sts_json_get(o, key);
    return sts_json_is_number(v) ? v->number : 0;
}

/* A member as printable text, in one of a few buffers that take turns. */
static const char *shown(const sts_json *o, const char *key)
{
    static _Thread_local char buf[4][256];
    static _Thread_local unsigned turn;
    const char *s = sts_json_as_string(sts_json_get(o, key));
    return sts_quote(buf[turn++ % 4], sizeof buf[0], s ? s : "", s ? strlen(s) : 0);
}

/* 22713216 as "22,713,216"; what no count can be (a report may hold any number) as it is. */
static const char *grouped(double x)
{
    static _Thread_local char out[4][48];
    static _Thread_local unsigned turn;
    char plain[32], *to = out[turn++ % 4], *p = to;
    if (!(x >= 0 && x < 1e18)) {
        sts_print(to, sizeof out[0], "%g", x);
        return to;
    }
    int n = sts_print(plain, sizeof plain, "%.0f", x);
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0) *p++ = ',';
        *p++ = plain[i];
    }
    *p = 0;
    return to;
}

static void add_shape(sts_strbuf *t, const sts_json *shape)
{
    const sts_json *e;
    sts_strbuf_printf(t, "[");
    sts_json_each(e, shape)
        sts_strbuf_printf(t, "%s%.0f", e == shape->child ? "" : ", ", e->number);
    sts_strbuf_printf(t, "]");
}

static void add_module(sts_strbuf *t, const sts_json *m)
{
    char label[64], text[1024];
    size_t at = 0;
    if (sts_json_get(m, "architecture"))
        at = sts_append(text, sizeof text, at, "%s: %.0f layers, %.0f wide, vocabulary %s",
                        shown(m, "architecture"), number(m, "layers"), number(m, "width"),
                        grouped(number(m, "vocabulary")));
    else at = sts_append(text, sizeof text, at, "%s", shown(m, "description"));
    if (number(m, "positions") > 0)
        at = sts_append(text, sizeof text, at, ", %.0f positions", number(m, "positions"));
    if (*shown(m, "folder")) sts_append(text, sizeof text, at, "  (%s)", shown(m, "folder"));
    sts_append(label, sizeof label, 0, "  %s", shown(m, "type"));
    sts_put_wrapped(t, LABEL, label, "%s", text);
}

static void add_tensor(sts_strbuf *t, const sts_json *e)
{
    char name[600];
    const char *role = shown(e, "role"), *folder = shown(e, "folder");
    snprintf(name, sizeof name, "  %s%s%s", folder, *folder ? "/" : "", shown(e, "name"));
    sts_put_name(t, name, TENSOR);
    sts_strbuf_printf(t, " %-5s ", shown(e, "dtype"));
    add_shape(t, sts_json_get(e, "shape"));
    sts_strbuf_printf(t, "%s%s\n", strcmp(role, "weight") ? "  " : "", strcmp(role,
                      "weight") ? role : "");
}

static void add_head(sts_strbuf *t, const sts_json *info)
{
    double length = number(info, "max_seq_length");
    sts_strbuf_printf(t, "%s: %s parameters, embeddings of %s\n", shown(info, "name"),
        grouped(number(info, "parameters")), grouped(number(info, "dimension")));
    sts_strbuf_printf(t, "  %-12s %s", "tokenizer", shown(info, "tokenizer"));
    if (length > 0) sts_strbuf_printf(t, ", texts cut to %.0f tokens\n", length);
    else sts_strbuf_printf(t, ", texts of any length\n");
    if (*shown(info, "prompt"))
        sts_put_wrapped(t, LABEL, "  prompt", "\"%s\"", shown(info, "prompt"));
}

static void add_approximation(sts_strbuf *t, const sts_json *a)
{
    if (!a) return;
    sts_strbuf_printf(t, "\nin sentence-transformers, an approximation  (%s)\n"
                         "  one vector per word, %s words and pieces; other words are put "
                         "together\n  from pieces, n-grams that words share count in full, and "
                         "texts are not cut\n  (max_seq_length has no effect there)\n",
                      shown(a, "folder"), grouped(number(a, "rows")));
}

static void add_training(sts_strbuf *t, const sts_json *run)
{
    const sts_json *best = sts_json_get(run, "best");
    char at_best[600] = "";
    if (!run) return;
    if (best)
        sts_print(at_best, sizeof at_best, ", best at %s: %s %.4f", grouped(number(best, "step")),
                  shown(best, "metric"), number(best, "value"));
    sts_strbuf_printf(t, "\ntraining\n");
    sts_put_wrapped(t, LABEL, "  from", "%s", shown(run, "from"));
    sts_put_wrapped(t, LABEL, "  data", "%s rows, %s", grouped(number(run, "rows")),
                    shown(run, "loss"));
    sts_put_wrapped(t, LABEL, "  status", "%s at step %s%s", shown(run, "status"),
                    grouped(number(run, "steps_done")), at_best);
    sts_strbuf_printf(t, "  %-12s %s\n", "command", shown(run, "command_line")); /* to copy */
    sts_put_wrapped(t, LABEL, "  written", "%s, stsfit %s", shown(run, "written"),
                    shown(run, "version"));
}

static void add_search(sts_strbuf *t, const sts_json *search)
{
    const sts_json *best = sts_json_get(search, "best");
    if (!search) return;
    sts_put_wrapped(t, LABEL, "  search", "%s; trial %s of %s, %s %.4f, chosen by %s",
                    shown(search, "status"), grouped(number(best, "trial")),
                    grouped(number(search, "trials")), shown(search, "metric"),
                    number(best, "value"), shown(best, "chosen_by"));
}

static void add_counts(sts_strbuf *t, const sts_json *tensors, const sts_json *files)
{
    const sts_json *e;
    double bytes = 0;
    sts_json_each(e, files) bytes += number(e, "bytes");
    sts_strbuf_printf(t, "\n%d tensors, %d files of %s bytes together (-v lists them)\n",
                      sts_json_size(tensors), sts_json_size(files), grouped(bytes));
}

static void add_file(sts_strbuf *t, const sts_json *e)
{
    char name[600];
    snprintf(name, sizeof name, "  %s", shown(e, "name"));
    sts_put_name(t, name, FILE_NAME);
    sts_strbuf_printf(t, "%14s  crc32 %s\n", grouped(number(e, "bytes")), shown(e, "crc32"));
}

static void add_lists(sts_strbuf *t, const sts_json *tensors, const sts_json *files)
{
    const sts_json *e;
    sts_strbuf_printf(t, "\ntensors\n");
    sts_json_each(e, tensors) add_tensor(t, e);
    sts_strbuf_printf(t, "\nfiles\n");
    sts_json_each(e, files) add_file(t, e);
}

char *sts_model_info_text(const sts_json *info, bool full)
{
    sts_strbuf t = {0};
    const sts_json *e, *tensors = sts_json_get(info, "tensors"),
                       *files = sts_json_get(info, "files");
    add_head(&t, info);
    sts_strbuf_printf(&t, "\nmodules\n");
    sts_json_each(e, sts_json_get(info, "modules")) add_module(&t, e);
    add_approximation(&t, sts_json_get(info, "sentence_transformers"));
    add_training(&t, sts_json_get(info, "training"));
    add_search(&t, sts_json_get(info, "search"));
    (full ? add_lists : add_counts)(&t, tensors, files);
    return sts_strbuf_take(&t);
}
