// fine_tune.cpp - the same as fine_tune.c in C++17, on rows in memory: what _free takes is in
// unique_ptr, an error becomes an exception, and a lambda receives the events.
//
//     c++ -std=c++17 fine_tune.cpp $(pkg-config --cflags --libs stsfit) -o fine_tune
//     ./fine_tune MODEL RUN STEPS
#include <stsfit.h>

#include <array>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

template <auto Free> struct deleter {
    template <class T> void operator()(T *p) const { Free(p); }
};
using model_ptr = std::unique_ptr<sts_model, deleter<sts_model_free>>;
using data_ptr = std::unique_ptr<sts_data, deleter<sts_data_free>>;

struct error : std::runtime_error {
    int code;
    explicit error(const sts_err &e) : std::runtime_error(e.text), code(e.code) {}
};

sts_str view(std::string_view s) { return {s.data(), s.size()}; }

data_ptr make_rows()
{
    struct row {
        std::string_view first, second;
        double score;
    };
    constexpr std::array<row, 4> rows{{{"A dog runs.", "A hound is running.", 0.9},
                                       {"A dog runs.", "A cat sleeps.", 0.2},
                                       {"Shares fell.", "The market went down.", 0.8},
                                       {"Shares fell.", "A man plays the guitar.", 0.0}}};
    sts_err err{};
    data_ptr data(sts_data_new(2, &err));
    if (!data) throw error(err);
    for (const row &r : rows) {
        const sts_str text[] = {view(r.first), view(r.second)};
        if (sts_data_add(data.get(), text, &r.score, &err)) throw error(err);
    }
    return data;
}

using receiver = std::function<sts_answer(const sts_event &)>;

// What the library calls is C: no exception may pass through it. One is kept, and thrown later.
struct call {
    const receiver &on_event;
    std::exception_ptr thrown;
    static sts_answer pass(void *ctx, const sts_event *e) noexcept
    {
        auto *self = static_cast<call *>(ctx);
        try {
            return self->on_event(*e);
        } catch (...) {
            self->thrown = std::current_exception();
            return STS_ABORT;
        }
    }
};

model_ptr train(const sts_train_options &options, const receiver &on_event)
{
    sts_err err{};
    sts_model *tuned = nullptr;
    call c{on_event, nullptr};
    const int rc = sts_train(&options, call::pass, &c, &tuned, &err);
    model_ptr model(tuned);
    if (c.thrown) std::rethrow_exception(c.thrown);
    if (rc) throw error(err);
    return model;
}

} // namespace

int main(int argc, char **argv)
try {
    if (argc != 4) {
        std::fprintf(stderr, "usage: fine_tune MODEL RUN STEPS\n");
        return 2;
    }
    const data_ptr rows = make_rows();
    const auto last = std::stoull(argv[3]);
    sts_train_options options = sts_train_defaults();
    options.model = argv[1];
    options.output = argv[2];
    options.rows = rows.get();
    options.dev = "none";
    options.batch_size = 2;
    options.epochs = 5;
    const model_ptr model = train(options, [&](const sts_event &e) {
        if (e.kind != STS_EVENT_STEP) return STS_CONTINUE;
        std::printf("step %d: loss %.4f\n", static_cast<int>(e.step->step), e.step->loss);
        return e.step->step == last ? STS_STOP_SAVED : STS_CONTINUE;
    });
    std::printf("a model of %d numbers\n", sts_model_width(model.get()));
} catch (const error &e) {
    std::fprintf(stderr, "fine_tune: %s\n", e.what());
    return e.code;
} catch (const std::exception &e) {
    std::fprintf(stderr, "fine_tune: %s\n", e.what());
    return 1;
}
