// The limits of this machine that the engine is measured against: how fast one core multiplies and
// adds, how fast memory moves, how fast OpenBLAS multiplies. Measuring loops only; nobody trains
// with them.
#ifndef EIDETIC_CLIMITS_H
#define EIDETIC_CLIMITS_H

/// Multiplies and adds in registers alone, on the calling thread, with the instructions of
/// `set` ("avx512", "avx2", else portable). The caller has checked that the processor has them.
/// Returns the floating-point operations done; one fused multiply-add is two.
double el_multiply_add(const char *set, long rounds);

/// c = a + scale · b: twelve bytes of traffic per element, counted as STREAM does
/// (McCalpin 1995), without the line that a store reads first.
void el_triad(long n, const float *a, const float *b, float scale, float *c);

/// `count` dense products C = op(A) · op(B) one after the other, plain OpenBLAS on so many threads:
/// op(A) [m, k], op(B) [k, n]; matrix i follows matrix i − 1.
void el_sgemm(int threads, long count, int transpose_a, int transpose_b, long m, long n, long k,
              const float *a, const float *b, float *c);

/// What OpenBLAS says of its build, and the processor type whose kernels it chose.
const char *el_blas_config(void);
const char *el_blas_core(void);

/// A plain Lua state with a function `add(a, b)` of two numbers and an object `cell` with a method
/// `cell:plus(number)`, both in C with checked arguments. `source` returns a table of functions.
/// Returns null when it cannot be made; the caller closes it.
void *el_lua_open(const char *source);
/// Calls the named function of that table with `count`; its number goes to `result`. Returns 0 when
/// it failed.
int el_lua_run(void *state, const char *name, long count, double *result);
void el_lua_close(void *state);

#endif
