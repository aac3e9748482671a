// Attention over packed segments. One task is one segment and head; it walks blocks of queries, and
// the scores of a block live in the worker's own scratch memory, so nothing of size T × T is kept.
//
//            keys 0 … end                       S = Q Kᵀ / √D      (block × end)
//   queries ┌──────────────┐                    P = softmax(S)
//   block   │  S, then P   │  ── P · V ──▶ out  backward: P from lse; dV += Pᵀ dO; dP = dO Vᵀ;
//           └──────────────┘                    dS = P ∘ (dP − Σ dO∘O) / √D; dQ = dS K; dK += dSᵀ Q
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "span_kernels.h"

#define QUERIES 96  // at most in a block: most segments are one block, so keys are packed once

static _Thread_local ek_scratch score_memory;

typedef struct {
  const int32_t *starts;
  long heads, dim;
  int causal;
  const float *qkv, *out, *g, *lse_in;
  float *result, *lse;
  const float *q, *kv;  // of the last `asked` rows of each segment; of all rows
  long asked;
  const float *caches;
  long capacity;
  const int32_t *slots, *cached;
  atomic_int short_of_memory;
} attention_job;

// Room for scores, or NULL: then the whole job has failed.
static float *scores_of(attention_job *job, long rows, long keys) {
  float *memory = ek_scratch_grow(&score_memory, (size_t)rows * (size_t)keys);
  if (!memory) atomic_store(&job->short_of_memory, 1);
  return memory;
}

// How many keys query row i of a segment of `tokens` sees.
static long visible(const attention_job *job, long i, long tokens) {
  return job->causal ? i + 1 : tokens;
}

// Of a causal block only what lies on and below the diagonal counts: in the scores, and in what is
// made of them, where the rest is zero.
static ek_triangle scores_made(const attention_job *job) {
  return job->causal ? EK_LOWER_RESULT : EK_ALL;
}
static ek_triangle scores_used(const attention_job *job) {
  return job->causal ? EK_LOWER_LEFT : EK_ALL;
}

// Rows of the block of queries at `start`: the blocks of a segment are about equal.
static long block_rows(long start, long tokens) {
  long blocks = (tokens + QUERIES - 1) / QUERIES, rows = (tokens + blocks - 1) / blocks;
  return tokens - start < rows ? tokens - start : rows;
}

// What one segment's last `asked` rows gather in one head; queries, keys and values lie in rows of
// their own lengths. `lse`, unless NULL, is that of the first row asked for.
static void forward_rows(attention_job *job, long tokens, long asked, const float *q, long q_row,
                         const float *k, const float *v, long kv_row, float *result, float *lse) {
  const ek_span_kernels *kernels = ek_kernels();
  ek_triangle made = scores_made(job), used = scores_used(job);
  long width = job->heads * job->dim, dim = job->dim, before = tokens - asked;
  float scale = 1.0f / sqrtf((float)dim);
  float *scores = scores_of(job, QUERIES, tokens), inverse[QUERIES];
  if (!scores) return;
  for (long start = 0, count; start < asked; start += count) {
    count = block_rows(start, asked);
    long keys = visible(job, before + start + count - 1, tokens);
    ek_gemm_triangle(made, before + start, 0, 1, count, keys, dim, q + start * q_row, q_row, k,
                     kv_row, 0, scores, keys);
    for (long i = 0; i < count; i++) {
      float *line = scores + i * keys;
      long seen = visible(job, before + start + i, tokens);
      float shift = scale * kernels->fast_max(seen, line);
      float sum = kernels->exp_sum(seen, scale, shift, line, line);
      inverse[i] = 1.0f / sum;
      memset(line + seen, 0, (size_t)(keys - seen) * sizeof(float));
      if (lse) lse[(start + i) * job->heads] = shift + logf(sum);
    }
    float *out = result + start * width;
    ek_gemm_triangle(used, before + start, 0, 0, count, dim, keys, scores, keys, v, kv_row, 0, out,
                     width);
    for (long i = 0; i < count; i++)
      for (long j = 0; j < dim; j++) out[i * width + j] *= inverse[i];
  }
}

static void forward_task(void *context, long index) {
  attention_job *job = context;
  long segment = index / job->heads, head = index % job->heads;
  long first = job->starts[segment], tokens = job->starts[segment + 1] - first;
  long width = job->heads * job->dim, row = 3 * width, at = head * job->dim;
  const float *q = job->qkv + first * row + at, *k = q + width, *v = k + width;
  forward_rows(job, tokens, tokens, q, row, k, v, row, job->result + first * width + at,
               job->lse + first * job->heads + head);
}

int ek_attention(long segments, const int32_t *starts, long heads, long dim, int causal,
                  const float *qkv, float *out, float *lse) {
  attention_job job = {.starts = starts, .heads = heads, .dim = dim, .causal = causal, .qkv = qkv,
                       .result = out, .lse = lse};
  ek_parallel(segments * heads, forward_task, &job);
  return !job.short_of_memory;
}

static void zero_keys_and_values(float *dk, long tokens, long row, long width, long dim) {
  for (long i = 0; i < tokens; i++, dk += row) {
    memset(dk, 0, (size_t)dim * sizeof(float));
    memset(dk + width, 0, (size_t)dim * sizeof(float));
  }
}

static void last_task(void *context, long index) {
  attention_job *job = context;
  long segment = index / job->heads, head = index % job->heads;
  long first = job->starts[segment], tokens = job->starts[segment + 1] - first;
  long width = job->heads * job->dim, at = head * job->dim, place = segment * job->asked * width + at;
  const float *k = job->kv + first * 2 * width + at;
  forward_rows(job, tokens, job->asked, job->q + place, width, k, k + width, 2 * width,
               job->result + place, NULL);
}

