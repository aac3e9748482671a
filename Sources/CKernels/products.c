// Matrix products. Tasks are blocks of the result; each packs its own rows of the left operand. The
// right operand comes in panels: where it is transposed they are packed first, for all threads to
// share; else a block's first tile reads the panel where it lies and keeps it for the other tiles.
// An element is summed over slabs of EK_SLAB values of k, in the order of k (product_tiles.inc), so
// its bits depend on neither the cut nor the thread count, and those of a row not on the rows beside
// it.
//
//        k           n                         n
//      ┌────┐     ┌──┬──┬──┐            ┌──────┬──────┐
//    m │ A  │ · k │pa│ne│ls│      =     │ task │ task │
//      └────┘     └──┴──┴──┘            └──────┴──────┘

#include "span_kernels.h"

#define BLOCK_ROWS 96            // rows of a task: with a slab 100 KB, in the second-level cache
#define SHARED_FLOATS (4L << 20)  // most of the right operand that is packed at a time: 16 MiB
#define WIDEST_PANEL 48
#define LINE 16                  // floats of a cache line

typedef struct {
  const ek_span_kernels *kernels;
  int ta, tb, add;
  int padded;          // whether c has room for whole tiles
  int far;             // whether c may lie in a far cache
  ek_triangle triangle;
  long below;
  long m, n, k, lda, ldb, ldc;
  const float *a, *b, *bias;
  float *c;
  float *packed;       // the right operand: slab after slab, in each panel after panel; or NULL
  long vectors;        // n in whole vectors
  long panels;         // of the right operand
  long down, across;   // into how many tasks rows and panels are cut
} product;

static long at_most(long value, long limit) { return value < limit ? value : limit; }
static long within(long value, long limit) { return value < 0 ? 0 : at_most(value, limit); }
static long parts(long value, long unit) { return (value + unit - 1) / unit; }

// ── Memory of the calling thread, kept for the next product ─────────────────────────────────────

static _Thread_local float left_rows[BLOCK_ROWS * EK_LEFT_STRIDE] __attribute__((aligned(64)));
static _Thread_local float one_panel[EK_SLAB * WIDEST_PANEL] __attribute__((aligned(64)));
static _Thread_local ek_scratch right_panels;

// Room for packed panels: as many floats as wanted, or fewer where memory is short, never less
// than one panel of one slab.
static float *panel_memory(long *floats) {
  float *memory = ek_scratch_grow(&right_panels, (size_t)*floats);
  if (memory) return memory;
  *floats = EK_SLAB * WIDEST_PANEL;
  return one_panel;
}

// ── Panels ──────────────────────────────────────────────────────────────────────────────────────

// Panels are as wide as a tile, but of three vectors the last two are 2 + 2 rather than 3 + 1, for
// one vector alone does not keep the multipliers busy.
static long panel_start(const product *p, long panel) {
  if (panel == p->panels) return p->vectors * p->kernels->vector;
  long most = p->kernels->tile_vectors;
  int even_out = most == 3 && panel > 0 && panel == p->panels - 1 && p->vectors % 3 == 1;
  return (most * panel - even_out) * p->kernels->vector;
}
static long panel_width(const product *p, long panel) {
  return panel_start(p, panel + 1) - panel_start(p, panel);
}
static float *panel_of(const product *p, long slab, long panel) {
  long depth = at_most(p->k - slab, EK_SLAB), padded = p->vectors * p->kernels->vector;
  return p->packed + slab * padded + panel_start(p, panel) * depth;
}

static void pack_task(void *context, long index) {
  const product *p = context;
  long slab = index / p->panels * EK_SLAB, panel = index % p->panels;
  long column = panel_start(p, panel), width = panel_width(p, panel);
  const float *from = p->b + (p->tb ? column * p->ldb + slab : slab * p->ldb + column);
  p->kernels->pack_right(p->tb, at_most(width, p->n - column), width,
                         at_most(p->k - slab, EK_SLAB), from, p->ldb, panel_of(p, slab, panel));
}

// ── Blocks of the result ────────────────────────────────────────────────────────────────────────

// The lines of a tile's result: they come while its sum runs.
static void fetch_result(const product *p, long rows, long columns, const float *c) {
  for (long i = 0; i < rows; i++)
    for (long j = 0; j < columns; j += LINE) __builtin_prefetch(c + i * p->ldc + j, 1);
}

