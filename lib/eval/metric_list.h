/* metric_list.h - the metrics, in the order in which reports list them. A row is
 * METRIC(name, title, label, needs, better, range, similarity, compute):
 *   title       heads its column in tables, and --metric takes it as a short name; "": no column
 *   label       names it on the HTML page
 *   needs       SCORES or TRIPLETS: the data that it is computed from
 *   better      HIGHER or LOWER
 *   range       CORRELATION (-1 to 1), SHARE (0 to 1) or ERROR (0 and above), as in data/schema
 *   similarity  the one that it is computed from
 *   compute     a function of metric_table.c */
METRIC(pearson_cosine, "Pearson", "Pearson, cosine", SCORES, HIGHER, CORRELATION, COSINE, pearson)
METRIC(spearman_cosine, "Spearman", "Spearman, cosine", SCORES, HIGHER, CORRELATION, COSINE,
       spearman)
METRIC(pearson_euclidean, "", "Pearson, Euclidean", SCORES, HIGHER, CORRELATION, EUCLIDEAN,
       pearson)
METRIC(spearman_euclidean, "", "Spearman, Euclidean", SCORES, HIGHER, CORRELATION, EUCLIDEAN,
       spearman)
METRIC(pearson_manhattan, "", "Pearson, Manhattan", SCORES, HIGHER, CORRELATION, MANHATTAN,
       pearson)
METRIC(spearman_manhattan, "", "Spearman, Manhattan", SCORES, HIGHER, CORRELATION, MANHATTAN,
       spearman)
METRIC(pearson_dot, "", "Pearson, dot", SCORES, HIGHER, CORRELATION, DOT, pearson)
METRIC(spearman_dot, "", "Spearman, dot", SCORES, HIGHER, CORRELATION, DOT, spearman)
METRIC(mse, "", "Mean squared error", SCORES, LOWER, ERROR, COSINE, mean_squared_error)
METRIC(cosine_accuracy, "accuracy", "Accuracy (cosine)", TRIPLETS, HIGHER, SHARE, COSINE,
       accuracy)
