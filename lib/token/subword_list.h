/* subword_list.h - one line a model: SUBWORD(x) is sts_subword_x. */
SUBWORD(bpe)
SUBWORD(unigram)
SUBWORD(wordlevel)
SUBWORD(wordpiece)
