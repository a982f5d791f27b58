/* bag.h - what the built-in encoder's files share: features as rows, and their weighted sums. */
#ifndef STS_MODEL_BAG_H
#define STS_MODEL_BAG_H

#include "model/encoder.h"
#include "token/features.h"

/* Which n-grams the encoder sees. Borrowed. */
const sts_feature_options *sts_bag_features(const sts_net *net);

/* The id of a bucket: its row, or the number of rows + bucket for one that has no row. */
int32_t sts_bag_row(const sts_net *net, int32_t bucket);

/* What the vector of a feature is multiplied by where it occurs once: idf exp(s). */
float sts_bag_weight(const sts_net *net, int32_t id);

/* The vector of a feature: its row, or drawn into scratch[hidden]. */
const float *sts_bag_vector(const sts_net *net, int32_t id, float *scratch);

/* h[hidden] = the sum of weight[i] times the vector of id[i], from left to right; a weight of 0
 * leaves its feature out. scratch[4 hidden] */
void sts_bag_sum(const sts_net *net, const int32_t *id, const float *weight, int n, float *h,
                 float *scratch);

/* Texts straight to vectors, in evaluation mode (bag_text.c). */
extern const sts_text_encoder sts_bag_texts;

#endif
