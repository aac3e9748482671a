// The loops for whatever the compiler assumes of every processor (SSE2, NEON).
#define EK_WIDTH 4
#define EK_TILE_VECTORS 3
#if defined(__aarch64__)
#define EK_TILE_ROWS 8  // 32 registers
#else
#define EK_TILE_ROWS 4
#endif
#define EK_ZIP_LOW(x, y) \
  __builtin_shufflevector(x, y, 0, 4, 1, 5)
#define EK_ZIP_HIGH(x, y) \
  __builtin_shufflevector(x, y, 2, 6, 3, 7)
#define EK_TABLE ek_portable_kernels
#define EK_NAME "portable"
#include "span_kernels.inc"
