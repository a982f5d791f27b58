/* prompt.h - the texts that go before others, as sentence-transformers has them: chosen by text or
 * by the name under which the model has them, for all texts or by column. */
#ifndef STS_MODEL_PROMPT_H
#define STS_MODEL_PROMPT_H

#include "core/strbuf.h"
#include "model/model.h"
#include "stsfit.h"

/* Rows for sts_prompts that lie at `base` in the struct: of all texts, and by column. */
#define STS_PROMPT_ROW(base, member, name_, standard_, help_)                                      \
    {.kind = STS_OPT_TEXT, .name = name_, .arg = "TEXT", .standard = standard_,                    \
     .offset = (base) + offsetof(sts_prompts, member), .flags = STS_OPT_NUMBERS | STS_OPT_EMPTY,   \
     .help = help_}
#define STS_PROMPT_NAME_ROW(base, member, name_)                                                   \
    {.kind = STS_OPT_TEXT, .name = name_, .arg = "NAME", .standard = "none",                       \
     .offset = (base) + offsetof(sts_prompts, member), .flags = STS_OPT_NUMBERS,                   \
     .help = "... the model's prompt NAME"}
#define STS_PROMPT_ROWS(base)                                                                      \
    STS_PROMPT_ROW(base, text, "prompt", "the model's", "put TEXT before each text"),              \
    STS_PROMPT_NAME_ROW(base, name, "prompt-name")
#define STS_COLUMN_PROMPT_ROWS(base)                                                               \
    STS_PROMPT_ROW(base, text1, "prompt1", "as --prompt",                                          \
                   "put TEXT before the first text of each row"),                                  \
    STS_PROMPT_NAME_ROW(base, name1, "prompt-name1"),                                              \
    STS_PROMPT_ROW(base, text2, "prompt2", "as --prompt",                                          \
                   "put TEXT before the other texts of each row"),                                 \
    STS_PROMPT_NAME_ROW(base, name2, "prompt-name2")

/* Whether at most one option says what goes before each column (STS_USAGE). */
int sts_prompts_check(const sts_prompts *o, sts_err *err);
bool sts_prompts_given(const sts_prompts *o);

/* sts_model_set_prompts without its note. */
int sts_model_use_prompts(sts_model *m, const sts_prompts *o, sts_err *err);

/* The prompts that were chosen, as they are to be kept with a model that is trained with them: in
 * config_sentence_transformers.json, where that has not got them yet as "default", or by column as
 * "query" and "document"; the one of all texts becomes the default prompt. 0, or -1. */
int sts_model_keep_prompts(sts_model *m, const sts_prompts *o, sts_err *err);

/* The model's default prompt as that of both columns; NULL: none. 0, or -1. */
int sts_model_default_prompt(sts_model *m, const char *text, sts_err *err);
/* Counts the prompts' tokens again, once the length at which they are cut is another. */
int sts_model_count_prompts(sts_model *m, sts_err *err);

/* `the prompt "query: " goes before each text`, or nothing where none does; ", in evaluation only"
 * follows a default prompt that is not `trained` with. */
void sts_model_describe_prompts(const sts_model *m, bool trained, sts_strbuf *t);

#endif
