// The time limit of a call. A thread of its own waits for the deadline, asks the script to stop as
// Ctrl-C does, and after the grace period reports what does not stop: one call of a C function in
// Lua's libraries, a finalizer, a native function that does not look. Nothing in this process can
// end such a call safely; its owner decides what to do.
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "host.h"

// `wake` and what it announces go with the host's lock.
struct es_watch {
  pthread_t thread;
  pthread_cond_t wake;
  struct timespec deadline;
  uint64_t round;  // which call the deadline belongs to
  int is_set, ends;
};

static struct timespec after(double seconds) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  double whole = floor(seconds);
  at.tv_sec += (time_t)whole;
  at.tv_nsec += (long)((seconds - whole) * 1e9);
  if (at.tv_nsec >= 1000000000L) {
    at.tv_sec++;
    at.tv_nsec -= 1000000000L;
  }
  return at;
}

// Whether `at` came while call `round` was still under way.
static int outlasts(es_host *h, uint64_t round, const struct timespec *at) {
  struct es_watch *w = h->watch;
  while (!w->ends && w->is_set && w->round == round)
    if (pthread_cond_timedwait(&w->wake, &h->lock, at) == ETIMEDOUT)
      return !w->ends && w->is_set && w->round == round;
  return 0;
}

static void watch_call(es_host *h) {
  struct es_watch *w = h->watch;
  uint64_t round = w->round;
  struct timespec at = w->deadline;
  if (!outlasts(h, round, &at)) return;
  es_request_stop(h, ES_TIME);
  at = after(h->grace);
  if (!outlasts(h, round, &at)) return;
  w->is_set = 0;
  pthread_mutex_unlock(&h->lock);
  h->callbacks.stuck(h->callbacks.context);
  pthread_mutex_lock(&h->lock);
}

static void *watch(void *host) {
  es_host *h = host;
  struct es_watch *w = h->watch;
  pthread_mutex_lock(&h->lock);
  while (!w->ends) {
    if (w->is_set) watch_call(h);
    else pthread_cond_wait(&w->wake, &h->lock);
  }
  pthread_mutex_unlock(&h->lock);
  return NULL;
}

// The thread takes no signals: they are for those that run scripts.
static int start_thread(es_host *h) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int status = pthread_create(&h->watch->thread, NULL, watch, h);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return status == 0;
}

int es_start_watch(es_host *h) {
  if (!(h->time_limit > 0)) return 1;
  snprintf(h->time_message, sizeof h->time_message, "time limit of %.6g s reached", h->time_limit);
  struct es_watch *w = calloc(1, sizeof *w);
  if (!w) return 0;
  pthread_condattr_t clock;
  pthread_condattr_init(&clock);
  pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
  pthread_cond_init(&w->wake, &clock);
  pthread_condattr_destroy(&clock);
  h->watch = w;
  if (start_thread(h)) return 1;
  pthread_cond_destroy(&w->wake);
  free(w);
  h->watch = NULL;
  return 0;
}

void es_end_watch(es_host *h) {
  struct es_watch *w = h->watch;
  if (!w) return;
  pthread_mutex_lock(&h->lock);
  w->ends = 1;
  pthread_cond_signal(&w->wake);
  pthread_mutex_unlock(&h->lock);
  pthread_join(w->thread, NULL);
  pthread_cond_destroy(&w->wake);
  free(w);
  h->watch = NULL;
}

void es_begin_deadline(es_host *h) {
  struct es_watch *w = h->watch;
  if (!w) return;
  pthread_mutex_lock(&h->lock);
  w->deadline = after(h->time_limit);
  w->round++;
  w->is_set = 1;
  pthread_cond_signal(&w->wake);
  pthread_mutex_unlock(&h->lock);
}

// From here on the deadline asks nothing to stop any more.
void es_end_deadline(es_host *h) {
  struct es_watch *w = h->watch;
  if (!w) return;
  pthread_mutex_lock(&h->lock);
  w->is_set = 0;
  pthread_cond_signal(&w->wake);
  pthread_mutex_unlock(&h->lock);
}
