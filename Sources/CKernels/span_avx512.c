// The loops for AVX-512; chosen at run time.
#if defined(__x86_64__)
#include <math.h>
#include <string.h>
#include "span_kernels.h"
#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), \
  apply_to = function)
#define EK_TABLE ek_avx512_kernels
#define EK_NAME "avx512"
#include "span_kernels.inc"
#pragma clang attribute pop
#endif
