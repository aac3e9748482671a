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

#define QUERIES 96  // at most in a block, whole tiles: most segments are one, so keys are packed once

static _Thread_local ek_scratch score_memory;

typedef struct {
  const int32_t *starts;
  long heads, dim;
  int causal;
  const int32_t *places, *asked_starts;  // of the rows asked for where they are not all
  long asked_last;                       // or how many at the end of each segment; −1: all
  const float *q, *k, *v, *out, *g, *lse_in;
  long q_row, kv_row;                    // floats between rows of q, and of k and v
  float *result, *lse;
  const float *caches;
  long capacity;
  const int32_t *slots, *cached;
  atomic_int short_of_memory;
} attention_job;

// Room for floats of the worker, or NULL: then the whole job has failed.
static float *room_for(attention_job *job, long floats) {
  float *memory = ek_scratch_grow(&score_memory, (size_t)floats);
  if (!memory) atomic_store(&job->short_of_memory, 1);
  return memory;
}

// ── Segments, and those of their rows that are asked for ────────────────────────────────────────

typedef struct {
  long first, tokens;     // of all rows
  long result, asked;     // of the rows asked for: where they begin in the result
  long queries;           // where queries begin: those of all rows, or of the last asked for
  const int32_t *places;  // where each stands among all rows; NULL: they are the last
} segment;

static segment segment_of(const attention_job *job, long index) {
  segment s = {.first = job->starts[index], .tokens = job->starts[index + 1] - job->starts[index]};
  s.queries = s.result = s.first;
  s.asked = s.tokens;
  if (job->places) {
    s.result = job->asked_starts[index];
    s.asked = job->asked_starts[index + 1] - s.result;
    s.places = job->places + s.result;
  } else if (job->asked_last >= 0) {
    s.asked = job->asked_last;
    s.queries = s.result = index * s.asked;
  }
  return s;
}

// Where in its segment row i of those asked for stands.
static long place_of(const segment *s, long i) {
  return s->places ? s->places[i] - s->first : s->tokens - s->asked + i;
}

// How many keys row i of those asked for sees.
static long visible(const attention_job *job, const segment *s, long i) {
  return job->causal ? place_of(s, i) + 1 : s->tokens;
}

// The length of a line of scores: of whole vectors, as tiles write them.
static long line_length(long keys) { return (keys + EK_PADDING - 1) & -EK_PADDING; }

// How many rows asked for form a block from `start` on. All rows of a segment are cut into blocks
// that are about equal; sums over queries are grouped by them, whichever rows are asked for.
static long block_rows(const segment *s, long start) {
  long blocks = (s->tokens + QUERIES - 1) / QUERIES, rows = (s->tokens + blocks - 1) / blocks;
  long first = place_of(s, start), end = (first / rows + 1) * rows, count = 1;
  if (!s->places) return end - first < s->asked - start ? end - first : s->asked - start;
  while (start + count < s->asked && place_of(s, start + count) < end) count++;
  return count;
}

// Of a causal block only what lies on and below the diagonal counts: in the scores, and in what is
// made of them, where the rest is zero. Rows picked here and there have no diagonal.
static ek_triangle scores_made(const attention_job *job) {
  return job->causal && !job->places ? EK_LOWER_RESULT : EK_ALL;
}
static ek_triangle scores_used(const attention_job *job) {
  return job->causal && !job->places ? EK_LOWER_LEFT : EK_ALL;
}

// The queries of a block, one below the other: where they lie, or picked into `picked`.
static const float *queries(const attention_job *job, const segment *s, long start, long count,
                            const float *q, float *picked, long *stride) {
  *stride = s->places ? job->dim : job->q_row;
  if (!s->places) return q + start * job->q_row;
  for (long i = 0; i < count; i++)
    memcpy(picked + i * job->dim, q + place_of(s, start + i) * job->q_row,
           (size_t)job->dim * sizeof(float));
  return picked;
}

// ── Forward ─────────────────────────────────────────────────────────────────────────────────────

