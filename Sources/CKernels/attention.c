// Attention over packed segments. One task is one segment and head; it walks blocks of queries, and
// the scores of a block live in the worker's own scratch memory, so nothing of size T × T is kept.
//
//            keys 0 … end                       S = Q Kᵀ / √D      (block × end)
//   queries ┌──────────────┐                    P = softmax(S)
//   block   │  S, then P   │  ── P · V ──▶ out  backward: P from lse; dV += Pᵀ dO; dP = dO Vᵀ;
//           └──────────────┘                    dS = P ∘ (dP − Σ dO∘O) / √D; dQ = dS K; dK += dSᵀ Q
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>

#include "span_kernels.h"

#define QUERIES 64

// Grows, is kept for the next task, and is freed when the thread ends.
static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;
typedef struct {
  size_t floats;
  float *memory;
} scratch;
static void free_scratch(void *value) {
  free(((scratch *)value)->memory);
  free(value);
}
static void make_key(void) {
  pthread_key_create(&scratch_key, free_scratch);
  openblas_set_num_threads(1);
}

static float *scratch_of(size_t floats) {
  pthread_once(&scratch_once, make_key);
  scratch *mine = pthread_getspecific(scratch_key);
  if (!mine) {
    mine = calloc(1, sizeof *mine);
    if (!mine) abort();  // a few bytes: nothing can go on
    pthread_setspecific(scratch_key, mine);
  }
  if (mine->floats < floats) {
    free(mine->memory);
    mine->memory = aligned_alloc(64, (floats * sizeof(float) + 63) / 64 * 64);
    if (!mine->memory) abort();
    mine->floats = floats;
  }
  return mine->memory;
}

typedef struct {
  const int32_t *starts;
  long heads, dim;
  int causal;
  const float *qkv, *out, *g, *lse_in;
  float *result, *lse;
  const float *caches;
  long capacity;
  const int32_t *slots, *cached;
} attention_job;

static void product(int ta, int tb, long m, long n, long k, float alpha, const float *a, long lda,
                    const float *b, long ldb, float beta, float *c, long ldc) {
  cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
              (int)m, (int)n, (int)k, alpha, a, (int)lda, b, (int)ldb, beta, c, (int)ldc);
}

// How many keys query row i of a segment of `tokens` sees.
static long visible(const attention_job *job, long i, long tokens) {
  return job->causal ? i + 1 : tokens;
}

static void forward_task(void *context, long index) {
  const attention_job *job = context;
  const ek_span_kernels *kernels = ek_kernels();
  long segment = index / job->heads, head = index % job->heads;
  long first = job->starts[segment], tokens = job->starts[segment + 1] - first;
  long width = job->heads * job->dim, row = 3 * width, dim = job->dim;
  const float *q = job->qkv + first * row + head * dim, *k = q + width, *v = k + width;
  float scale = 1.0f / sqrtf((float)dim);
  float *scores = scratch_of((size_t)(QUERIES * tokens));
  for (long start = 0; start < tokens; start += QUERIES) {
    long count = tokens - start < QUERIES ? tokens - start : QUERIES;
    long keys = visible(job, start + count - 1, tokens);
    product(0, 1, count, keys, dim, 1.0f, q + start * row, row, k, row, 0.0f, scores, keys);
    for (long i = 0; i < count; i++) {
      float *line = scores + i * keys;
      long seen = visible(job, start + i, tokens);
      float shift = -INFINITY;
      for (long j = 0; j < seen; j++) shift = line[j] > shift ? line[j] : shift;
      shift *= scale;
      float sum = kernels->exp_sum(seen, scale, shift, line, line);
      float inverse = 1.0f / sum;
      for (long j = 0; j < seen; j++) line[j] *= inverse;
      memset(line + seen, 0, (size_t)(keys - seen) * sizeof(float));
      job->lse[(first + start + i) * job->heads + head] = shift + logf(sum);
    }
    product(0, 0, count, dim, keys, 1.0f, scores, keys, v, row, 0.0f,
            job->result + (first + start) * width + head * dim, width);
  }
}

void ek_attention(long segments, const int32_t *starts, long heads, long dim, int causal,
                  const float *qkv, float *out, float *lse) {
  attention_job job = {.starts = starts, .heads = heads, .dim = dim, .causal = causal, .qkv = qkv,
                       .result = out, .lse = lse};
  ek_parallel(segments * heads, forward_task, &job);
}