// The rows of a block, packed, with one panel: tile after tile, of a triangle what it holds. `keep`
// is memory for the panel, which the first tile fills; NULL where it is packed already.
static void multiply_panel(const product *p, long slab, long top, long rows, long column,
                           long width, const float *right, long ldb, float *keep) {
  const ek_span_kernels *kernels = p->kernels;
  long depth = at_most(p->k - slab, EK_SLAB), tile = kernels->tile_rows;
  const float *bias = p->bias && slab + depth == p->k ? p->bias + column : NULL;
  for (long row = 0; row < rows; row += tile) {
    long first = top + row, diagonal = first + tile + p->below;
    long high = p->padded ? tile : at_most(tile, rows - row);
    long columns = p->padded ? width : at_most(width, p->n - column), begin = 0, end = depth;
    float *c = p->c + first * p->ldc + column;
    if (p->triangle == EK_LOWER_RESULT) {
      columns = within(parts(diagonal, kernels->vector) * kernels->vector - column, columns);
      if (columns == 0) continue;
    } else if (p->triangle == EK_LOWER_LEFT && p->ta) {
      begin = within(first - p->below - slab, depth);
    } else if (p->triangle == EK_LOWER_LEFT) {
      end = within(diagonal - slab, depth);
    }
    if (p->far) fetch_result(p, high, columns, c);
    kernels->product_tile(p->ta, high, columns, end - begin,
                          left_rows + row * EK_LEFT_STRIDE + begin * (p->ta ? tile : 1),
                          right + begin * ldb, ldb, keep, p->add || slab > 0, bias, c, p->ldc);
    if (keep) right = keep, ldb = width, keep = NULL;
  }
}

// Where part `index` of `count` begins when `all` are cut as evenly as can be.
static long part_start(long all, long count, long index) { return all * index / count; }

static void multiply_task(void *context, long index) {
  const product *p = context;
  long tile = p->kernels->tile_rows, tiles = parts(p->m, tile);
  long down = index / p->across, across = index % p->across;
  long top = part_start(tiles, p->down, down) * tile;
  long rows = at_most(part_start(tiles, p->down, down + 1) * tile, p->m) - top;
  long first = part_start(p->panels, p->across, across);
  long end = part_start(p->panels, p->across, across + 1);
  for (long slab = 0; slab < p->k; slab += EK_SLAB) {
    const float *from = p->a + (p->ta ? slab * p->lda + top : top * p->lda + slab);
    p->kernels->pack_left(p->ta, rows, at_most(p->k - slab, EK_SLAB), from, p->lda, left_rows);
    for (long panel = first; panel < end; panel++) {
      long column = panel_start(p, panel), width = panel_width(p, panel);
      if (p->packed)
        multiply_panel(p, slab, top, rows, column, width, panel_of(p, slab, panel), width, NULL);
      else
        multiply_panel(p, slab, top, rows, column, width, p->b + slab * p->ldb + column, p->ldb,
                       rows > tile ? one_panel : NULL);
    }
  }
}

// Cuts the result into equal tasks, about four for each thread, and as many for one as for another:
// rows first, panels too where rows alone are few. Any cut gives the same bits, so it may follow the
// number of threads. The columns of a transposed left operand are packed line by line, slower than
// rows: there no two tasks pack the same ones if each thread finds rows of its own.
static void choose_tasks(product *p, int threads) {
  long wanted = threads > 1 ? 4 * threads : 1;
  p->down = parts(p->m, BLOCK_ROWS);
  if (p->down >= threads) {
    p->down = parts(p->down, threads) * threads;
    if (p->ta) wanted = 1;
  }
  p->across = at_most(p->panels, parts(wanted, p->down));
}

static void run(int threads, long count, ek_task task, product *p) {
  if (threads > 1) ek_parallel(count, task, p);
  else
    for (long index = 0; index < count; index++) task(p, index);
}

// A product whose right operand is read where it lies, or fits into the memory for packed ones.
static void multiply_part(product *p, int threads) {
  p->vectors = parts(p->n, p->kernels->vector);
  p->panels = parts(p->vectors, p->kernels->tile_vectors);
  if (p->packed) run(threads, parts(p->k, EK_SLAB) * p->panels, pack_task, p);
  choose_tasks(p, threads);
  run(threads, p->down * p->across, multiply_task, p);
}

// Below this many multiply-adds waking the other threads costs more than they bring.
static const double worth_threads = 1 << 18;

static int is_worth_threads(const product *p) {
  return (double)p->m * (double)p->n * (double)p->k >= worth_threads;
}

// A product of one block, one panel and one slab, such as a short segment's attention has by the
// thousand: nothing is cut, and a right operand of whole vectors is read where it lies.
static int is_small(const product *p) {
  return p->m <= BLOCK_ROWS && p->n <= p->kernels->tile_vectors * p->kernels->vector &&
         p->k <= EK_SLAB && !is_worth_threads(p);
}

static void multiply_small(const product *p) {
  const ek_span_kernels *kernels = p->kernels;
  long width = (p->n + kernels->vector - 1) & -kernels->vector;
  int in_place = !p->tb && p->n == width;
  if (!in_place) kernels->pack_right(p->tb, p->n, width, p->k, p->b, p->ldb, one_panel);
  kernels->pack_left(p->ta, p->m, p->k, p->a, p->lda, left_rows);
  multiply_panel(p, 0, 0, p->m, 0, width, in_place ? p->b : one_panel, in_place ? p->ldb : width,
                 NULL);
}

