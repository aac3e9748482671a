// The worker threads: started on first use, one job at a time. A job is a count and a task. Each
// thread begins with a share of its own, the same part of every job: what follows works on the rows
// that it has made, which may lie in a cache far from the others'. Who has done its share helps with
// those of others, so who takes which index is left to chance, and a task may write only what belongs
// to its index. Between jobs they look out for the next one for a moment before they sleep: a step is
// hundreds of short jobs, and waking a sleeper takes as long as one.
//
// Who is awake needs no lock. The caller writes a job down, then calls it out in one word that holds
// its number and how many helpers it counts on; each of them takes part and checks out, and the
// caller waits for all, so the job stays as written while anyone reads it. Sleepers are woken under
// the lock: who goes to sleep says so first and looks once more, who has news looks for sleepers
// after telling it, so one of the two sees the other (both are sequentially consistent).
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "CKernels.h"

#define MOST_THREADS 256
#define LINE __attribute__((aligned(64)))  // a cache line of its own: others write beside it

static struct {
  pthread_mutex_t lock;  // guards the threads themselves, and sleep
  pthread_cond_t work, done;
  int wanted, started;              // threads besides the caller
  uint64_t born[MOST_THREADS];      // what was called out before the worker began
  ek_task task;                     // the job
  void *context;
  long count;
  int threads;                      // that the job is shared by
  LINE _Atomic uint64_t called;     // the job's number · 2¹⁶ + how many workers it counts on
  atomic_int sleepers;              // workers that wait for `work`
  LINE atomic_int busy;             // workers that have not checked out of the job
  atomic_int waits;                 // whether the caller waits for `done`
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_COND_INITIALIZER,
          .done = PTHREAD_COND_INITIALIZER, .wanted = -1};

// The next index of each share.
static struct { LINE atomic_long next; } shares[MOST_THREADS];

static pthread_mutex_t one_job = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local int inside_job;

#define LOOKS 1500  // some 20 µs

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static long share_start(int share) { return pool.count * share / pool.threads; }

// Works through the own share, then through what is left of the others.
static void take_indices(int own) {
  ek_task task = pool.task;
  void *context = pool.context;
  inside_job = 1;
  for (int i = 0; i < pool.threads; i++) {
    int share = (own + i) % pool.threads;
    for (long end = share_start(share + 1);;) {
      long index = atomic_fetch_add_explicit(&shares[share].next, 1, memory_order_relaxed);
      if (index >= end) break;
      task(context, index);
    }
  }
  inside_job = 0;
}

// What is called out once it is no longer what was seen.
static uint64_t next_call(uint64_t seen) {
  uint64_t called;
  for (int i = 0; i < LOOKS; i++, pause_briefly())
    if ((called = atomic_load(&pool.called)) != seen) return called;
  pthread_mutex_lock(&pool.lock);
  atomic_fetch_add(&pool.sleepers, 1);
  while ((called = atomic_load(&pool.called)) == seen) pthread_cond_wait(&pool.work, &pool.lock);
  atomic_fetch_sub(&pool.sleepers, 1);
  pthread_mutex_unlock(&pool.lock);
  return called;
}

static void check_out(void) {
  if (atomic_fetch_sub(&pool.busy, 1) > 1 || !atomic_load(&pool.waits)) return;
  pthread_mutex_lock(&pool.lock);
  pthread_cond_signal(&pool.done);
  pthread_mutex_unlock(&pool.lock);
}

static void *worker(void *argument) {
  uint64_t number = (uint64_t)(uintptr_t)argument;
  pthread_mutex_lock(&pool.lock);
  uint64_t seen = pool.born[number];
  pthread_mutex_unlock(&pool.lock);
  for (;;) {
    seen = next_call(seen);
    if (number >= (seen & 0xffff)) continue;
    take_indices((int)number + 1);
    check_out();
  }
  return NULL;
}

static void call_out(uint64_t helpers) {
  uint64_t number = (atomic_load(&pool.called) >> 16) + 1;
  atomic_store(&pool.busy, (int)helpers);
  atomic_store(&pool.called, number << 16 | helpers);
  if (atomic_load(&pool.sleepers) == 0) return;
  pthread_mutex_lock(&pool.lock);
  pthread_cond_broadcast(&pool.work);
  pthread_mutex_unlock(&pool.lock);
}

static void wait_for_end(void) {
  for (int i = 0; i < LOOKS; i++, pause_briefly())
    if (atomic_load(&pool.busy) == 0) return;
  pthread_mutex_lock(&pool.lock);
  atomic_store(&pool.waits, 1);
  while (atomic_load(&pool.busy) > 0) pthread_cond_wait(&pool.done, &pool.lock);
  atomic_store(&pool.waits, 0);
  pthread_mutex_unlock(&pool.lock);
}

static int default_threads(void) {
  const char *text = getenv("EIDETIC_THREADS");
  long count = text ? atol(text) : sysconf(_SC_NPROCESSORS_ONLN);
  if (count < 1) count = 1;
  return count > MOST_THREADS ? MOST_THREADS : (int)count;
}

// With the lock held: decides the count on first use and starts what is missing. A worker that
// cannot be started is done without.
static void prepare(void) {
  if (pool.wanted < 0) pool.wanted = default_threads() - 1;
  while (pool.started < pool.wanted) {
    pthread_t thread;
    pool.born[pool.started] = atomic_load(&pool.called);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int failed = pthread_create(&thread, &attributes, worker, (void *)(uintptr_t)pool.started);
    pthread_attr_destroy(&attributes);
    if (failed) pool.wanted = pool.started;
    else pool.started++;
  }
}

void ek_set_threads(int count) {
  pthread_mutex_lock(&one_job);
  pthread_mutex_lock(&pool.lock);
  if (pool.wanted < 0) prepare();
  pool.wanted = (count < 1 ? 1 : count > MOST_THREADS ? MOST_THREADS : count) - 1;
  prepare();
  pthread_mutex_unlock(&pool.lock);
  pthread_mutex_unlock(&one_job);
}

int ek_threads(void) {
  pthread_mutex_lock(&pool.lock);
  if (pool.wanted < 0) prepare();
  int count = pool.wanted + 1;
  pthread_mutex_unlock(&pool.lock);
  return count;
}

void ek_parallel(long count, ek_task task, void *context) {
  if (count <= 0) return;
  if (count == 1 || inside_job) {
    for (long index = 0; index < count; index++) task(context, index);
    return;
  }
  pthread_mutex_lock(&one_job);
  pthread_mutex_lock(&pool.lock);
  prepare();
  int helpers = pool.wanted;
  pthread_mutex_unlock(&pool.lock);
  pool.task = task;
  pool.context = context;
  pool.count = count;
  pool.threads = helpers + 1;
  for (int share = 0; share < pool.threads; share++)
    atomic_store_explicit(&shares[share].next, share_start(share), memory_order_relaxed);
  if (helpers > 0) call_out((uint64_t)helpers);
  take_indices(0);
  if (helpers > 0) wait_for_end();
  pthread_mutex_unlock(&one_job);
}
