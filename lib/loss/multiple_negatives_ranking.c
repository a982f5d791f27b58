/* multiple_negatives_ranking.c - each first text is to find its own second text among all those
 * of the batch (InfoNCE). Further columns add hard negatives. With C columns the first C - 1 faces
 * are anchors against the others; then come, where they are asked for, positives against anchors;
 * anchors against anchors; positives against all but anchors. */
#include "loss/loss.h"
#include "loss/ranking.h"
#include "loss/rows.h"

#include <math.h>

enum { SCALE, MIN_SCORE, SYMMETRIC, GTE, HARDNESS, STRENGTH, MASK };

static size_t count_faces(const sts_loss_batch *b)
{
    size_t c = (size_t)b->columns;
    if (b->option[GTE] > 0) return 2 * c;
    return b->option[SYMMETRIC] > 0 ? c : c - 1;
}

static sts_face face_at(const sts_ranking *r, size_t f)
{
    size_t c = (size_t)r->b->columns;
    if (f < c - 1) return (sts_face){0, f + 1};
    if (f == c - 1) return (sts_face){1, 0};
    if (f == c) return (sts_face){0, 0};
    return (sts_face){1, f - c};
}

static size_t scratch(const sts_loss_batch *shape)
{
    return sts_rank_scratch(shape, count_faces(shape));
}

/* Whether row k's text of a column is as good as row i's own partner: it is one of i's pair, or its
 * own pair shares a text with that. */
static bool is_equal(const sts_loss_batch *b, size_t i, size_t column, size_t k)
{
    if (!b->text || !(b->option[MASK] > 0)) return false;
    uint32_t anchor = b->text[0][i], positive = b->text[1][i];
    size_t first = column < 2 ? 0 : column, last = column < 2 ? 1 : column;
    for (size_t c = first; c <= last; c++)
        if (b->text[c][k] == anchor || b->text[c][k] == positive) return true;
    return false;
}

/* Harder negatives weigh more: their cosine adds to the logit, and has no gradient there. */
static double hardness(const sts_loss_batch *b, bool own, double cosine)
{
    bool counts;
    switch (*b->option_text[HARDNESS]) {
    case 'i': counts = !own; break;
    case 'h': counts = own; break;
    default: counts = *b->option_text[HARDNESS] == 'a'; break;
    }
    return counts ? b->option[STRENGTH] * cosine : 0;
}

static double add(const sts_ranking *r, size_t i, size_t f, size_t k, double cosine)
{
    size_t columns = (size_t)r->b->columns;
    sts_face side = face_at(r, f);
    bool own = i == k;
    if (own && f >= columns) return -INFINITY; /* itself, or a text of its own row */
    if (own && f == columns - 1) return 0;     /* its anchor */
    if (is_equal(r->b, i, side.to, k)) return -INFINITY;
    return f < columns - 1 ? hardness(r->b, own, cosine) : 0;
}

static double run(sts_loss_batch *b)
{
    bool both = b->option[GTE] > 0, two = b->option[SYMMETRIC] > 0 && !both;
    sts_ranking r = {.b = b, .scale = b->option[SCALE], .min_score = b->option[MIN_SCORE],
                     .faces = count_faces(b), .face = face_at, .add = add};
    r.first = two ? r.faces - 1 : r.faces;
    double loss = sts_rank(&r);
    if (*b->option_text[HARDNESS] != 'n' && !(b->option[STRENGTH] > 0))
        b->warning = "hardness_mode has no effect without hardness_strength";
    return loss;
}

const sts_loss sts_loss_multiple_negatives_ranking = {
    STS_LOSS_VERSION,
    .name = "multiple-negatives-ranking",
    .aliases = "mnrl MultipleNegativesRankingLoss infonce",
    .help = "finds a text's partner among all partners of the batch",
    .formula = "mean_i -log(exp(scale cos(a_i, p_i)) / sum over all p_j, and hard "
               "negatives n_j, of exp(scale cos(a_i, .)))",
    .source = "sentence-transformers MultipleNegativesRankingLoss; arXiv:1807.03748",
    .caution = "",
    .needs = STS_LOSS_PAIRS | STS_LOSS_TRIPLETS | STS_LOSS_TUPLES,
    .traits = STS_LOSS_IN_BATCH | STS_LOSS_NEGATIVES,
    .n_options = 7,
    .options = {STS_NUMBER("scale", "factor on the cosines: the inverse of a temperature",
                           20, 1e-3, 1e4),
                STS_MIN_SCORE(0.8),
                STS_NUMBER("symmetric", "1: partners are to find their texts too", 0, 0, 1),
                STS_NUMBER("gte", "1: both directions, and texts of one column as negatives too",
                           0, 0, 1),
                STS_TEXT("hardness_mode", "which negatives weigh more the more alike they are",
                         "none", "none in_batch_negatives hard_negatives all_negatives"),
                STS_NUMBER("hardness_strength", "... by how much: their cosine times this is added",
                           0, 0, 1e4),
                STS_NUMBER("mask", "1: rows that share a text are not negatives of each other",
                           1, 0, 1)},
    .scratch = scratch,
    .run = run,
};
