// The worker threads: started on first use, one job at a time. A job is a count and a task; workers
// take indices from one counter. Which worker takes which index is left to chance, so a task may
// write only what belongs to its index. Between jobs they look out for the next one for a moment
// before they sleep: a step is hundreds of short jobs, and waking a sleeper takes as long as one.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "CKernels.h"

#define MOST_THREADS 256

static struct {
  pthread_mutex_t lock;        // guards everything below
  pthread_cond_t work, done;
  int wanted, started;         // threads besides the caller
  atomic_ulong generation;     // rises with every job
  unsigned long born[MOST_THREADS];  // the last job that a worker does not take part in
  atomic_int busy;             // workers still inside the current job
  ek_task task;
  void *context;
  long count;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_COND_INITIALIZER,
          .done = PTHREAD_COND_INITIALIZER, .wanted = -1};

static pthread_mutex_t one_job = PTHREAD_MUTEX_INITIALIZER;
static atomic_long next_index;
static _Thread_local int inside_job;

#define LOOKS 1500  // some 20 µs

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void look_for_job(unsigned long seen) {
  for (int i = 0; i < LOOKS && atomic_load(&pool.generation) == seen; i++) pause_briefly();
}
static void look_for_end(void) {
  for (int i = 0; i < LOOKS && atomic_load(&pool.busy) > 0; i++) pause_briefly();
}

static void take_indices(ek_task task, void *context, long count) {
  inside_job = 1;
  for (;;) {
    long index = atomic_fetch_add_explicit(&next_index, 1, memory_order_relaxed);
    if (index >= count) break;
    task(context, index);
  }
  inside_job = 0;
}

static void *worker(void *argument) {
  long number = (long)argument;
  pthread_mutex_lock(&pool.lock);
  unsigned long seen = pool.born[number];
  for (;;) {
    pthread_mutex_unlock(&pool.lock);
    look_for_job(seen);
    pthread_mutex_lock(&pool.lock);
    while (pool.generation == seen) pthread_cond_wait(&pool.work, &pool.lock);
    seen = pool.generation;
    if (number >= pool.wanted) continue;
    ek_task task = pool.task;
    void *context = pool.context;
    long count = pool.count;
    pthread_mutex_unlock(&pool.lock);
    take_indices(task, context, count);
    pthread_mutex_lock(&pool.lock);
    if (--pool.busy == 0) pthread_cond_signal(&pool.done);
  }
  return NULL;
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
    pool.born[pool.started] = pool.generation;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int failed = pthread_create(&thread, &attributes, worker, (void *)(long)pool.started);
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
  atomic_store_explicit(&next_index, 0, memory_order_relaxed);
  if (helpers > 0) {
    pool.task = task;
    pool.context = context;
    pool.count = count;
    pool.busy = helpers;
    pool.generation++;
    pthread_cond_broadcast(&pool.work);
  }
  pthread_mutex_unlock(&pool.lock);
  take_indices(task, context, count);
  if (helpers > 0) {
    look_for_end();
    pthread_mutex_lock(&pool.lock);
    while (pool.busy > 0) pthread_cond_wait(&pool.done, &pool.lock);
    pthread_mutex_unlock(&pool.lock);
  }
  pthread_mutex_unlock(&one_job);
}
