/* opt_show.c - options shown: help, defaults, and the JSON of a run's configuration. */
#include "opt.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *opt_default(const opt *o, const void *values, char *out, size_t size)
{
    const void *field = (const char *)values + o->offset;
    *out = 0;
    if (o->standard) return snprintf(out, size, "%s", o->standard), out;
    if (o->kind == OPT_INT) snprintf(out, size, "%lld", (long long)*(const int64_t *)field);
    if (o->kind == OPT_NUM && !isnan(*(const double *)field))
        snprintf(out, size, "%g", *(const double *)field);
    if (o->kind == OPT_TEXT && *(const char *const *)field)
        snprintf(out, size, "%s", *(const char *const *)field);
    return out;
}

static void show_option(const opt *o, const void *values)
{
    char left[64], standard[128];
    int n = snprintf(left, sizeof left, "  %s%c%s--%s", o->letter ? "-" : "  ",
                     o->letter ? o->letter : ' ', o->letter ? ", " : " ", o->name);
    if (o->kind != OPT_FLAG) snprintf(left + n, sizeof left - (size_t)n, " %s", o->arg);
    opt_default(o, values, standard, sizeof standard);
    printf("%-34s%s%s", left, strlen(left) > 33 ? "\n                                  " : "",
           o->help);
    printf(*standard ? " [%s]\n" : "\n", standard);
}

void opt_help(const command *c)
{
    printf("usage: stsfit %s%s%s%s\n\n%s\n", c->name, c->opts ? " [options]" : "",
           *c->args ? " " : "", c->args, c->text);
    void *values = calloc(1, c->size + 1);
    if (!values) return;
    if (c->defaults) c->defaults(values);
    for (const opt *o = c->opts; o && (o->name || o->help); o++) {
        if (o->kind == OPT_GROUP) printf("\n%s:\n", o->help);
        else show_option(o, values);
    }
    free(values);
}

static void add_value(cJSON *json, const opt *o, const void *field)
{
    switch (o->kind) {
    case OPT_FLAG: cJSON_AddBoolToObject(json, o->name, *(const bool *)field); break;
    case OPT_INT: cJSON_AddNumberToObject(json, o->name, (double)*(const int64_t *)field); break;
    case OPT_NUM:
        if (!isnan(*(const double *)field))
            cJSON_AddNumberToObject(json, o->name, *(const double *)field);
        break;
    case OPT_TEXT:
        if (*(const char *const *)field)
            cJSON_AddStringToObject(json, o->name, *(const char *const *)field);
        break;
    default: break;
    }
}

/* What a configuration does not keep: these say what to do with a run, not what the run is. */
static bool is_kept(const opt *o)
{
    static const char *const not[] = {"config", "resume", "overwrite", "dry-run"};
    for (size_t i = 0; o->name && i < sizeof not / sizeof *not; i++)
        if (!strcmp(o->name, not[i])) return false;
    return o->name;
}

char *opt_json(const command *c, const void *values, const opt_args *args)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *data = cJSON_AddArrayToObject(json, "data");
    for (int i = 0; i < args->n; i++) cJSON_AddItemToArray(data, cJSON_CreateString(args->v[i]));
    for (const opt *o = c->opts; o && (o->name || o->help); o++)
        if (is_kept(o)) add_value(json, o, (const char *)values + o->offset);
    char *text = cJSON_Print(json);
    cJSON_Delete(json);
    return text;
}
