// The loops for AVX2 with fused multiply-add; chosen at run time.
#if defined(__x86_64__)
#include <math.h>
#include <string.h>
#include "span_kernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define EK_TABLE ek_avx2_kernels
#define EK_NAME "avx2"
#include "span_kernels.inc"
#pragma clang attribute pop
#endif
