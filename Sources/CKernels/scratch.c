// Scratch memory of a thread: grows, is kept for the next task, and is freed when the thread ends.
#include <pthread.h>
#include <stdlib.h>

#include "span_kernels.h"

// Every scratch in use by a thread, in a list that the thread's end walks.
static pthread_key_t list_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void free_all(void *list) {
  for (ek_scratch *scratch = list; scratch; scratch = scratch->next) {
    free(scratch->memory);
    scratch->memory = NULL;
    scratch->floats = 0;
    scratch->listed = 0;
  }
}
static void make_key(void) { pthread_key_create(&list_key, free_all); }

float *ek_scratch_grow(ek_scratch *scratch, size_t floats) {
  if (floats == 0) floats = 1;
  if (scratch->floats >= floats) return scratch->memory;
  pthread_once(&once, make_key);
  if (!scratch->listed) {
    scratch->next = pthread_getspecific(list_key);
    if (pthread_setspecific(list_key, scratch) != 0) return NULL;
    scratch->listed = 1;
  }
  float *memory = aligned_alloc(64, (floats * sizeof(float) + 63) / 64 * 64);
  if (!memory) return NULL;
  free(scratch->memory);
  scratch->memory = memory;
  scratch->floats = floats;
  return memory;
}
