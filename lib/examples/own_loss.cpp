// own_loss.cpp - a loss of one's own in C++17, registered with an object that it reads: here the
// margin that unlike pairs are to have. Checks its gradient; that of the wrong one is found.
//
//     c++ -std=c++17 own_loss.cpp $(pkg-config --cflags --libs stsfit) -o own_loss
//     ./own_loss
#include <stsfit.h>
#include <stsfit_loss.h>

#include <cstdio>
#include <memory>

namespace {

struct env_deleter {
    void operator()(sts_env *env) const
    {
        sts_env_use(nullptr);
        sts_env_free(env);
    }
};
using env_ptr = std::unique_ptr<sts_env, env_deleter>;

// mean (|u - v|^2 - margin (1 - y))^2: the context is the object itself.
class distance_loss {
    double margin, sign;

    // Called from C: it throws nothing.
    static double run(sts_loss_batch *b) noexcept
    {
        const auto &self = *static_cast<const distance_loss *>(b->context);
        double loss = 0;
        for (int i = 0; i < b->n; i++) {
            const int at = i * b->dim;
            const double *u = b->emb[0] + at, *v = b->emb[1] + at;
            double error = -self.margin * (1 - b->score[i]);
            for (int k = 0; k < b->dim; k++) error += (u[k] - v[k]) * (u[k] - v[k]);
            loss += error * error / b->n;
            for (int k = 0; k < b->dim; k++) {
                const double slope = self.sign * 4 * error * (u[k] - v[k]) / b->n;
                b->grad[0][at + k] = slope;
                b->grad[1][at + k] = -slope;
            }
        }
        return loss;
    }

public:
    distance_loss(double apart, double direction) : margin(apart), sign(direction) {}

    // The object must outlive the environment.
    int add_to(sts_env *env, const char *name, sts_err *err)
    {
        sts_loss loss{};
        loss.abi = STS_LOSS_ABI;
        loss.size = sizeof(sts_loss);
        loss.batch_size = sizeof(sts_loss_batch);
        loss.name = name;
        loss.help = "squared error of the squared distance";
        loss.formula = "mean (|u - v|^2 - margin (1 - y))^2";
        loss.needs = STS_LOSS_SCORED_PAIRS;
        loss.run = run;
        return sts_env_loss(env, &loss, this, err);
    }
};

} // namespace

int main()
{
    distance_loss right(2, 1), wrong(2, -1);
    sts_err err{};
    const env_ptr env(sts_env_new(&err));
    if (!env || right.add_to(env.get(), "distance", &err) ||
        wrong.add_to(env.get(), "wrong", &err)) {
        std::fprintf(stderr, "own_loss: %s\n", err.text);
        return err.code;
    }
    sts_env_use(env.get());
    if (sts_loss_check("distance", &err)) {
        std::fprintf(stderr, "own_loss: %s\n", err.text);
        return err.code;
    }
    std::puts("distance: its gradient is right");
    if (sts_loss_check("wrong", &err)) std::puts(err.text);
}
