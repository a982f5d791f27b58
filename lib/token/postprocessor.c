/* postprocessor.c - TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel (which moves
 * offsets only) and Sequence, all read into one list of items. Offsets and types are not kept. */
#include "token/postprocessor.h"

#include "core/limits.h"
#include "core/mem.h"
#include "token/parts.h"
#include "token/subword.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int add(sts_post *p, int32_t item, const char *name, sts_err *err)
{
    if (p->n == STS_POST_ITEMS)
        return sts_fail(err, STS_MODEL, "%s: adds more than %d tokens", name, STS_POST_ITEMS);
    if (sts_grow(&p->item, p->n, &p->cap, sizeof *p->item))
        return sts_fail_memory(err, "a template");
    p->item[p->n++] = item;
    p->specials += item != STS_POST_TEXT;
    return 0;
}

int sts_post_wrap(sts_post *p, int32_t cls, int32_t sep, sts_err *err)
{
    p->n = p->specials = 0;
    static const char name[] = "a tokenizer";
    if (add(p, cls, name, err) || add(p, STS_POST_TEXT, name, err)) return -1;
    return add(p, sep, name, err);
}

/* An id of a list, checked; `what` for messages. */
static int item_id(const sts_json_in *in, const char *what, const sts_json *v, int32_t *id)
{
    double x = sts_json_is_number(v) ? v->number : -1;
    if (!(x >= 0 && x <= (double)STS_MAX_ID) || x != floor(x))
        return sts_fail(in->err, in->code, "%s: \"%.200s\" must have whole numbers from 0 to %lld "
                        "as ids", in->name, what, (long long)STS_MAX_ID);
    *id = (int32_t)x;
    return 0;
}

/* ["[CLS]", 101] */
static int token_id(const sts_json_in *in, const char *key, int32_t *id)
{
    const sts_json *pair = sts_need(in, key);
    if (!pair) return -1;
    if (!sts_json_is_array(pair) || sts_json_size(pair) != 2 || !sts_json_is_string(pair->child))
        return sts_fail(in->err, in->code, "%s: \"%s\" must be a list of a token and its id",
                        in->name, key);
    return item_id(in, key, pair->child->next, id);
}

static int load_wrap(sts_post *p, const sts_json_in *in)
{
    int32_t cls = 0, sep = 0;
    if (token_id(in, "cls", &cls) || token_id(in, "sep", &sep)) return -1;
    return sts_post_wrap(p, cls, sep, in->err);
}

/* The type of a piece of "single". */
static int read_type(sts_post *p, const sts_json_in *in, const sts_json *piece)
{
    sts_json_in sub = {piece, in->name, in->code, in->err};
    int64_t type = 0;
    if (sts_json_int(&sub, "type_id", 0, UINT32_MAX, &type)) return -1;
    p->typed |= type != 0;
    return 0;
}

/* {"SpecialToken": {"id": "[CLS]", "type_id": 0}}: the ids that special_tokens gives for it. */
static int add_special(sts_post *p, const sts_json_in *in, const sts_json *piece)
{
    const sts_json *name = sts_json_get(piece, "id"), *v;
    if (!sts_json_is_string(name))
        return sts_fail(in->err, in->code, "%s: \"single\": a SpecialToken without an id",
                        in->name);
    const sts_json *token = sts_json_get(sts_json_get(in->object, "special_tokens"), name->text);
    const sts_json *ids = sts_json_get(token, "ids");
    if (!sts_json_is_array(ids))
        return sts_fail(in->err, in->code, "%s: \"special_tokens\" has no ids for \"%.200s\"",
                        in->name, name->text);
    sts_json_each(v, ids)
    {
        int32_t id = 0;
        if (item_id(in, name->text, v, &id) || add(p, id, in->name, in->err)) return -1;
    }
    return 0;
}

static int load_template(sts_post *p, const sts_json_in *in)
{
    const sts_json *single = sts_need(in, "single"), *piece;
    if (!single) return -1;
    if (!sts_json_is_array(single))
        return sts_fail(in->err, in->code, "%s: \"single\" must be a list", in->name);
    p->n = p->specials = 0;
    sts_json_each(piece, single)
    {
        const sts_json *sequence = sts_json_get(piece, "Sequence");
        const sts_json *special = sts_json_get(piece, "SpecialToken");
        if (read_type(p, in, special ? special : sequence)) return -1;
        if (special) {
            if (add_special(p, in, special)) return -1;
        } else {
            const sts_json *id = sts_json_get(sequence, "id");
            if (!sts_json_is_string(id) || strcmp(id->text, "A"))
                return sts_fail(in->err, in->code, "%s: \"single\" may hold SpecialToken and the "
                                "Sequence \"A\" only", in->name);
            if (add(p, STS_POST_TEXT, in->name, in->err)) return -1;
        }
    }
    if (p->n == p->specials)
        return sts_fail(in->err, in->code, "%s: \"single\" has no Sequence \"A\"", in->name);
    return 0;
}

static int load_one(sts_post *p, const sts_json_in *in, bool *adds);

/* Parts in turn; more than one that adds tokens would wrap what the other made. */
static int load_sequence(sts_post *p, const sts_json_in *in, bool *adds)
{
    const sts_json *all = sts_need(in, "processors"), *one;
    if (!all) return -1;
    if (!sts_json_is_array(all))
        return sts_fail(in->err, in->code, "%s: \"processors\" must be a list", in->name);
    int i = 0;
    sts_json_each(one, all)
    {
        char name[768];
        snprintf(name, sizeof name, "%.700s.processors[%d]", in->name, i++);
        sts_json_in sub = {one, name, in->code, in->err};
        if (load_one(p, &sub, adds)) return -1;
    }
    return 0;
}

/* The type of a processor that names none, by its members, as the reference does; or NULL.
 * RobertaProcessing has the same ones, and does the same to ids. */
static const char *guess_type(const sts_json *o)
{
    if (sts_has_keys(o, "sep cls")) return "BertProcessing";
    return sts_has_keys(o, "single pair special_tokens") ? "TemplateProcessing" : NULL;
}

static int load_one(sts_post *p, const sts_json_in *in, bool *adds)
{
    const char *type = NULL;
    if (!sts_json_is_object(in->object))
        return sts_fail(in->err, in->code, "%s: must be an object", in->name);
    if (sts_json_text(in, "type", &type)) return -1;
    if (!type) type = guess_type(in->object);
    if (!type) return sts_need_text(in, "type", &type); /* fails */
    if (!strcmp(type, "ByteLevel")) return 0;
    if (!strcmp(type, "Sequence")) return load_sequence(p, in, adds);
    bool template = !strcmp(type, "TemplateProcessing");
    if (!template && strcmp(type, "BertProcessing") && strcmp(type, "RobertaProcessing"))
        return sts_refuse(in, "type", type);
    if (*adds)
        return sts_fail(in->err, in->code,
                        "%s: \"type\": \"%s\" after another one that adds tokens "
                        "is not supported",
                        in->name, type);
    *adds = true;
    return template ? load_template(p, in) : load_wrap(p, in);
}

int sts_post_load(sts_post *p, const sts_json_in *in)
{
    bool adds = false;
    *p = (sts_post){0};
    if (add(p, STS_POST_TEXT, in->name, in->err)) return -1;
    if (!in->object || sts_json_is_null(in->object)) return 0;
    return load_one(p, in, &adds);
}

void sts_post_free(sts_post *p)
{
    sts_free(p->item);
    *p = (sts_post){0};
}
