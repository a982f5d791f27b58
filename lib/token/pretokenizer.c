/* pretokenizer.c - the registry of pre-tokenizers. */
#include "token/parts.h"

#define PRETOKENIZER(name) extern const sts_part_type sts_pretokenizer_##name;
#include "pretokenizer_list.h"
#undef PRETOKENIZER

#define PRETOKENIZER(name) &sts_pretokenizer_##name,
const sts_part_type *const sts_pretokenizers[] = {
#include "pretokenizer_list.h"
    NULL};
