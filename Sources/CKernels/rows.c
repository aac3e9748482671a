// Work on rows: reductions, softmax, norms, losses, rows by index, cut into pieces for the threads.
#include <string.h>

#include "pieces.h"
#include "span_kernels.h"

// ── Reductions ──────────────────────────────────────────────────────────────────────────────────

typedef struct {
  ek_reduction op;
  int sign;
  long n, inner, outer, block;
  const float *x;
  void *y;
} reduce_job;

#define COLUMNS 64

static void reduce_piece(void *context, long i) {
  reduce_job *job = context;
  long end = (i + 1) * job->block < job->outer ? (i + 1) * job->block : job->outer;
  for (long o = i * job->block; o < end; o++) {
    const float *x = job->x + o * job->n * job->inner;
    float *y = (float *)job->y + o * job->inner;
    if (job->inner == 1) *y = ek_kernels()->reduce(job->op, job->n, x);
    else ek_kernels()->reduce_rows(job->op, job->n, job->inner, job->inner, x, y);
  }
}
// One matrix, such as the gradient of a bias: threads share its columns.
static void reduce_columns(void *context, long i) {
  reduce_job *job = context;
  long first = i * COLUMNS, rest = job->inner - first;
  ek_kernels()->reduce_rows(job->op, job->n, rest < COLUMNS ? rest : COLUMNS, job->inner,
                            job->x + first, (float *)job->y + first);
}
void ek_reduce(ek_reduction op, long outer, long n, long inner, const float *x, float *y) {
  reduce_job job = {.op = op, .n = n, .inner = inner, .outer = outer, .x = x, .y = y};
  if (n == 0 && op == EK_SUM) {
    ek_fill(outer * inner, 0, y);
    return;
  }
  if (outer == 1 && inner > COLUMNS && n * inner > SPAN) {
    ek_parallel((inner + COLUMNS - 1) / COLUMNS, reduce_columns, &job);
    return;
  }
  job.block = rows_per_piece(n * inner);
  ek_parallel((outer + job.block - 1) / job.block, reduce_piece, &job);
}

void ek_arg_extreme(int sign, long outer, long n, long inner, const float *x, int32_t *y) {
  for (long o = 0; o < outer; o++)
    for (long k = 0; k < inner; k++) {
      const float *column = x + o * n * inner + k;
      long best = 0;
      for (long r = 1; r < n; r++) {
        float value = column[r * inner], champion = column[best * inner];
        if (champion != champion) break;
        if (value != value || (sign > 0 ? value > champion : value < champion)) best = r;
      }
      y[o * inner + k] = (int32_t)best;
    }
}

// ── Rows ────────────────────────────────────────────────────────────────────────────────────────

typedef struct {
  int flag;
  long rows, n, block, total;
  float epsilon;
  const float *x, *w, *b, *g;
  const int32_t *labels, *places;
  float *y, *mean, *rstd, *dw, *db;
} row_job;

static void run_rows(row_job *job, ek_task task) {
  job->block = rows_per_piece(job->n);
  ek_parallel((job->rows + job->block - 1) / job->block, task, job);
}
static long row_end(const row_job *job, long i) {
  long end = (i + 1) * job->block;
  return end < job->rows ? end : job->rows;
}

static void softmax_piece(void *context, long i) {
  row_job *job = context;
  for (long r = i * job->block; r < row_end(job, i); r++)
    ek_kernels()->softmax(job->flag, job->n, job->x + r * job->n, job->y + r * job->n);
}
void ek_softmax(int logarithm, long rows, long n, const float *x, float *y) {
  row_job job = {.flag = logarithm, .rows = rows, .n = n, .x = x, .y = y};
  run_rows(&job, softmax_piece);
}

static void softmax_backward_piece(void *context, long i) {
  row_job *job = context;
  for (long r = i * job->block; r < row_end(job, i); r++)
    ek_kernels()->softmax_backward(job->flag, job->n, job->x + r * job->n, job->g + r * job->n,
                                   job->y + r * job->n);
}
void ek_softmax_backward(int logarithm, long rows, long n, const float *y, const float *g,
                         float *dx) {
  row_job job = {.flag = logarithm, .rows = rows, .n = n, .x = y, .g = g, .y = dx};
  run_rows(&job, softmax_backward_piece);
}

static void layer_norm_piece(void *context, long i) {
  row_job *job = context;
  for (long r = i * job->block; r < row_end(job, i); r++)
    ek_kernels()->layer_norm(job->n, job->epsilon, job->x + r * job->n, job->w, job->b,
                             job->y + r * job->n, job->mean + r, job->rstd + r);
}
void ek_layer_norm(long rows, long n, float epsilon, const float *x, const float *weight,
                   const float *bias, float *y, float *mean, float *rstd) {
  row_job job = {.rows = rows, .n = n, .epsilon = epsilon, .x = x, .w = weight, .b = bias, .y = y,
                 .mean = mean, .rstd = rstd};
  run_rows(&job, layer_norm_piece);
}

