/* gist.c - GISTEmbed: partners are found as in multiple_negatives_ranking.c, but texts that the
 * teacher finds more alike than the pair itself are not negatives. */
#include "loss/ranking.h"
#include "loss/rows.h"

#include <math.h>

enum { TEMPERATURE, MIN_SCORE, MARGIN, STRATEGY, ANCHORS, POSITIVES };

/* The faces: positives, negatives (of triplets and tuples); then the anchors, and the positives
 * among themselves. */
static sts_face face_at(const sts_ranking *r, size_t f)
{
    size_t c = (size_t)r->b->columns;
    if (f < c - 1) return (sts_face){0, f + 1};
    if (f == c - 1 && r->b->option[ANCHORS] > 0) return (sts_face){0, 0};
    return (sts_face){1, 1};
}

static size_t count_faces(const sts_loss_batch *b)
{
    return (size_t)(b->columns - 1) + (b->option[ANCHORS] > 0) + (b->option[POSITIVES] > 0);
}

/* The teacher's cosine of two texts. */
static double guide(const sts_loss_batch *b, sts_face side, size_t i, size_t k)
{
    size_t dim = (size_t)b->teacher_dim;
    const double *u = b->teacher[side.from] + i * dim, *v = b->teacher[side.to] + k * dim;
    double norm = fmax(sts_row_norm(u, b->teacher_dim), 1e-8) *
                  fmax(sts_row_norm(v, b->teacher_dim), 1e-8);
    return sts_row_dot(u, v, b->teacher_dim) / norm;
}

static double threshold(const sts_loss_batch *b, size_t i)
{
    double own = guide(b, (sts_face){0, 1}, i, i), margin = b->option[MARGIN];
    return own - (*b->option_text[STRATEGY] == 'r' ? fabs(own) * margin : margin);
}

static double add(const sts_ranking *r, size_t i, size_t f, size_t k, double cosine)
{
    (void)cosine;
    return guide(r->b, face_at(r, f), i, k) > r->own[i] ? -INFINITY : 0;
}

static size_t scratch(const sts_loss_batch *shape)
{
    return (size_t)shape->n + sts_rank_scratch(shape, count_faces(shape));
}

static double run(sts_loss_batch *b)
{
    sts_loss_batch rest = *b;
    double *least = b->scratch;
    for (int i = 0; i < b->n; i++) least[i] = threshold(b, (size_t)i);
    rest.scratch += b->n;
    size_t faces = count_faces(b);
    sts_ranking r = {.b = &rest, .scale = 1 / b->option[TEMPERATURE],
                     .min_score = b->option[MIN_SCORE], .faces = faces, .first = faces,
                     .face = face_at, .add = add, .own = least};
    double loss = sts_rank(&r);
    b->warning = rest.warning;
    return loss;
}

const sts_loss sts_loss_gist = {
    STS_LOSS_VERSION,
    .name = "gist",
    .aliases = "GISTEmbedLoss gist-embed",
    .help = "finds partners; a teacher rules out false negatives",
    .formula = "as multiple-negatives-ranking, with anchors and positives among themselves; texts "
               "that the teacher finds more alike than the pair are left out",
    .source = "sentence-transformers GISTEmbedLoss; arXiv:2402.16829",
    .caution = "",
    .needs = STS_LOSS_PAIRS | STS_LOSS_TRIPLETS | STS_LOSS_TUPLES,
    .traits = STS_LOSS_IN_BATCH | STS_LOSS_NEGATIVES | STS_LOSS_TEACHER,
    .n_options = 6,
    .options = {STS_NUMBER("temperature", "cosines are divided by it", 0.01, 1e-4, 1e3),
                STS_MIN_SCORE(0.8),
                STS_NUMBER("margin", "how much less alike a negative is to be than the pair",
                           0, 0, 2),
                STS_TEXT("margin_strategy", "margin as it is, or times the pair's cosine",
                         "absolute", "absolute relative"),
                STS_NUMBER("contrast_anchors", "1: other rows' anchors are negatives", 1, 0, 1),
                STS_NUMBER("contrast_positives", "1: positives are to differ from each other",
                           1, 0, 1)},
    .scratch = scratch,
    .run = run,
};
