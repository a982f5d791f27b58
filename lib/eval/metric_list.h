/* metric_list.h - the metrics, in the order in which reports list them. A row is
 * METRIC(name, title, label, needs, better, range, similarity, compute):
 *   title       heads its column in tables, and --metric takes it as a short name; "": no column
 *   label       names it on the HTML page
 *   needs       SCORES, CLASSES, TRIPLETS, PARTNERS or LOSS: the data that it is computed from;
 *               RIGHT: classes or triplets
 *   better      HIGHER, LOWER, or NEITHER, where it cannot decide
 *   range       CORRELATION (-1 to 1), SHARE (0 to 1), ERROR (0 up) or ANY, as in data/schema
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

/* The eight of one similarity; its accuracy apart, since triplets have that of the cosine, too. */
#define CLASS_METRICS(sim, SIM, ap_title, label)                                                   \
    METRIC(sim##_accuracy_threshold, "", "Threshold of accuracy, " label, CLASSES, NEITHER, ANY,   \
           SIM, accuracy_threshold)                                                                \
    METRIC(sim##_f1, "", "F1, " label, CLASSES, HIGHER, SHARE, SIM, f1)                      \
    METRIC(sim##_f1_threshold, "", "Threshold of F1, " label, CLASSES, NEITHER, ANY, SIM,          \
           f1_threshold)                                                                           \
    METRIC(sim##_precision, "", "Precision, " label, CLASSES, HIGHER, SHARE, SIM, precision)       \
    METRIC(sim##_recall, "", "Recall, " label, CLASSES, HIGHER, SHARE, SIM, recall)                \
    METRIC(sim##_ap, ap_title, "Average precision, " label, CLASSES, HIGHER, SHARE, SIM,           \
           average_precision)                                                                      \
    METRIC(sim##_mcc, "", "Matthews correlation, " label, CLASSES, HIGHER, CORRELATION, SIM,       \
           matthews)
METRIC(cosine_accuracy, "accuracy", "Accuracy, cosine", RIGHT, HIGHER, SHARE, COSINE, accuracy)
CLASS_METRICS(cosine, COSINE, "AP", "cosine")
METRIC(euclidean_accuracy, "", "Accuracy, Euclidean", CLASSES, HIGHER, SHARE, EUCLIDEAN, accuracy)
CLASS_METRICS(euclidean, EUCLIDEAN, "", "Euclidean")
METRIC(manhattan_accuracy, "", "Accuracy, Manhattan", CLASSES, HIGHER, SHARE, MANHATTAN, accuracy)
CLASS_METRICS(manhattan, MANHATTAN, "", "Manhattan")
METRIC(dot_accuracy, "", "Accuracy, dot", CLASSES, HIGHER, SHARE, DOT, accuracy)
CLASS_METRICS(dot, DOT, "", "dot")
#undef CLASS_METRICS

METRIC(src2trg_accuracy, "", "First text finds the second", PARTNERS, HIGHER, SHARE, COSINE,
       source_to_target)
METRIC(trg2src_accuracy, "", "Second text finds the first", PARTNERS, HIGHER, SHARE, COSINE,
       target_to_source)
METRIC(mean_accuracy, "partners", "Partners found", PARTNERS, HIGHER, SHARE, COSINE,
       mean_accuracy)
METRIC(mrr, "MRR", "Mean reciprocal rank of partners", PARTNERS, HIGHER, SHARE, COSINE,
       reciprocal_rank)
METRIC(loss, "", "Loss on dev", LOSS, LOWER, ANY, COSINE, given)