static void layer_norm_again_piece(void *context, long i) {
  row_job *job = context;
  for (long r = i * job->block; r < row_end(job, i); r++)
    ek_kernels()->layer_norm_again(job->n, job->x + r * job->n, job->w, job->b, job->mean[r],
                                   job->rstd[r], job->y + r * job->n);
}
void ek_layer_norm_again(long rows, long n, const float *x, const float *weight,
                         const float *bias, const float *mean, const float *rstd, float *y) {
  row_job job = {.rows = rows, .n = n, .x = x, .w = weight, .b = bias, .y = y,
                 .mean = (float *)mean, .rstd = (float *)rstd};
  run_rows(&job, layer_norm_again_piece);
}

static void rms_norm_piece(void *context, long i) {
  row_job *job = context;
  for (long r = i * job->block; r < row_end(job, i); r++)
    ek_kernels()->rms_norm(job->n, job->epsilon, job->x + r * job->n, job->w, job->y + r * job->n,
                           job->rstd + r);
}
void ek_rms_norm(long rows, long n, float epsilon, const float *x, const float *weight, float *y,
                 float *rstd) {
  row_job job = {.rows = rows, .n = n, .epsilon = epsilon, .x = x, .w = weight, .y = y,
                 .rstd = rstd};
  run_rows(&job, rms_norm_piece);
}

// Weight gradients are summed per group of rows, then over the groups in order. There are at most
// GROUPS groups, whatever the thread count, and their sums live on the caller's stack or beside.
#define GROUPS 8
#define STACK_FLOATS 8192

