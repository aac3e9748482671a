// The table of loops that exist once per instruction set. Each works on one dense span or on some
// rows, on one thread; elementwise.c and rows.c cut the work and call through the table.
#ifndef EIDETIC_SPAN_KERNELS_H
#define EIDETIC_SPAN_KERNELS_H

#include <stddef.h>

#include "CKernels.h"

// ── Scratch memory of one thread, in a variable that is thread-local ────────────────────────────

typedef struct ek_scratch {
  size_t floats;
  float *memory;
  int listed;
  struct ek_scratch *next;
} ek_scratch;

/// At least `floats` floats, aligned to 64 bytes, contents undefined; NULL where memory is short.
float *ek_scratch_grow(ek_scratch *scratch, size_t floats);

// ── Matrix products: what the tiles and the blocks agree on ─────────────────────────────────────

#define EK_LEFT_STRIDE 272  // between packed rows: a power of two would fill few cache sets
#define EK_PADDING 16       // floats; whole vectors of every instruction set

/// A · Bᵀ, made in whole tiles: rows of c have room for n floats rounded up to EK_PADDING, and its
/// number of rows is rounded up to whole tiles. What is written there beyond m and n means nothing.
void ek_gemm_padded(ek_triangle triangle, long below, long m, long n, long k, const float *a,
                    long lda, const float *b, long ldb, float *c, long ldc);

typedef struct {
  const char *name;
  long vector, tile_rows, tile_vectors;  // floats of a vector, rows and vectors of a tile
  // Each of the three works on a tile or panel; product_tiles.inc.
  void (*pack_left)(int transposed, long rows, long k, const float *from, long stride, float *to);
  void (*pack_right)(int transposed, long columns, long width, long k, const float *from,
                     long stride, float *to);
  // c = (add ? c : 0) + left · right + bias; bias may be NULL.
  void (*product_tile)(int transposed, long rows, long columns, long k, const float *a,
                       const float *b, long ldb, float *keep, int add, const float *bias,
                       float *c, long ldc);
  void (*unary)(ek_unary op, long n, const float *x, float *y);
  // A stride of 0 repeats one element, 1 walks.
  void (*binary)(ek_binary op, long n, const float *a, long sa, const float *b, long sb, float *y);
  void (*compare)(ek_comparison op, long n, const float *a, long sa, const float *b, long sb,
                  uint8_t *y);
  void (*axpy)(long n, float alpha, const float *x, float *y);
  void (*gelu_backward)(long n, const float *x, const float *g, float *dx);
  // h = gelu(x); g becomes g · gelu'(x)
  void (*gelu_again)(long n, const float *x, float *g, float *h);
  float (*reduce)(ek_reduction op, long n, const float *x);
  // Rows of x are `stride` apart.
  void (*reduce_rows)(ek_reduction op, long n, long inner, long stride, const float *x, float *y);
  double (*square_sum)(long n, const float *x);
  int (*all_finite)(long n, const float *x);
  void (*softmax)(int logarithm, long n, const float *x, float *y);
  void (*softmax_backward)(int logarithm, long n, const float *y, const float *g, float *dx);
  void (*layer_norm)(long n, float epsilon, const float *x, const float *w, const float *b,
                     float *y, float *mean, float *rstd);
  // The output once more, from the mean and 1/σ that were saved.
  void (*layer_norm_again)(long n, const float *x, const float *w, const float *b, float mean,
                           float rstd, float *y);
  // dw and db collect sums over the rows of one block.
  void (*layer_norm_backward)(long n, const float *x, const float *w, float mean, float rstd,
                              const float *g, float *dx, float *dw, float *db);
  void (*rms_norm)(long n, float epsilon, const float *x, const float *w, float *y, float *rstd);
  void (*rms_norm_backward)(long n, const float *x, const float *w, float rstd, const float *g,
                            float *dx, float *dw);
  // The largest value, or any where one is NaN; -∞ of none.
  float (*fast_max)(long n, const float *x);
  // Returns log Σ exp x.
  float (*log_sum_exp)(long n, const float *x);
  // y = a · exp(x − shift)
  void (*scaled_exp)(long n, const float *x, float shift, float a, float *y);
  // y = exp(scale · x − shift); returns Σ y
  float (*exp_sum)(long n, float scale, float shift, const float *x, float *y);
  float (*dot)(long n, const float *a, const float *b);
  // ds = p · (dp − delta) · scale
  void (*score_backward)(long n, const float *p, const float *dp, float delta, float scale,
                         float *ds);
  void (*adamw)(long n, const ek_adamw_settings *settings, const float *g, float *m, float *v,
                float *w);
} ek_span_kernels;

extern const ek_span_kernels ek_portable_kernels;
extern const ek_span_kernels ek_avx2_kernels;
extern const ek_span_kernels ek_avx512_kernels;

const ek_span_kernels *ek_kernels(void);

#endif
