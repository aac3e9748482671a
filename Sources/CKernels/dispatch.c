// Which instruction set runs, decided once.
#include <stdatomic.h>
#include <string.h>

#include "span_kernels.h"

static const ek_span_kernels *widest(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    return &ek_avx512_kernels;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &ek_avx2_kernels;
#endif
  return &ek_portable_kernels;
}

static _Atomic(const ek_span_kernels *) chosen;

const ek_span_kernels *ek_kernels(void) {
  const ek_span_kernels *kernels = atomic_load_explicit(&chosen, memory_order_acquire);
  if (!kernels) {
    kernels = widest();
    atomic_store_explicit(&chosen, kernels, memory_order_release);
  }
  return kernels;
}

const char *ek_instruction_set(void) { return ek_kernels()->name; }

int ek_force_instruction_set(const char *name) {
  const ek_span_kernels *best = widest();
  const ek_span_kernels *wanted = NULL;
  if (!strcmp(name, "portable")) wanted = &ek_portable_kernels;
#if defined(__x86_64__)
  if (!strcmp(name, "avx2") && best != &ek_portable_kernels) wanted = &ek_avx2_kernels;
  if (!strcmp(name, "avx512") && best == &ek_avx512_kernels) wanted = best;
#endif
  if (!wanted) return 0;
  atomic_store_explicit(&chosen, wanted, memory_order_release);
  return 1;
}
