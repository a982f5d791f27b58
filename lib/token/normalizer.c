/* normalizer.c - the registry of normalizers. */
#include "token/parts.h"

#define NORMALIZER(name) extern const sts_part_type sts_normalizer_##name;
#include "normalizer_list.h"
#undef NORMALIZER

#define NORMALIZER(name) &sts_normalizer_##name,
const sts_part_type *const sts_normalizers[] = {
#include "normalizer_list.h"
    NULL};
