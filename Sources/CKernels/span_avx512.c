// The loops for AVX-512; chosen at run time.
#if defined(__x86_64__)
#include <math.h>
#include <string.h>
#include "span_kernels.h"
#pragma clang attribute push( \
  __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), \
  apply_to = function)
#define EK_WIDTH 16
#define EK_TILE_ROWS 8
#define EK_TILE_VECTORS 3
#define EK_ZIP_LOW(x, y) \
  __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, \
  23)
#define EK_ZIP_HIGH(x, y) \
  __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, \
  15, 31)
#define EK_TABLE ek_avx512_kernels
#define EK_NAME "avx512"
#include "span_kernels.inc"
#pragma clang attribute pop
#endif
