/* bag_static.h - the built-in encoder for programs that do not know it: beside its own files a
 * StaticEmbedding of sentence-transformers, whose vectors are sums of the encoder's features.
 *
 * It has a row for each word of the training texts, so that the mean of a text's rows points where
 * the encoder's vector does, but for two things: n-grams that words share count as often as they
 * occur, not by the root of that; and a word that the table lacks is put together from the longest
 * start and the continuations that it has. */
#ifndef STS_MODEL_BAG_STATIC_H
#define STS_MODEL_BAG_STATIC_H

#include "model/model.h"

#define STS_BAG_STATIC "0_StaticEmbedding" /* its folder */

/* Gives a bag that has no modules.json the table's tokens, from the texts that it is trained on,
 * and the files with which sentence-transformers opens it. 0, or -1 (memory). */
int sts_bag_static_make(sts_model *m, const sts_str *text, size_t n, sts_err *err);

/* Takes over the tokens of the bag in `dir`, if it has a table. 0, or -1 (STS_MODEL). */
int sts_bag_static_load(sts_model *m, const char *dir, sts_err *err);

/* Writes the table, if there is one, computed from the weights as they are. 0, or -1. */
int sts_bag_static_save(const sts_model *m, const char *dir, sts_err *err);

/* bag.c: the ids of what a word's last characters bring to it. */
int sts_bag_rest_ids(const sts_net *net, const char *rest, size_t n, sts_ids *out, sts_err *err);

#endif
