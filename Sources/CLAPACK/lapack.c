// OpenBLAS, loaded when the first decomposition is asked for. Linked, it would cost every start of
// the program 10 ms, and the thread that it starts, spinning for work, a second processor for 30 ms.
#include "CLAPACK.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static lapack routines;
static const char *failure;
static char message[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *symbol(void *library, const char *name) {
  void *found = library ? dlsym(library, name) : NULL;
  if (!found && !failure) {
    snprintf(message, sizeof message, "%s", dlerror());
    failure = message;
  }
  return found;
}

static void load(void) {
  void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
  // ISO C has no cast from an object's address to a function's; POSIX gives the bytes one meaning.
  *(void **)&routines.dgesdd = symbol(library, "dgesdd_");
  *(void **)&routines.dposv = symbol(library, "dposv_");
  *(void **)&routines.dgemm = symbol(library, "dgemm_");
  void (*set_threads)(int);
  *(void **)&set_threads = symbol(library, "openblas_set_num_threads");
  // It gives other bits at other thread counts.
  if (!failure) set_threads(1);
}

const lapack *lapack_loaded(const char **problem) {
  pthread_once(&once, load);
  *problem = failure;
  return failure ? NULL : &routines;
}
