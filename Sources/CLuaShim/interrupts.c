// Stopping scripts. A hook costs pure Lua code a factor of two, so it is set only when somebody
// asks to stop, from the signal, in the coroutine that runs (lua_sethook is safe there). It stays
// set until the outermost call from Swift has returned: a pcall loop cannot outlast it.
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "host.h"

#define STEP 1000            // instructions between two looks at the budget
#define STOP_MASK (LUA_MASKCALL | LUA_MASKRET | LUA_MASKLINE | LUA_MASKCOUNT)
#define UNANSWERED_MOST 3

const char es_exit_key = 0;

// Hosts whose calls are under way on this thread, innermost first.
static _Thread_local es_host *volatile innermost;
static es_host *_Atomic sigint_host;
static struct sigaction sigint_before;

int es_is_stopping(const es_host *h) {
  return atomic_load_explicit(&h->interrupted, memory_order_relaxed) ||
         atomic_load_explicit(&h->stop, memory_order_relaxed);
}

int es_interrupted(const es_host *h) {
  int stop = atomic_load_explicit(&h->stop, memory_order_relaxed);
  return stop ? stop : atomic_load_explicit(&h->interrupted, memory_order_relaxed);
}

const char *es_stop_message(const es_host *h, int status) {
  switch (status) {
    case ES_EXIT: return "exit";
    case ES_LIMIT: return "instruction limit reached";
    case ES_TIME: return h->time_message;
    default: return "interrupted";
  }
}

// ── The hook ────────────────────────────────────────────────────────────────────────────────────

static void raise_stop(lua_State *L, int stop) {
  if (!lua_checkstack(L, 4)) lua_error(L);
  if (stop == ES_EXIT) {
    lua_pushlightuserdata(L, (void *)&es_exit_key);
  } else {
    es_push_where(L, 0);
    lua_pushstring(L, es_stop_message(es_of(L), stop));
    lua_concat(L, 2);
  }
  lua_error(L);
}

// After the limit was met everything is collected at the next instruction, because Lua itself does
// not do so for the buffers of its libraries; see `retrying` in environment.c.
void es_collect_if_wanted(lua_State *L, es_host *h) {
  if (!h->collect_wanted) return;
  lua_gc(L, LUA_GCCOLLECT);
  h->collect_wanted = 0;
}

static void on_instruction(lua_State *L, lua_Debug *ar) {
  es_host *h = es_of(L);
  int stop = atomic_load(&h->stop);
  if (!stop) stop = atomic_load(&h->interrupted);
  if (!stop && h->instruction_limit && ar->event == LUA_HOOKCOUNT && (h->budget -= STEP) <= 0)
    stop = ES_LIMIT;
  if (stop) {
    atomic_store(&h->stop, stop);
    es_arm(L);
    raise_stop(L, stop);
  }
  es_collect_if_wanted(L, h);
  if (lua_gethookmask(L) == STOP_MASK) {
    es_disarm(h, L);  // a coroutine left armed by an earlier request
  }
}

void es_arm(lua_State *L) { lua_sethook(L, on_instruction, STOP_MASK, 1); }

void es_arm_if_stopping(es_host *h, lua_State *L) {
  if (es_is_stopping(h)) es_arm(L);
}

void es_disarm(es_host *h, lua_State *L) {
  if (h->instruction_limit) lua_sethook(L, on_instruction, LUA_MASKCOUNT, STEP);
  else lua_sethook(L, NULL, 0, 0);
}

// ── Requests ────────────────────────────────────────────────────────────────────────────────────

// Threads of a pool come with all signals blocked.
static void let_sigurg_in(void) {
  static _Thread_local int done;
  if (done) return;
  done = 1;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGURG);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void es_enter_thread(es_host *h) {
  let_sigurg_in();
  h->outer = innermost;
  atomic_signal_fence(memory_order_seq_cst);
  innermost = h;
}

// The outermost call has returned: the request is answered.
void es_leave_thread(es_host *h) {
  innermost = h->outer;
  h->outer = NULL;
}

void es_clear_interrupt(es_host *h) {
  atomic_store(&h->interrupted, 0);
  atomic_store(&h->unanswered, 0);
}

static void arm_this_thread(void) {
  for (es_host *h = innermost; h; h = h->outer)
    if (atomic_load(&h->interrupted)) es_arm(h->running);
}

static void on_sigurg(int signal) {
  (void)signal;
  arm_this_thread();
}

// The lock is held. Of two requests the first says why.
void es_request_stop(es_host *h, int status) {
  int none = 0;
  atomic_compare_exchange_strong(&h->interrupted, &none, status);
  if (h->depth > 0) {
    if (pthread_equal(h->owner, pthread_self())) arm_this_thread();
    else pthread_kill(h->owner, SIGURG);
  }
}

void es_interrupt(es_host *h) {
  pthread_mutex_lock(&h->lock);
  es_request_stop(h, ES_INTERRUPTED);
  pthread_mutex_unlock(&h->lock);
}

// Ctrl-C reaches any thread; only the script's own may touch its hooks.
static void on_sigint(int number) {
  int saved = errno;
  es_host *h = atomic_load(&sigint_host);
  if (h && atomic_fetch_add(&h->unanswered, 1) + 1 < UNANSWERED_MOST) {
    atomic_store(&h->interrupted, ES_INTERRUPTED);
    if (h->depth > 0) {
      if (pthread_equal(h->owner, pthread_self())) arm_this_thread();
      else pthread_kill(h->owner, SIGURG);
    }
  } else {
    signal(number, SIG_DFL);
    raise(number);
  }
  errno = saved;
}

void es_handle_sigint(es_host *h) {
  if (!h->main) return;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_sigint;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  if (atomic_exchange(&sigint_host, h)) sigaction(SIGINT, &action, NULL);
  else sigaction(SIGINT, &action, &sigint_before);
}

void es_forget_signals(es_host *h) {
  es_host *expected = h;
  if (atomic_compare_exchange_strong(&sigint_host, &expected, NULL))
    sigaction(SIGINT, &sigint_before, NULL);
}

// SIGURG reaches a chosen thread and is ignored by default, so that a late one does no harm.
static void install_sigurg(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_sigurg;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGURG, &action, NULL);
}

void es_prepare_signals(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install_sigurg);
}
