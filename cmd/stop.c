/* stop.c - signals: the first asks for a clean end, a later one ends at once. */
#include "common.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#define GRACE 1          /* seconds to give up in before the first step, when nothing is lost */
#define ONE_REQUEST 0.3  /* seconds: timeout sends its signal twice, a closing terminal too */

static volatile int stop_signal;
static volatile sig_atomic_t saves; /* there is something to save */
static volatile double stopped_at;
static bool at_terminal;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void on_signal(int number)
{
    static const char text[] = "\nstsfit: saving after this step; a second signal stops at once\n";
    if (number == SIGALRM) _exit(128 + (stop_signal ? stop_signal : number));
    if (stop_signal) {
        bool again = number != SIGHUP && now() - stopped_at > ONE_REQUEST;
        if (again && sts_comm_size() == 1) _exit(128 + number); /* mpirun may send several */
        return;
    }
    stop_signal = number;
    stopped_at = now();
    if (!saves) alarm(GRACE);
    else if (at_terminal && write(2, text, sizeof text - 1) < 0) return;
}

void stop_saves(bool something)
{
    saves = something;
}

/* Under nohup SIGHUP stays ignored. */
const volatile int *stop_on_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2, SIGXCPU, SIGALRM};
    struct sigaction a = {.sa_handler = on_signal}, before;
    at_terminal = progress_chosen() == PROGRESS_BAR;
    sigemptyset(&a.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaction(numbers[i], &a, NULL);
    if (!sigaction(SIGHUP, NULL, &before) && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &a, NULL);
    return &stop_signal;
}
