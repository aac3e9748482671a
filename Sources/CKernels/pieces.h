// How element-wise and row-wise work is cut: pieces of fixed size, so that sums do not depend on the
// number of threads.
#ifndef EK_PIECES_H
#define EK_PIECES_H

#define SPAN 16384  // elements per piece: 64 KiB, a piece stays in the second-level cache

static inline long pieces(long n) { return (n + SPAN - 1) / SPAN; }
static inline long piece_length(long n, long index) {
  long rest = n - index * SPAN;
  return rest < SPAN ? rest : SPAN;
}
// Rows per piece, so that a piece is about one span.
static inline long rows_per_piece(long n) {
  long rows = SPAN / (n > 0 ? n : 1);
  return rows < 1 ? 1 : rows;
}

#endif
