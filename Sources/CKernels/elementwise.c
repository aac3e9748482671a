// Work on elements: dense spans and loops that broadcast, cut into pieces for the threads.
#include <string.h>

#include "pieces.h"
#include "span_kernels.h"

// ── Dense spans ─────────────────────────────────────────────────────────────────────────────────

typedef struct {
  int op;
  long n;
  float alpha;
  const float *x, *g;
  float *y;
} span_job;

static void unary_piece(void *context, long i) {
  span_job *job = context;
  long at = i * SPAN;
  ek_kernels()->unary((ek_unary)job->op, piece_length(job->n, i), job->x + at, job->y + at);
}
void ek_unary_apply(ek_unary op, long n, const float *x, float *y) {
  span_job job = {.op = op, .n = n, .x = x, .y = y};
  ek_parallel(pieces(n), unary_piece, &job);
}

static void axpy_piece(void *context, long i) {
  span_job *job = context;
  long at = i * SPAN;
  ek_kernels()->axpy(piece_length(job->n, i), job->alpha, job->x + at, job->y + at);
}
void ek_axpy(long n, float alpha, const float *x, float *y) {
  span_job job = {.n = n, .alpha = alpha, .x = x, .y = y};
  ek_parallel(pieces(n), axpy_piece, &job);
}

static void gelu_backward_piece(void *context, long i) {
  span_job *job = context;
  long at = i * SPAN;
  ek_kernels()->gelu_backward(piece_length(job->n, i), job->x + at, job->g + at, job->y + at);
}
void ek_gelu_backward(long n, const float *x, const float *g, float *dx) {
  span_job job = {.n = n, .x = x, .g = g, .y = dx};
  ek_parallel(pieces(n), gelu_backward_piece, &job);
}

static void gelu_again_piece(void *context, long i) {
  span_job *job = context;
  long at = i * SPAN;
  ek_kernels()->gelu_again(piece_length(job->n, i), job->x + at, (float *)job->g + at,
                           job->y + at);
}
void ek_gelu_again(long n, const float *x, float *g, float *h) {
  span_job job = {.n = n, .x = x, .g = g, .y = h};
  ek_parallel(pieces(n), gelu_again_piece, &job);
}

static void fill_piece(void *context, long i) {
  span_job *job = context;
  float *y = job->y + i * SPAN;
  for (long k = 0, n = piece_length(job->n, i); k < n; k++) y[k] = job->alpha;
}
void ek_fill(long n, float value, float *y) {
  span_job job = {.n = n, .alpha = value, .y = y};
  ek_parallel(pieces(n), fill_piece, &job);
}

#define PARTIAL_SUMS 256

typedef struct {
  long n, block;  // pieces that one sum covers
  const float *x;
  double sums[PARTIAL_SUMS];
} square_job;

static void square_piece(void *context, long index) {
  square_job *job = context;
  long first = index * job->block, end = first + job->block;
  double sum = 0;
  for (long i = first; i < end && i < pieces(job->n); i++)
    sum += ek_kernels()->square_sum(piece_length(job->n, i), job->x + i * SPAN);
  job->sums[index] = sum;
}
double ek_square_sum(long n, const float *x) {
  square_job job = {.n = n, .block = (pieces(n) + PARTIAL_SUMS - 1) / PARTIAL_SUMS, .x = x};
  if (n == 0) return 0;
  long count = (pieces(n) + job.block - 1) / job.block;
  ek_parallel(count, square_piece, &job);
  double sum = 0;
  for (long i = 0; i < count; i++) sum += job.sums[i];
  return sum;
}

int ek_all_finite(long n, const float *x) { return ek_kernels()->all_finite(n, x); }

// All parameters are one job: many are shorter than a piece, and would leave the other threads idle.
typedef struct {
  long count;
  ek_adamw_part *parts;
  ek_adamw_settings settings;
} adamw_job;

// The part that a piece of all belongs to: the last that begins with it or before.
static const ek_adamw_part *part_of(const adamw_job *job, long piece) {
  long low = 0, high = job->count;
  while (high - low > 1) {
    long middle = (low + high) / 2;
    if (job->parts[middle].before <= piece) low = middle;
    else high = middle;
  }
  return job->parts + low;
}

static void adamw_piece(void *context, long i) {
  const adamw_job *job = context;
  const ek_adamw_part *part = part_of(job, i);
  long piece = i - part->before, at = piece * SPAN;
  ek_kernels()->adamw(piece_length(part->n, piece), &job->settings, part->g + at, part->m + at,
                      part->v + at, part->w + at);
}
void ek_adamw(long count, ek_adamw_part *parts, const ek_adamw_settings *settings) {
  adamw_job job = {count, parts, *settings};
  long all = 0;
  for (long i = 0; i < count; i++) {
    parts[i].before = all;
    all += pieces(parts[i].n);
  }
  ek_parallel(all, adamw_piece, &job);
}

// ── Broadcasting loops ──────────────────────────────────────────────────────────────────────────
// The last dimension is one call of a span loop; the others are walked by an odometer. If there is
// no other, the one row is cut into pieces that count as rows.

#define MOST_RANK 16

static long element_count(int rank, const long *shape) {
  long count = 1;
  for (int d = 0; d < rank; d++) count *= shape[d];
  return count;
}

typedef struct {
  int op, rank;
  const long *shape;
  long inner, rows, block;
  const void *a, *b, *c;
  const long *sa, *sb, *sc;
  void *y;
} loop_job;

