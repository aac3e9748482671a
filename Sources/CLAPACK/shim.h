// The LAPACK routines in use, as OpenBLAS exports them: Fortran calling convention, column-major,
// every argument by address. gfortran appends the length of each character argument; leaving it out
// may overwrite the caller's stack, so the declarations carry it.
#include <stddef.h>

// Singular values and vectors, divide and conquer.
void dgesdd_(const char *job, const int *m, const int *n, double *a, const int *lda, double *s,
             double *u, const int *ldu, double *vt, const int *ldvt, double *work,
             const int *work_count, int *integer_work, int *info, size_t job_length);
// A linear system with a symmetric positive definite matrix, by Cholesky's decomposition.
void dposv_(const char *triangle, const int *n, const int *columns, double *a, const int *lda,
            double *b, const int *ldb, int *info, size_t triangle_length);
// A product of two general matrices, C = alpha A B + beta C.
void dgemm_(const char *transpose_a, const char *transpose_b, const int *m, const int *n,
            const int *k, const double *alpha, const double *a, const int *lda, const double *b,
            const int *ldb, const double *beta, double *c, const int *ldc,
            size_t transpose_a_length, size_t transpose_b_length);
// OpenBLAS gives other bits at other thread counts.
void openblas_set_num_threads(int count);
