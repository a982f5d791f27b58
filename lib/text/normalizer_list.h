/* normalizer_list.h - one line a normalizer: NORMALIZER(x) is sts_normalizer_x. */
NORMALIZER(bert)
