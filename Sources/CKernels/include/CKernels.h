// Inner loops of the engine. Every function here computes; none allocates what it returns, keeps
// state between calls or knows what a tensor is. Sizes are `long`, data are row-major floats.
//
// Work is cut into pieces whose borders depend on the sizes alone, never on the number of threads,
// so results are the same bits at any thread count.
#ifndef EIDETIC_CKERNELS_H
#define EIDETIC_CKERNELS_H

#include <stdint.h>

// ── Threads and instruction sets ────────────────────────────────────────────────────────────────

typedef void (*ek_task)(void *context, long index);

/// Sets how many threads work, the caller included; 1 … 256. Results do not depend on it.
void ek_set_threads(int count);
int ek_threads(void);
/// Runs task(context, 0 … count-1), each exactly once, on any thread; returns when all are done.
/// Nested calls run serially.
void ek_parallel(long count, ek_task task, void *context);

/// "avx512", "avx2" or "portable": the widest set that this processor runs, or the forced one.
const char *ek_instruction_set(void);
/// Forces an instruction set by name for tests; returns 0 when the processor lacks it.
int ek_force_instruction_set(const char *name);

// ── Element by element ──────────────────────────────────────────────────────────────────────────

typedef enum {
  EK_NEG, EK_ABS, EK_EXP, EK_LOG, EK_SQRT, EK_SIN, EK_COS, EK_TANH, EK_SIGMOID, EK_RELU, EK_SILU,
  EK_GELU, EK_SIGN, EK_STEP, EK_RECIPROCAL, EK_SQUARE, EK_FLOOR, EK_RSQRT,
} ek_unary;

typedef enum {
  EK_ADD, EK_SUB, EK_MUL, EK_DIV, EK_POW, EK_MAXIMUM, EK_MINIMUM,
} ek_binary;

typedef enum { EK_EQ, EK_NE, EK_LT, EK_LE, EK_GT, EK_GE } ek_comparison;

void ek_unary_apply(ek_unary op, long n, const float *x, float *y);
/// Loops over `rank` dimensions; strides in elements, 0 where an operand is repeated.
void ek_binary_apply(ek_binary op, int rank, const long *shape, const float *a,
                     const long *a_strides, const float *b, const long *b_strides, float *y);
void ek_compare_apply(ek_comparison op, int rank, const long *shape, const float *a,
                      const long *a_strides, const float *b, const long *b_strides, uint8_t *y);
/// y = mask ? a : b.
void ek_where(int rank, const long *shape, const uint8_t *mask, const long *mask_strides,
              const float *a, const long *a_strides, const float *b, const long *b_strides,
              float *y);
/// y += alpha · x.
void ek_axpy(long n, float alpha, const float *x, float *y);
/// dx = g · gelu'(x), the tanh form (Hendrycks & Gimpel 2016).
void ek_gelu_backward(long n, const float *x, const float *g, float *dx);
/// Makes h = gelu(x) again while it turns g into g · gelu'(x).
void ek_gelu_again(long n, const float *x, float *g, float *h);
void ek_fill(long n, float value, float *y);

/// Copies elements of `size` bytes (1, 4 or 8) out of a strided source into a dense target.
void ek_strided_copy(int size, int rank, const long *shape, const void *source,
                     const long *strides, void *target);
/// The reverse: a dense source into a strided target, adding floats instead of replacing.
void ek_strided_add(int rank, const long *shape, const float *source, float *target,
                    const long *strides);

// ── Reductions over the middle of [outer, n, inner] ─────────────────────────────────────────────

typedef enum { EK_SUM, EK_MAX, EK_MIN } ek_reduction;
void ek_reduce(ek_reduction op, long outer, long n, long inner, const float *x, float *y);
/// Position (0-based) of the first largest (sign 1) or smallest (sign -1) value; NaN wins.
void ek_arg_extreme(int sign, long outer, long n, long inner, const float *x, int32_t *y);
/// Sum of squares in double precision, in fixed blocks.
double ek_square_sum(long n, const float *x);
/// 1 when every value is finite.
int ek_all_finite(long n, const float *x);

// ── Products ────────────────────────────────────────────────────────────────────────────────────

/// How many values of k are summed before they are added to C: part of what decides the bits.
#define EK_SLAB 256

/// C = op(A) · op(B) (+ C where `add`) (+ bias [n] in each row unless NULL), with op(A) [m, k] and
/// op(B) [k, n]. The bits of an element do not depend on m, n, or its place.
void ek_gemm(int transpose_a, int transpose_b, long m, long n, long k, const float *a, long lda,
             const float *b, long ldb, int add, const float *bias, float *c, long ldc);
/// Which matrix of a product has a diagonal above which nothing counts: element (i, j) counts for
/// j ≤ i + below.
typedef enum {
  EK_ALL,           // none
  EK_LOWER_RESULT,  // c: above the diagonal nothing or anything is written
  EK_LOWER_LEFT     // a, as it is stored: zero above the diagonal
} ek_triangle;
/// `ek_gemm` without most of the terms that do not count; the bits of what counts are the same.
void ek_gemm_triangle(ek_triangle triangle, long below, int transpose_a, int transpose_b, long m,
                      long n, long k, const float *a, long lda, const float *b, long ldb, int add,
                      float *c, long ldc);
/// `count` independent products; operand i starts i · stride elements on (0 repeats it).
void ek_gemm_batch(long count, int transpose_a, int transpose_b, long m, long n, long k,
                   const float *a, long a_stride, const float *b, long b_stride, float *c,
                   long c_stride);

// ── Rows of [rows, n] ───────────────────────────────────────────────────────────────────────────

