// The loops for whatever the compiler assumes of every processor (SSE2, NEON).
#define EK_TABLE ek_portable_kernels
#define EK_NAME "portable"
#include "span_kernels.inc"