static void forward_task(void *context, long index) {
  attention_job *job = context;
  const ek_span_kernels *kernels = ek_kernels();
  ek_triangle made = scores_made(job), used = scores_used(job);
  segment s = segment_of(job, index / job->heads);
  long head = index % job->heads, dim = job->dim, width = job->heads * dim, row = job->kv_row;
  const float *q = job->q + s.queries * job->q_row + head * dim;
  const float *k = job->k + s.first * row + head * dim, *v = job->v + s.first * row + head * dim;
  float scale = 1.0f / sqrtf((float)dim);
  long room = QUERIES * line_length(s.tokens);
  float *scores = room_for(job, room + QUERIES * dim), inverse[QUERIES];
  if (!scores) return;
  float *picked = scores + room;
  for (long start = 0, count, stride; start < s.asked; start += count) {
    count = block_rows(&s, start);
    long keys = visible(job, &s, start + count - 1), below = place_of(&s, start);
    long length = line_length(keys);
    const float *block = queries(job, &s, start, count, q, picked, &stride);
    ek_gemm_padded(made, below, count, keys, dim, block, stride, k, row, scores, length);
    for (long i = 0; i < count; i++) {
      float *line = scores + i * length;
      long seen = visible(job, &s, start + i);
      float shift = scale * kernels->fast_max(seen, line);
      float sum = kernels->exp_sum(seen, scale, shift, line, line);
      inverse[i] = 1.0f / sum;
      memset(line + seen, 0, (size_t)(keys - seen) * sizeof(float));
      if (job->lse) job->lse[(s.result + start + i) * job->heads + head] = shift + logf(sum);
    }
    float *out = job->result + (s.result + start) * width + head * dim;
    ek_gemm_triangle(used, below, 0, 0, count, dim, keys, scores, length, v, row, 0, out, width);
    for (long i = 0; i < count; i++)
      for (long j = 0; j < dim; j++) out[i * width + j] *= inverse[i];
  }
}

static int attend(attention_job *job, long segments, ek_task task) {
  ek_parallel(segments * job->heads, task, job);
  return !job->short_of_memory;
}

// Attention within rows that hold queries, keys and values.
static attention_job job_over(const float *qkv, const int32_t *starts, const int32_t *places,
                              const int32_t *asked_starts, long heads, long dim, int causal) {
  long width = heads * dim;
  return (attention_job){.starts = starts, .places = places, .asked_starts = asked_starts,
                         .asked_last = -1, .heads = heads, .dim = dim, .causal = causal, .q = qkv,
                         .k = qkv + width, .v = qkv + 2 * width, .q_row = 3 * width,
                         .kv_row = 3 * width};
}

int ek_attention(long segments, const int32_t *starts, const int32_t *places,
                 const int32_t *asked_starts, long heads, long dim, int causal, const float *qkv,
                 float *out, float *lse) {
  attention_job job = job_over(qkv, starts, places, asked_starts, heads, dim, causal);
  job.result = out;
  job.lse = lse;
  return attend(&job, segments, forward_task);
}

int ek_attention_last(long segments, const int32_t *starts, long asked, long heads, long dim,
                      int causal, const float *q, const float *kv, float *out) {
  long width = heads * dim;
  attention_job job = {.starts = starts, .asked_last = asked, .heads = heads, .dim = dim,
                       .causal = causal, .q = q, .k = kv, .v = kv + width, .q_row = width,
                       .kv_row = 2 * width, .result = out};
  return attend(&job, segments, forward_task);
}

// ── Backward ────────────────────────────────────────────────────────────────────────────────────

static void zero_rows(float *rows, long count, long row, long dim) {
  for (long i = 0; i < count; i++) memset(rows + i * row, 0, (size_t)dim * sizeof(float));
}

