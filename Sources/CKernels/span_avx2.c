// The loops for AVX2 with fused multiply-add; chosen at run time.
#if defined(__x86_64__)
#include <math.h>
#include <string.h>
#include "span_kernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define EK_WIDTH 8
#define EK_TILE_ROWS 6
#define EK_TILE_VECTORS 2
// Written out because the compiler, left to itself, moves sums between registers and the stack in
// each round: 38 GFLOP/s where this reaches 100 (Zen 3).
#define EK_MULTIPLY_ADD(sum, left, right)                                                          \
  do {                                                                                             \
    float l = left;                                                                                \
    lanes_t all = {l, l, l, l, l, l, l, l};                                                        \
    __asm__("vfmadd231ps %2, %1, %0" : "+x"(sum) : "x"(all), "x"(right));                          \
  } while (0)
#define EK_ZIP_LOW(x, y) \
  __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11)
#define EK_ZIP_HIGH(x, y) \
  __builtin_shufflevector(x, y, 4, 12, 5, 13, 6, 14, 7, 15)
#define EK_TABLE ek_avx2_kernels
#define EK_NAME "avx2"
#include "span_kernels.inc"
#pragma clang attribute pop
#endif
