// Matrix products: OpenBLAS on one thread per block of the result. OpenBLAS gives other bits at
// other thread counts and at other splits (measured), so the blocks depend on the sizes alone.
#include <pthread.h>

#include <cblas.h>

#include "CKernels.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static void one_blas_thread(void) { openblas_set_num_threads(1); }

typedef struct {
  int ta, tb;
  long m, n, k, lda, ldb, ldc;
  const float *a, *b;
  float beta, *c;
  long rows, columns;  // size of a block
  long across;         // blocks per row of blocks
} product;

static long at_most(long value, long limit) { return value < limit ? value : limit; }

static void multiply_block(void *context, long index) {
  const product *p = context;
  long row = index / p->across * p->rows, column = index % p->across * p->columns;
  long m = at_most(p->rows, p->m - row), n = at_most(p->columns, p->n - column);
  const float *a = p->a + (p->ta ? row : row * p->lda);
  const float *b = p->b + (p->tb ? column * p->ldb : column);
  cblas_sgemm(CblasRowMajor, p->ta ? CblasTrans : CblasNoTrans, p->tb ? CblasTrans : CblasNoTrans,
              (int)m, (int)n, (int)p->k, 1.0f, a, (int)p->lda, b, (int)p->ldb, p->beta,
              p->c + row * p->ldc + column, (int)p->ldc);
}

// A block repacks the operand that it shares with its neighbours, so blocks are cut along the
// longer side, in up to 8 pieces of at least 64, and small products stay whole.
static void choose_blocks(product *p) {
  const double small = 1 << 18;
  p->rows = p->m, p->columns = p->n;
  if ((double)p->m * (double)p->n * (double)p->k > small) {
    long *side = p->m >= p->n ? &p->rows : &p->columns;
    long pieces = at_most(*side / 64, 8);
    if (pieces > 1) *side = ((*side + pieces - 1) / pieces + 15) / 16 * 16;
  }
  p->across = (p->n + p->columns - 1) / p->columns;
}

void ek_gemm(int transpose_a, int transpose_b, long m, long n, long k, const float *a, long lda,
             const float *b, long ldb, float beta, float *c, long ldc) {
  if (m == 0 || n == 0) return;
  pthread_once(&once, one_blas_thread);
  product p = {transpose_a, transpose_b, m, n, k, lda, ldb, ldc, a, b, beta, c, 0, 0, 0};
  if (k == 0) {
    if (beta == 0.0f)
      for (long i = 0; i < m; i++) ek_fill(n, 0.0f, c + i * ldc);
    return;
  }
  choose_blocks(&p);
  ek_parallel((m + p.rows - 1) / p.rows * p.across, multiply_block, &p);
}

typedef struct {
  product one;
  long a_stride, b_stride, c_stride;
} batch;

static void multiply_one(void *context, long index) {
  const batch *all = context;
  product p = all->one;
  p.a += index * all->a_stride, p.b += index * all->b_stride, p.c += index * all->c_stride;
  ek_gemm(p.ta, p.tb, p.m, p.n, p.k, p.a, p.lda, p.b, p.ldb, p.beta, p.c, p.ldc);
}

void ek_gemm_batch(long count, int transpose_a, int transpose_b, long m, long n, long k,
                   const float *a, long a_stride, const float *b, long b_stride, float *c,
                   long c_stride) {
  long lda = transpose_a ? m : k, ldb = transpose_b ? k : n;
  batch all = {{transpose_a, transpose_b, m, n, k, lda > 0 ? lda : 1, ldb > 0 ? ldb : 1, n, a, b,
                0.0f, c, 0, 0, 0},
               a_stride, b_stride, c_stride};
  ek_parallel(count, multiply_one, &all);
}
