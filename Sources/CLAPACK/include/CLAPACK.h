// The LAPACK routines in use, as OpenBLAS exports them: Fortran calling convention, column-major,
// every argument by address. gfortran appends the length of each character argument; leaving it out
// may overwrite the caller's stack, so the types carry it.
#ifndef CLAPACK_H
#define CLAPACK_H

#include <stddef.h>

typedef struct lapack {
  // Singular values and vectors, divide and conquer.
  void (*_Nonnull dgesdd)(const char *_Nonnull job, const int *_Nonnull m, const int *_Nonnull n,
                          double *_Nonnull a, const int *_Nonnull lda, double *_Nonnull s,
                          double *_Nonnull u, const int *_Nonnull ldu, double *_Nonnull vt,
                          const int *_Nonnull ldvt, double *_Nonnull work,
                          const int *_Nonnull work_count, int *_Nonnull integer_work,
                          int *_Nonnull info, size_t job_length);
  // A linear system with a symmetric positive definite matrix, by Cholesky's decomposition.
  void (*_Nonnull dposv)(const char *_Nonnull triangle, const int *_Nonnull n,
                         const int *_Nonnull columns, double *_Nonnull a, const int *_Nonnull lda,
                         double *_Nonnull b, const int *_Nonnull ldb, int *_Nonnull info,
                         size_t triangle_length);
  // A product of two general matrices, C = alpha A B + beta C.
  void (*_Nonnull dgemm)(const char *_Nonnull transpose_a, const char *_Nonnull transpose_b,
                         const int *_Nonnull m, const int *_Nonnull n, const int *_Nonnull k,
                         const double *_Nonnull alpha, const double *_Nonnull a,
                         const int *_Nonnull lda, const double *_Nonnull b,
                         const int *_Nonnull ldb, const double *_Nonnull beta,
                         double *_Nonnull c, const int *_Nonnull ldc, size_t transpose_a_length,
                         size_t transpose_b_length);
} lapack;

// The routines on one thread, loaded by the first call from any thread; NULL and the loader's
// message where the library is missing.
const lapack *_Nullable lapack_loaded(const char *_Nullable *_Nonnull problem);

#endif