static void backward_task(void *context, long index) {
  const attention_job *job = context;
  const ek_span_kernels *kernels = ek_kernels();
  long segment = index / job->heads, head = index % job->heads;
  long first = job->starts[segment], tokens = job->starts[segment + 1] - first;
  long width = job->heads * job->dim, row = 3 * width, dim = job->dim;
  const float *q = job->qkv + first * row + head * dim, *k = q + width, *v = k + width;
  float *dq = job->result + first * row + head * dim, *dk = dq + width, *dv = dk + width;
  float scale = 1.0f / sqrtf((float)dim);
  float *p = scratch_of((size_t)(2 * QUERIES * tokens)), *dp = p + QUERIES * tokens;
  for (long start = 0; start < tokens; start += QUERIES) {
    long count = tokens - start < QUERIES ? tokens - start : QUERIES;
    long keys = visible(job, start + count - 1, tokens);
    const float *out = job->out + (first + start) * width + head * dim;
    const float *g = job->g + (first + start) * width + head * dim;
    product(0, 1, count, keys, dim, 1.0f, q + start * row, row, k, row, 0.0f, p, keys);
    product(0, 1, count, keys, dim, 1.0f, g, width, v, row, 0.0f, dp, keys);
    for (long i = 0; i < count; i++) {
      float *line = p + i * keys;
      long seen = visible(job, start + i, tokens);
      float lse = job->lse_in[(first + start + i) * job->heads + head];
      kernels->exp_sum(seen, scale, lse, line, line);
      memset(line + seen, 0, (size_t)(keys - seen) * sizeof(float));
    }
    // A later block of queries adds to the keys and values of earlier ones: the last sees them all.
    product(1, 0, keys, dim, count, 1.0f, p, keys, g, width, 1.0f, dv, row);
    for (long i = 0; i < count; i++) {
      float *dline = dp + i * keys;
      float delta = kernels->dot(dim, g + i * width, out + i * width);
      kernels->score_backward(keys, p + i * keys, dline, delta, scale, dline);
    }
    product(0, 0, count, dim, keys, 1.0f, dp, keys, k, row, 0.0f, dq + start * row, row);
    product(1, 0, keys, dim, count, 1.0f, dp, keys, q + start * row, row, 1.0f, dk, row);
  }
}

void ek_attention_backward(long segments, const int32_t *starts, long heads, long dim, int causal,
                           const float *qkv, const float *out, const float *lse, const float *g,
                           float *dqkv) {
  attention_job job = {.starts = starts, .heads = heads, .dim = dim, .causal = causal, .qkv = qkv,
                       .out = out, .g = g, .lse_in = lse, .result = dqkv};
  memset(dqkv, 0, (size_t)(starts[segments] * 3 * heads * dim) * sizeof(float));
  ek_parallel(segments * heads, backward_task, &job);
}

// New tokens are few (one while generating), so this path is dot products and sums, no BLAS call.
static void cached_task(void *context, long index) {
  const attention_job *job = context;
  const ek_span_kernels *kernels = ek_kernels();
  long segment = index / job->heads, head = index % job->heads;
  long first = job->starts[segment], tokens = job->starts[segment + 1] - first;
  long dim = job->dim, width = job->heads * dim, row = 3 * width, past = job->cached[segment];
  const float *q = job->qkv + first * row + head * dim, *k = q + width, *v = k + width;
  const float *old_k = job->caches + job->slots[segment] * job->capacity * 2 * width + head * dim;
  const float *old_v = old_k + width;
  float scale = 1.0f / sqrtf((float)dim);
  float *scores = scratch_of((size_t)(past + tokens));
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

void ek_attention_cached(long segments, const int32_t *starts, long heads, long dim,
                         const float *qkv, const float *caches, long capacity,
                         const int32_t *slots, const int32_t *cached, float *out) {
  attention_job job = {.starts = starts, .heads = heads, .dim = dim, .causal = 1, .qkv = qkv,
                       .result = out, .caches = caches, .capacity = capacity, .slots = slots,
                       .cached = cached};
  ek_parallel(segments * heads, cached_task, &job);
}