void ek_softmax(int logarithm, long rows, long n, const float *x, float *y);
/// From the output y and the gradient g: softmax, or its logarithm.
void ek_softmax_backward(int logarithm, long rows, long n, const float *y, const float *g,
                         float *dx);
/// y = (x − mean) / √(var + epsilon) · weight + bias; saves mean and 1/σ per row.
void ek_layer_norm(long rows, long n, float epsilon, const float *x, const float *weight,
                   const float *bias, float *y, float *mean, float *rstd);
/// Where only some of `total` rows have a gradient, `places` (rising) says which these are, and the
/// sums have the bits that all rows would give; else it is NULL and `total` is the number of rows.
void ek_layer_norm_backward(long rows, long n, const float *x, const float *weight,
                            const float *mean, const float *rstd, const float *g, float *dx,
                            float *dweight, float *dbias, long total, const int32_t *places);
/// The output of ek_layer_norm once more, from the mean and 1/σ that it saved.
void ek_layer_norm_again(long rows, long n, const float *x, const float *weight,
                         const float *bias, const float *mean, const float *rstd, float *y);
/// y = x / √(mean(x²) + epsilon) · weight; saves 1/σ per row.
void ek_rms_norm(long rows, long n, float epsilon, const float *x, const float *weight, float *y,
                 float *rstd);
void ek_rms_norm_backward(long rows, long n, const float *x, const float *weight,
                          const float *rstd, const float *g, float *dx, float *dweight);
/// losses[r] = log Σ exp(x[r, :]) − x[r, label]; label < 0 gives loss 0 and no gradient.
void ek_cross_entropy(long rows, long n, const float *x, const int32_t *labels, float *losses,
                      float *lse);
/// dx[r, :] = g[r] · (softmax(x[r, :]) − onehot(label)).
void ek_cross_entropy_backward(long rows, long n, const float *x, const int32_t *labels,
                               const float *lse, const float *g, float *dx);

// ── Rows by index ───────────────────────────────────────────────────────────────────────────────

/// Tables laid one after the other: table t holds rows starts[t] … starts[t + 1] of them all.
typedef struct {
  long count;
  const void *const *tables;
  const long *starts;  // count + 1
} ek_row_tables;

/// y[r, :] = row index[r] of the tables; the caller has checked the indices.
void ek_gather_rows(long rows, long row_bytes, const ek_row_tables *x, const int32_t *index,
                    void *y);
/// y[t, :] = Σ g[r, :] over the r with index[r] = first + t, in the order of r; t < count.
void ek_scatter_rows(long rows, long n, const float *g, const int32_t *index, long first,
                     long count, float *y);

// ── Attention over packed segments ──────────────────────────────────────────────────────────────

/// Rows are tokens of all segments, one after the other; segment s is rows starts[s] … starts[s+1].
/// qkv is [rows, 3 · heads · dim] (all queries, then keys, then values of a token), out is
/// [rows, heads · dim], lse [rows, heads]. Scores live in a block of the worker, never in memory.
/// Where only some rows are asked for, `places` tells which, rising, those of segment s at
/// asked_starts[s] … asked_starts[s+1], and out, lse and g hold these rows alone, with the same bits;
/// both are NULL for all rows. Each returns 0 where there is no memory for a block.
int ek_attention(long segments, const int32_t *starts, const int32_t *places,
                 const int32_t *asked_starts, long heads, long dim, int causal, const float *qkv,
                 float *out, float *lse);
int ek_attention_backward(long segments, const int32_t *starts, const int32_t *places,
                          const int32_t *asked_starts, long heads, long dim, int causal,
                          const float *qkv, const float *out, const float *lse, const float *g,
                          float *dqkv);
/// The same for the last `asked` rows of each segment alone, bit for bit: q and out are
/// [segments · asked, heads · dim], kv is [rows, 2 · heads · dim] (keys, then values of a token).
int ek_attention_last(long segments, const int32_t *starts, long asked, long heads, long dim,
                      int causal, const float *q, const float *kv, float *out);
/// Each segment's new rows see the first cached[s] rows of its cache, then themselves (causally).
/// A cache is [capacity, 2 · heads · dim]: keys, then values of a token; segment s reads
/// caches + slots[s] · capacity · 2 · heads · dim.
int ek_attention_cached(long segments, const int32_t *starts, long heads, long dim,
                         const float *qkv, const float *caches, long capacity,
                         const int32_t *slots, const int32_t *cached, float *out);

// ── Patches ─────────────────────────────────────────────────────────────────────────────────────

/// images [count, height, width, channels] → [count · (height/p) · (width/p), p · p · channels].
void ek_patches(long count, long height, long width, long channels, long p, const float *images,
                float *patches);
/// The reverse permutation.
void ek_unpatches(long count, long height, long width, long channels, long p,
                  const float *patches, float *images);

// ── Optimizer ───────────────────────────────────────────────────────────────────────────────────

typedef struct {
  float scale;                     // of the gradient, first
  float rate, beta1, beta2, epsilon, decay;
  float correction1, correction2;  // 1 − βᵗ
} ek_adamw_settings;

/// A parameter w, its gradient and its two moments, n floats each. `before` is the engine's own.
typedef struct {
  long n;
  const float *g;
  float *m, *v, *w;
  long before;
} ek_adamw_part;

/// AdamW (Loshchilov & Hutter 2019) in one pass over `count` parameters; decay is decoupled:
/// w ← w − rate · (m̂ / (√v̂ + ε) + decay · w).
void ek_adamw(long count, ek_adamw_part *parts, const ek_adamw_settings *settings);

#endif
