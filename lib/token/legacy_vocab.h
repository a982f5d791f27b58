/* legacy_vocab.h - tokenizers from the files that were there before tokenizer.json. */
#ifndef STS_TOKEN_LEGACY_VOCAB_H
#define STS_TOKEN_LEGACY_VOCAB_H

#include "token/tokenizer_config.h"
#include "token/tokenizer_parts.h"

/* vocab.txt (BERT's kind), or vocab.json and merges.txt (RoBERTa's), as the classes of transformers
 * read them. Fills t's parts; fails when the directory has neither. */
int sts_legacy_load(sts_tokenizer *t, const char *dir, const sts_token_config *c, sts_err *err);

#endif
