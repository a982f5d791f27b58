/* pretokenizer_list.h - one line a pre-tokenizer: PRETOKENIZER(x) is sts_pretokenizer_x. */
PRETOKENIZER(bert)
