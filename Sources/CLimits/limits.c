// A core's peak: enough independent sums that the latency of an addition never shows, all of them
// in registers. Zen 4 and Skylake need 8 to 10; 12 leave room for the two constants.
#include <string.h>

#include <cblas.h>

#include "CLimits.h"

#define SUMS 12

static volatile float sink;

// x ← 0.5 x + 0.5 stays at 1, so no sum leaves the normal numbers.
#define MEASURE(NAME, ATTRIBUTES, WIDTH, STEP)                                          \
  typedef float NAME##_vector __attribute__((vector_size(4 * WIDTH)));                  \
  ATTRIBUTES static double NAME(long rounds) {                                          \
    NAME##_vector half, sums[SUMS];                                                     \
    for (int lane = 0; lane < WIDTH; lane++) half[lane] = 0.5f;                         \
    for (int i = 0; i < SUMS; i++) sums[i] = half + (float)i;                           \
    for (long round = 0; round < rounds; round++) {                                     \
      _Pragma("clang loop unroll(full)") for (int i = 0; i < SUMS; i++) {               \
        STEP;                                                                           \
      }                                                                                 \
      /* Keeps every sum in a register and every round in the loop. */                  \
      __asm__ volatile("" ::: "memory");                                                \
    }                                                                                   \
    NAME##_vector total = sums[0];                                                      \
    for (int i = 1; i < SUMS; i++) total += sums[i];                                    \
    for (int lane = 0; lane < WIDTH; lane++) sink = total[lane];                        \
    return 2.0 * WIDTH * SUMS * (double)rounds;                                         \
  }

#if defined(__x86_64__)
#include <immintrin.h>
MEASURE(wide, __attribute__((target("avx512f"))), 16,
        sums[i] = (wide_vector)_mm512_fmadd_ps((__m512)sums[i], (__m512)half, (__m512)half))
MEASURE(middle, __attribute__((target("avx2,fma"))), 8,
        sums[i] = (middle_vector)_mm256_fmadd_ps((__m256)sums[i], (__m256)half, (__m256)half))
#endif
MEASURE(portable, , 4, sums[i] = sums[i] * half + half)

double el_multiply_add(const char *set, long rounds) {
#if defined(__x86_64__)
  if (!strcmp(set, "avx512")) return wide(rounds);
  if (!strcmp(set, "avx2")) return middle(rounds);
#else
  (void)set;
#endif
  return portable(rounds);
}

void el_triad(long n, const float *a, const float *b, float scale, float *c) {
  for (long i = 0; i < n; i++) c[i] = a[i] + scale * b[i];
}

void el_sgemm(int threads, long count, int transpose_a, int transpose_b, long m, long n, long k,
              const float *a, const float *b, float *c) {
  openblas_set_num_threads(threads);
  for (long i = 0; i < count; i++)
    cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans,
                transpose_b ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)k, 1.0f,
                a + i * m * k, (int)(transpose_a ? m : k), b + i * k * n,
                (int)(transpose_b ? k : n), 0.0f, c + i * m * n, (int)n);
}

const char *el_blas_config(void) { return openblas_get_config(); }
const char *el_blas_core(void) { return openblas_get_corename(); }