static loop_job make_loop(int rank, const long *shape) {
  loop_job job = {.rank = rank, .shape = shape};
  if (rank == 1) {
    job.inner = SPAN;
    job.rows = pieces(shape[0]);
  } else {
    job.inner = rank ? shape[rank - 1] : 1;
    job.rows = job.inner ? element_count(rank, shape) / job.inner : 0;
  }
  job.block = rows_per_piece(job.inner);
  return job;
}
static void run_loop(loop_job *job, ek_task task) {
  ek_parallel((job->rows + job->block - 1) / job->block, task, job);
}
static long last_row(const loop_job *job, long i) {
  long end = (i + 1) * job->block;
  return end < job->rows ? end : job->rows;
}
static long row_length(const loop_job *job, long row) {
  return job->rank == 1 ? piece_length(job->shape[0], row) : job->inner;
}
static long inner_stride(const loop_job *job, const long *strides) {
  return job->rank ? strides[job->rank - 1] : 0;
}
// Offset of the first element of `row` (all dimensions but the last) in a strided operand.
static long row_offset(const loop_job *job, long row, const long *strides) {
  if (job->rank == 1) return row * SPAN * strides[0];
  long offset = 0;
  for (int d = job->rank - 2; d >= 0; d--) {
    offset += row % job->shape[d] * strides[d];
    row /= job->shape[d];
  }
  return offset;
}

static void binary_rows(void *context, long i) {
  loop_job *job = context;
  long sa = inner_stride(job, job->sa), sb = inner_stride(job, job->sb);
  for (long row = i * job->block; row < last_row(job, i); row++)
    ek_kernels()->binary((ek_binary)job->op, row_length(job, row),
                         (const float *)job->a + row_offset(job, row, job->sa), sa,
                         (const float *)job->b + row_offset(job, row, job->sb), sb,
                         (float *)job->y + row * job->inner);
}
void ek_binary_apply(ek_binary op, int rank, const long *shape, const float *a,
                     const long *a_strides, const float *b, const long *b_strides, float *y) {
  if (rank == 1 && shape[0] <= SPAN) {  // what loops in scripts are made of
    ek_kernels()->binary(op, shape[0], a, a_strides[0], b, b_strides[0], y);
    return;
  }
  loop_job job = make_loop(rank, shape);
  job.op = op;
  job.a = a, job.b = b, job.sa = a_strides, job.sb = b_strides, job.y = y;
  run_loop(&job, binary_rows);
}

static void compare_rows(void *context, long i) {
  loop_job *job = context;
  long sa = inner_stride(job, job->sa), sb = inner_stride(job, job->sb);
  for (long row = i * job->block; row < last_row(job, i); row++)
    ek_kernels()->compare((ek_comparison)job->op, row_length(job, row),
                          (const float *)job->a + row_offset(job, row, job->sa), sa,
                          (const float *)job->b + row_offset(job, row, job->sb), sb,
                          (uint8_t *)job->y + row * job->inner);
}
void ek_compare_apply(ek_comparison op, int rank, const long *shape, const float *a,
                      const long *a_strides, const float *b, const long *b_strides, uint8_t *y) {
  loop_job job = make_loop(rank, shape);
  job.op = op;
  job.a = a, job.b = b, job.sa = a_strides, job.sb = b_strides, job.y = y;
  run_loop(&job, compare_rows);
}

static void where_rows(void *context, long i) {
  loop_job *job = context;
  long sm = inner_stride(job, job->sc), sa = inner_stride(job, job->sa);
  long sb = inner_stride(job, job->sb);
  for (long row = i * job->block; row < last_row(job, i); row++) {
    const uint8_t *m = (const uint8_t *)job->c + row_offset(job, row, job->sc);
    const float *a = (const float *)job->a + row_offset(job, row, job->sa);
    const float *b = (const float *)job->b + row_offset(job, row, job->sb);
    float *y = (float *)job->y + row * job->inner;
    for (long k = 0, n = row_length(job, row); k < n; k++) y[k] = m[k * sm] ? a[k * sa] : b[k * sb];
  }
}
void ek_where(int rank, const long *shape, const uint8_t *mask, const long *mask_strides,
              const float *a, const long *a_strides, const float *b, const long *b_strides,
              float *y) {
  loop_job job = make_loop(rank, shape);
  job.a = a, job.b = b, job.c = mask;
  job.sa = a_strides, job.sb = b_strides, job.sc = mask_strides, job.y = y;
  run_loop(&job, where_rows);
}

static void copy_rows(void *context, long i) {
  loop_job *job = context;
  long size = job->op, stride = inner_stride(job, job->sa);
  for (long row = i * job->block; row < last_row(job, i); row++) {
    long n = row_length(job, row);
    const char *from =
        (const char *)job->a + row_offset(job, row, job->sa) * size;
    char *to = (char *)job->y + row * job->inner * size;
    if (stride == 1) {
      memcpy(to, from, (size_t)(n * size));
    } else if (size == 4) {
      for (long k = 0; k < n; k++) ((int32_t *)to)[k] = ((const int32_t *)from)[k * stride];
    } else {
      for (long k = 0; k < n; k++)
        memcpy(to + k * size, from + k * stride * size, (size_t)size);
    }
  }
}
void ek_strided_copy(int size, int rank, const long *shape, const void *source,
                     const long *strides, void *target) {
  loop_job job = make_loop(rank, shape);
  job.op = size;
  job.a = source, job.sa = strides, job.y = target;
  run_loop(&job, copy_rows);
}

// Serial: several source elements may meet in one target element.
void ek_strided_add(int rank, const long *shape, const float *source, float *target,
                    const long *strides) {
  loop_job job = make_loop(rank, shape);
  long stride = inner_stride(&job, strides);
  for (long row = 0; row < job.rows; row++) {
    const float *from = source + row * job.inner;
    float *to = target + row_offset(&job, row, strides);
    for (long k = 0, n = row_length(&job, row); k < n; k++) to[k * stride] += from[k];
  }
}