int ek_attention_last(long segments, const int32_t *starts, long asked, long heads, long dim,
                      int causal, const float *q, const float *kv, float *out) {
  attention_job job = {.starts = starts, .heads = heads, .dim = dim, .causal = causal, .q = q,
                       .kv = kv, .asked = asked, .result = out};
  ek_parallel(segments * heads, last_task, &job);
  return !job.short_of_memory;
}

static void backward_task(void *context, long index) {
  attention_job *job = context;
  const ek_span_kernels *kernels = ek_kernels();
  ek_triangle made = scores_made(job), used = scores_used(job);
  long segment = index / job->heads, head = index % job->heads;
  long first = job->starts[segment], tokens = job->starts[segment + 1] - first;
  long width = job->heads * job->dim, row = 3 * width, dim = job->dim;
  const float *q = job->qkv + first * row + head * dim, *k = q + width, *v = k + width;
  float *dq = job->result + first * row + head * dim, *dk = dq + width, *dv = dk + width;
  float scale = 1.0f / sqrtf((float)dim);
  float *p = scores_of(job, 2 * QUERIES, tokens), *dp = p + QUERIES * tokens;
  if (!p) return;
  // Most segments are one block, which writes all of dK and dV; several blocks add to zeros.
  int several = tokens > QUERIES;
  if (several) zero_keys_and_values(dk, tokens, row, width, dim);
  for (long start = 0, count; start < tokens; start += count) {
    count = block_rows(start, tokens);
    long keys = visible(job, start + count - 1, tokens);
    const float *out = job->out + (first + start) * width + head * dim;
    const float *g = job->g + (first + start) * width + head * dim;
    ek_gemm_triangle(made, start, 0, 1, count, keys, dim, q + start * row, row, k, row, 0, p, keys);
    ek_gemm_triangle(made, start, 0, 1, count, keys, dim, g, width, v, row, 0, dp, keys);
    for (long i = 0; i < count; i++) {
      float *line = p + i * keys, *dline = dp + i * keys;
      long seen = visible(job, start + i, tokens), rest = keys - seen;
      float lse = job->lse_in[(first + start + i) * job->heads + head];
      float delta = kernels->dot(dim, g + i * width, out + i * width);
      kernels->exp_sum(seen, scale, lse, line, line);
      kernels->score_backward(seen, line, dline, delta, scale, dline);
      memset(line + seen, 0, (size_t)rest * sizeof(float));
      memset(dline + seen, 0, (size_t)rest * sizeof(float));
    }
    ek_gemm_triangle(used, start, 1, 0, keys, dim, count, p, keys, g, width, several, dv, row);
    ek_gemm_triangle(used, start, 0, 0, count, dim, keys, dp, keys, k, row, 0, dq + start * row,
                     row);
    ek_gemm_triangle(used, start, 1, 0, keys, dim, count, dp, keys, q + start * row, row, several,
                     dk, row);
  }
}

int ek_attention_backward(long segments, const int32_t *starts, long heads, long dim, int causal,
                           const float *qkv, const float *out, const float *lse, const float *g,
                           float *dqkv) {
  attention_job job = {.starts = starts, .heads = heads, .dim = dim, .causal = causal, .qkv = qkv,
                       .out = out, .g = g, .lse_in = lse, .result = dqkv};
  ek_parallel(segments * heads, backward_task, &job);
  return !job.short_of_memory;
}

// New tokens are few (one while generating), so this path is dot products and sums, no BLAS call.
static void cached_task(void *context, long index) {
  attention_job *job = context;
  const ek_span_kernels *kernels = ek_kernels();
  long segment = index / job->heads, head = index % job->heads;
  long first = job->starts[segment], tokens = job->starts[segment + 1] - first;
  long dim = job->dim, width = job->heads * dim, row = 3 * width, past = job->cached[segment];
  const float *q = job->qkv + first * row + head * dim, *k = q + width, *v = k + width;
  const float *old_k = job->caches + job->slots[segment] * job->capacity * 2 * width + head * dim;
  const float *old_v = old_k + width;
  float scale = 1.0f / sqrtf((float)dim);
  float *scores = scores_of(job, 1, past + tokens);
  if (!scores) return;
  for (long i = 0; i < tokens; i++) {
    const float *query = q + i * row;
    long seen = past + i + 1;
    float shift = -INFINITY;
    for (long j = 0; j < seen; j++) {
      const float *key = j < past ? old_k + j * 2 * width : k + (j - past) * row;
      scores[j] = kernels->dot(dim, query, key) * scale;
      shift = scores[j] > shift ? scores[j] : shift;
    }
    float inverse = 1.0f / kernels->exp_sum(seen, 1.0f, shift, scores, scores);
    float *out = job->result + (first + i) * width + head * dim;
    memset(out, 0, (size_t)dim * sizeof(float));
    for (long j = 0; j < seen; j++) {
      const float *value = j < past ? old_v + j * 2 * width : v + (j - past) * row;
      kernels->axpy(dim, scores[j] * inverse, value, out);
    }
  }
}

int ek_attention_cached(long segments, const int32_t *starts, long heads, long dim,
                         const float *qkv, const float *caches, long capacity,
                         const int32_t *slots, const int32_t *cached, float *out) {
  attention_job job = {.starts = starts, .heads = heads, .dim = dim, .causal = 1, .qkv = qkv,
                       .result = out, .caches = caches, .capacity = capacity, .slots = slots,
                       .cached = cached};
  ek_parallel(segments * heads, cached_task, &job);
  return !job.short_of_memory;
}