// As much of the right operand is packed at a time as there is memory for.
static void multiply_packed(const product *whole, int threads) {
  product p = *whole;
  long vector = p.kernels->vector, wide = parts(p.n, vector) * vector;
  long room = at_most(wide * p.k, SHARED_FLOATS);
  p.packed = panel_memory(&room);
  // A part takes all of k if a panel of that depth fits, and as many columns as fit beside.
  long depth = at_most(p.k, room / (p.kernels->tile_vectors * vector) / EK_SLAB * EK_SLAB);
  if (wide * p.k <= room) depth = p.k;
  long columns = wide * depth <= room ? p.n : room / depth / vector * vector;
  for (long first = 0; first < whole->n; first += columns)
    for (long slab = 0; slab < whole->k; slab += depth) {
      p.n = at_most(columns, whole->n - first);
      p.k = at_most(depth, whole->k - slab);
      p.a = whole->a + (p.ta ? slab * p.lda : slab);
      p.b = whole->b + (p.tb ? first * p.ldb + slab : slab * p.ldb + first);
      p.c = whole->c + first;
      p.add = whole->add || slab > 0;
      p.bias = whole->bias && slab + p.k == whole->k ? whole->bias + first : NULL;
      if (p.triangle == EK_LOWER_RESULT) p.below = whole->below - first;
      if (p.triangle == EK_LOWER_LEFT) p.below = whole->below + (p.ta ? slab : -slab);
      multiply_part(&p, threads);
    }
}

// Whether tiles can take the right operand from where it lies: rows of whole vectors, all of which
// the first tile of a block reads.
static int lies_ready(const product *p) {
  return !p->tb && p->n % p->kernels->vector == 0 && p->triangle == EK_ALL;
}

static void multiply(product *p) {
  p->far = 1;
  int threads = is_worth_threads(p) ? ek_threads() : 1;
  if (lies_ready(p)) multiply_part(p, threads);
  else multiply_packed(p, threads);
}

static void without_terms(const product *p) {
  for (long i = 0; i < p->m; i++)
    for (long j = 0; j < p->n; j++) {
      float sum = p->add ? p->c[i * p->ldc + j] : 0.0f;
      p->c[i * p->ldc + j] = p->bias ? sum + p->bias[j] : sum;
    }
}

static void multiply_any(product *p) {
  if (p->m == 0 || p->n == 0) return;
  if (p->k == 0) without_terms(p);
  else if (is_small(p)) multiply_small(p);
  else multiply(p);
}

void ek_gemm(int transpose_a, int transpose_b, long m, long n, long k, const float *a, long lda,
             const float *b, long ldb, int add, const float *bias, float *c, long ldc) {
  product p = {.kernels = ek_kernels(), .ta = transpose_a, .tb = transpose_b, .add = add, .m = m,
               .n = n, .k = k, .lda = lda, .ldb = ldb, .ldc = ldc, .a = a, .b = b, .bias = bias,
               .c = c};
  multiply_any(&p);
}

void ek_gemm_triangle(ek_triangle triangle, long below, int transpose_a, int transpose_b, long m,
                      long n, long k, const float *a, long lda, const float *b, long ldb, int add,
                      float *c, long ldc) {
  product p = {.kernels = ek_kernels(), .triangle = triangle, .below = below, .ta = transpose_a,
               .tb = transpose_b, .add = add, .m = m, .n = n, .k = k, .lda = lda, .ldb = ldb,
               .ldc = ldc, .a = a, .b = b, .c = c};
  multiply_any(&p);
}

void ek_gemm_padded(ek_triangle triangle, long below, long m, long n, long k, const float *a,
                    long lda, const float *b, long ldb, float *c, long ldc) {
  product p = {.kernels = ek_kernels(), .triangle = triangle, .below = below, .tb = 1,
               .padded = 1, .m = m, .n = n, .k = k, .lda = lda, .ldb = ldb, .ldc = ldc, .a = a,
               .b = b, .c = c};
  multiply_any(&p);
}

typedef struct {
  int ta, tb;
  long m, n, k;
  const float *a, *b;
  float *c;
  long a_stride, b_stride, c_stride;
} batch;

static void multiply_one(void *context, long index) {
  const batch *all = context;
  ek_gemm(all->ta, all->tb, all->m, all->n, all->k, all->a + index * all->a_stride,
          all->ta ? all->m : all->k, all->b + index * all->b_stride, all->tb ? all->k : all->n, 0,
          NULL, all->c + index * all->c_stride, all->n);
}

void ek_gemm_batch(long count, int transpose_a, int transpose_b, long m, long n, long k,
                   const float *a, long a_stride, const float *b, long b_stride, float *c,
                   long c_stride) {
  batch all = {transpose_a, transpose_b, m, n, k, a, b, c, a_stride, b_stride, c_stride};
  ek_parallel(count, multiply_one, &all);
}