static void backward_task(void *context, long index) {
  attention_job *job = context;
  const ek_span_kernels *kernels = ek_kernels();
  ek_triangle made = scores_made(job), used = scores_used(job);
  segment s = segment_of(job, index / job->heads);
  long head = index % job->heads, dim = job->dim, width = job->heads * dim, row = job->kv_row;
  long at = s.first * row + head * dim;
  const float *q = job->q + s.queries * job->q_row + head * dim;
  const float *k = job->k + at, *v = job->v + at;
  float *dq = job->result + at, *dk = dq + width, *dv = dk + width;
  float scale = 1.0f / sqrtf((float)dim);
  long room = QUERIES * line_length(s.tokens);
  float *p = room_for(job, 2 * (room + QUERIES * dim));
  if (!p) return;
  float *dp = p + room, *picked = dp + room, *dpicked = picked + QUERIES * dim;
  // Most segments are one block, which writes all of dK and dV; several blocks, or one that may not
  // see all keys, add to zeros.
  int adds = s.tokens > QUERIES || s.places;
  if (adds) zero_rows(dk, s.tokens, row, dim), zero_rows(dv, s.tokens, row, dim);
  if (s.places) zero_rows(dq, s.tokens, row, dim);
  for (long start = 0, count, stride; start < s.asked; start += count) {
    count = block_rows(&s, start);
    long keys = visible(job, &s, start + count - 1), below = place_of(&s, start);
    long length = line_length(keys);
    const float *block = queries(job, &s, start, count, q, picked, &stride);
    const float *out = job->out + (s.result + start) * width + head * dim;
    const float *g = job->g + (s.result + start) * width + head * dim;
    ek_gemm_padded(made, below, count, keys, dim, block, stride, k, row, p, length);
    ek_gemm_padded(made, below, count, keys, dim, g, width, v, row, dp, length);
    for (long i = 0; i < count; i++) {
      float *line = p + i * length, *dline = dp + i * length;
      long seen = visible(job, &s, start + i), rest = keys - seen;
      float lse = job->lse_in[(s.result + start + i) * job->heads + head];
      float delta = kernels->dot(dim, g + i * width, out + i * width);
      kernels->exp_sum(seen, scale, lse, line, line);
      kernels->score_backward(seen, line, dline, delta, scale, dline);
      memset(line + seen, 0, (size_t)rest * sizeof(float));
      memset(dline + seen, 0, (size_t)rest * sizeof(float));
    }
    ek_gemm_triangle(used, below, 1, 0, keys, dim, count, p, length, g, width, adds, dv, row);
    ek_gemm_triangle(used, below, 1, 0, keys, dim, count, dp, length, block, stride, adds, dk,
                     row);
    float *made_here = s.places ? dpicked : dq + start * row;
    ek_gemm_triangle(used, below, 0, 0, count, dim, keys, dp, length, k, row, 0, made_here,
                     s.places ? dim : row);
    for (long i = 0; s.places && i < count; i++)
      memcpy(dq + place_of(&s, start + i) * row, dpicked + i * dim, (size_t)dim * sizeof(float));
  }
}

int ek_attention_backward(long segments, const int32_t *starts, const int32_t *places,
                          const int32_t *asked_starts, long heads, long dim, int causal,
                          const float *qkv, const float *out, const float *lse, const float *g,
                          float *dqkv) {
  attention_job job = job_over(qkv, starts, places, asked_starts, heads, dim, causal);
  job.out = out;
  job.g = g;
  job.lse_in = lse;
  job.result = dqkv;
  return attend(&job, segments, backward_task);
}

// ── With a cache ────────────────────────────────────────────────────────────────────────────────

// New tokens are few (one while generating), so this path is dot products and sums, no BLAS call.
static void cached_task(void *context, long index) {
  attention_job *job = context;
  const ek_span_kernels *kernels = ek_kernels();
  long cache = index / job->heads, head = index % job->heads;
  long first = job->starts[cache], tokens = job->starts[cache + 1] - first;
  long dim = job->dim, width = job->heads * dim, row = 3 * width, past = job->cached[cache];
  const float *q = job->q + first * row + head * dim, *k = q + width, *v = k + width;
  const float *old_k = job->caches + job->slots[cache] * job->capacity * 2 * width + head * dim;
  const float *old_v = old_k + width;
  float scale = 1.0f / sqrtf((float)dim);
  float *scores = room_for(job, past + tokens);
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
  attention_job job = {.starts = starts, .heads = heads, .dim = dim, .causal = 1, .q = qkv,
                       .result = out, .caches = caches, .capacity = capacity, .slots = slots,
                       .cached = cached};
  return attend(&job, segments, cached_task);
}
