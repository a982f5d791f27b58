// log_cosh.cpp - the loss of log_cosh.c in C++11 and later, as a shared object.
//
//     c++ -shared -fPIC log_cosh.cpp $(pkg-config --cflags stsfit) -o log_cosh.so
//     stsfit train pairs.tsv --loss ./log_cosh.so:sharpness=4
#include <stsfit_loss.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace {

double dot(const double *u, const double *v, int dim)
{
    return std::inner_product(u, u + dim, v, 0.0);
}

// Called from C: it throws nothing.
double run(sts_loss_batch *b) noexcept
{
    double loss = 0;
    const double sharpness = b->option[0];
    for (int i = 0; i < b->n; i++) {
        const int at = i * b->dim;
        const double *u = b->emb[0] + at, *v = b->emb[1] + at;
        const double nu = std::max(std::sqrt(dot(u, u, b->dim)), 1e-8);
        const double nv = std::max(std::sqrt(dot(v, v, b->dim)), 1e-8);
        const double cosine = dot(u, v, b->dim) / (nu * nv);
        const double error = sharpness * (cosine - b->score[i]);
        double slope = std::tanh(error) / b->n;
        loss += std::log(std::cosh(error)) / sharpness / b->n;
        if (nu == 1e-8 || nv == 1e-8) { // at zero there is no gradient: give 0, and say so
            b->warning = "an embedding is zero";
            slope = 0;
        }
        for (int k = 0; k < b->dim; k++) {
            b->grad[0][at + k] = slope * (v[k] / nv - cosine * u[k] / nu) / nu;
            b->grad[1][at + k] = slope * (u[k] / nu - cosine * v[k] / nv) / nv;
        }
    }
    return loss;
}

// With C++20 the initialiser of log_cosh.c is C++ too.
sts_loss describe()
{
    sts_loss loss{};
    loss.abi = STS_LOSS_ABI;
    loss.size = sizeof(sts_loss);
    loss.batch_size = sizeof(sts_loss_batch);
    loss.name = "log-cosh";
    loss.help = "log cosh of the cosine's error against the score";
    loss.formula = "mean log(cosh(sharpness (cos(u, v) - y))) / sharpness";
    loss.needs = STS_LOSS_SCORED_PAIRS;
    loss.n_options = 1;
    loss.options[0] = STS_NUMBER("sharpness", "where the square turns into a line: at 1/sharpness",
                                 3, 0.01, 100);
    loss.run = run;
    return loss;
}

} // namespace

STS_LOSS_EXPORT const sts_loss sts_loss_plugin = describe();