// The first row of group i. Where `places` says which of all rows these are, groups are cut as if
// all were here: rows without a gradient add nothing to the sums.
static long group_start(const row_job *job, long i) {
  long low = 0, high = job->rows, wanted = i * job->block;
  if (!job->places) return wanted < job->rows ? wanted : job->rows;
  while (low < high) {
    long middle = (low + high) / 2;
    if (job->places[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

static void norm_backward_piece(void *context, long i) {
  row_job *job = context;
  float *dw = job->dw + i * job->n;
  float *db = job->db ? job->db + i * job->n : NULL;
  for (long r = group_start(job, i), end = group_start(job, i + 1); r < end; r++) {
    const float *x = job->x + r * job->n, *g = job->g + r * job->n;
    float *dx = job->y + r * job->n;
    if (db)
      ek_kernels()->layer_norm_backward(job->n, x, job->w, job->mean[r], job->rstd[r], g, dx, dw,
                                        db);
    else ek_kernels()->rms_norm_backward(job->n, x, job->w, job->rstd[r], g, dx, dw);
  }
}



static void norm_backward(row_job *job, float *dweight, float *dbias) {
  long sums = GROUPS * job->n;
  float stack[2 * STACK_FLOATS];
  // Very wide rows fall back to one group, summed straight into the result.
  int grouped = sums <= STACK_FLOATS;
  long groups = grouped ? GROUPS : 1;
  job->dw = grouped ? stack : dweight;
  job->db = !dbias ? NULL : grouped ? stack + STACK_FLOATS : dbias;
  memset(job->dw, 0, (size_t)(groups * job->n) * sizeof(float));
  if (job->db) memset(job->db, 0, (size_t)(groups * job->n) * sizeof(float));
  job->block = (job->total + groups - 1) / groups;
  if (job->block < 1) job->block = 1;
  ek_parallel((job->total + job->block - 1) / job->block, norm_backward_piece, job);
  if (!grouped) return;
  ek_kernels()->reduce_rows(EK_SUM, groups, job->n, job->n, job->dw, dweight);
  if (dbias) ek_kernels()->reduce_rows(EK_SUM, groups, job->n, job->n, job->db, dbias);
}

void ek_layer_norm_backward(long rows, long n, const float *x, const float *weight,
                            const float *mean, const float *rstd, const float *g, float *dx,
                            float *dweight, float *dbias, long total, const int32_t *places) {
  row_job job = {.rows = rows, .total = total, .places = places, .n = n, .x = x, .w = weight,
                 .g = g, .y = dx, .mean = (float *)mean, .rstd = (float *)rstd};
  norm_backward(&job, dweight, dbias);
}
void ek_rms_norm_backward(long rows, long n, const float *x, const float *weight,
                          const float *rstd, const float *g, float *dx, float *dweight) {
  row_job job = {.rows = rows, .n = n, .x = x, .w = weight, .g = g, .y = dx,
                 .rstd = (float *)rstd, .total = rows};
  norm_backward(&job, dweight, NULL);
}

static void cross_entropy_piece(void *context, long i) {
  row_job *job = context;
  for (long r = i * job->block; r < row_end(job, i); r++) {
    const float *x = job->x + r * job->n;
    float lse = ek_kernels()->log_sum_exp(job->n, x);
    job->rstd[r] = lse;
    job->y[r] = job->labels[r] < 0 ? 0.0f : lse - x[job->labels[r]];
  }
}
void ek_cross_entropy(long rows, long n, const float *x, const int32_t *labels, float *losses,
                      float *lse) {
  row_job job = {.rows = rows, .n = n, .x = x, .labels = labels, .y = losses, .rstd = lse};
  run_rows(&job, cross_entropy_piece);
}

static void cross_entropy_backward_piece(void *context, long i) {
  row_job *job = context;
  for (long r = i * job->block; r < row_end(job, i); r++) {
    float *dx = job->y + r * job->n;
    if (job->labels[r] < 0) {
      memset(dx, 0, (size_t)job->n * sizeof(float));
      continue;
    }
    ek_kernels()->scaled_exp(job->n, job->x + r * job->n, job->b[r], job->g[r], dx);
    dx[job->labels[r]] -= job->g[r];
  }
}
void ek_cross_entropy_backward(long rows, long n, const float *x, const int32_t *labels,
                               const float *lse, const float *g, float *dx) {
  row_job job = {.rows = rows, .n = n, .x = x, .labels = labels, .b = lse, .g = g, .y = dx};
  run_rows(&job, cross_entropy_backward_piece);
}

// ── Rows by index, patches ──────────────────────────────────────────────────────────────────────

typedef struct {
  long rows, n, block;
  const ek_row_tables *tables;
  const float *g;
  const int32_t *index;
  long first, count;
  void *y;
} index_job;

static const char *row_of(const ek_row_tables *x, long index, long row_bytes) {
  long table = 0;
  while (index >= x->starts[table + 1]) table++;
  return (const char *)x->tables[table] + (index - x->starts[table]) * row_bytes;
}

static void gather_piece(void *context, long i) {
  index_job *job = context;
  long end = (i + 1) * job->block < job->rows ? (i + 1) * job->block : job->rows;
  for (long r = i * job->block; r < end; r++)
    memcpy((char *)job->y + r * job->n, row_of(job->tables, job->index[r], job->n), (size_t)job->n);
}
void ek_gather_rows(long rows, long row_bytes, const ek_row_tables *x, const int32_t *index,
                    void *y) {
  index_job job = {.rows = rows, .n = row_bytes, .tables = x, .index = index, .y = y};
  job.block = rows_per_piece(row_bytes / 4);
  ek_parallel((rows + job.block - 1) / job.block, gather_piece, &job);
}

// Threads share the columns, for several rows may meet in one.
static void scatter_columns(void *context, long i) {
  index_job *job = context;
  long first = i * job->block, rest = job->n - first, n = rest < job->block ? rest : job->block;
  float *y = (float *)job->y + first;
  for (long t = 0; t < job->count; t++) memset(y + t * job->n, 0, (size_t)n * sizeof(float));
  for (long r = 0; r < job->rows; r++) {
    long t = job->index[r] - job->first;
    if (t >= 0 && t < job->count)
      ek_kernels()->axpy(n, 1.0f, job->g + r * job->n + first, y + t * job->n);
  }
}
void ek_scatter_rows(long rows, long n, const float *g, const int32_t *index, long first,
                     long count, float *y) {
  index_job job = {.rows = rows, .n = n, .g = g, .index = index, .first = first, .count = count,
                   .y = y};
  if (n == 0) return;
  job.block = (rows + count) * n > SPAN && n > COLUMNS ? COLUMNS : n;
  ek_parallel((n + job.block - 1) / job.block, scatter_columns, &job);
}

typedef struct {
  int forward;
  long height, width, channels, p;
  const float *from;
  float *to;
} patch_job;

static void move_image(void *context, long image) {
  const patch_job *job = context;
  long p = job->p, across = job->width / p, down = job->height / p, run = p * job->channels;
  for (long py = 0; py < down; py++)
    for (long px = 0; px < across; px++)
      for (long y = 0; y < p; y++) {
        long pixel = ((image * job->height + py * p + y) * job->width + px * p) * job->channels;
        long patch = (((image * down + py) * across + px) * p + y) * run;
        memcpy(job->to + (job->forward ? patch : pixel),
               job->from + (job->forward ? pixel : patch), (size_t)run * sizeof(float));
      }
}
void ek_patches(long count, long height, long width, long channels, long p, const float *images,
                float *patches) {
  patch_job job = {1, height, width, channels, p, images, patches};
  ek_parallel(count, move_image, &job);
}
void ek_unpatches(long count, long height, long width, long channels, long p,
                  const float *patches, float *images) {
  patch_job job = {0, height, width, channels, p, patches, images};
  ek_parallel(count, move_image, &job);
}
