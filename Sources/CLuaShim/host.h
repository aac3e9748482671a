// What the C files share. Naming: `es_` is visible to Swift or to several files.
//
// Three rules hold everywhere. Lua code and allocation happen only below a lua_pcall that one of
// these files made. No Swift frame lies between a raise and its pcall. Memory handed to Swift lives
// in the arena, which is a stack: whoever takes a mark resets it on success and on failure.
#ifndef EIDETIC_HOST_H
#define EIDETIC_HOST_H

#include <lauxlib.h>
#include <lua.h>
#include <pthread.h>
#include <stdatomic.h>

#include "CLuaShim.h"

typedef struct es_chunk es_chunk;

// One strong reference that the state holds. Lua drops an object without finalizing it when
// memory is too short to call the finalizer; the list finds it when the state closes.
typedef struct es_holding {
  void *swift;
  struct es_holding *next, *previous;
} es_holding;

typedef struct es_fresh {  // a reference made for Swift that Swift has not seen yet
  int reference;
  struct es_fresh *older;
} es_fresh;

typedef struct es_mark {
  es_chunk *chunk;
  size_t used;
  es_fresh *fresh;
} es_mark;

struct es_host {
  lua_State *main;              // NULL once closed
  lua_State *current;           // whose trampoline has called Swift last; Swift calls into it
  lua_State *volatile running;  // the coroutine that executes instructions
  es_callbacks callbacks;
  int sandboxed;

  pthread_mutex_t lock;  // guards depth, owner and pending against other threads
  int depth;             // calls from Swift that are under way
  int quiet;             // > 0 inside callbacks that may not call back
  int closing, close_wanted;
  pthread_t owner;       // valid while depth > 0
  struct es_host *outer; // the host whose native function called this one, same thread
  int32_t *pending;      // references to let go of
  size_t pending_count, pending_room;
  atomic_int has_pending;
  int32_t live;

  size_t used, limit;      // bytes of Lua's heap and of the arena
  int collect_wanted;      // the limit was met
  es_holding *holdings, *free_holdings;
  size_t external, debt;   // bytes objects keep alive; not yet paid to the collector
  int64_t fail_after, fail_count;  // for tests
  int collect_always, refused;

  es_chunk *chunk, *spare;
  es_fresh *fresh;
  size_t nodes;  // values copied out of tables in this call

  atomic_int interrupted;  // es_status of a request to stop that nothing has answered, or 0
  atomic_int unanswered;
  atomic_int stop;  // es_status that ends the outermost call, or 0
  int exit_code;
  int64_t instruction_limit, budget;

  double time_limit, grace;  // seconds, 0 for none
  struct es_watch *watch;    // deadline.c
  char time_message[64];

  char *library_prefixes;
  char trace[4096];
  size_t trace_length;
  const void *kept;  // an error raised again, whose trace stands already
  lua_CFunction load, loadfile, xpcall, setmetatable;  // Lua's own
};

/// The descriptor in upvalue 1 of a native function; upvalue 2 is the metatable of what it makes.
typedef struct es_native {
  es_host *host;
  int32_t id, most;
  uint64_t by_reference;
  int receiver;  // 1: argument 1 is `self` and is not counted in messages
  int32_t makes;  // the class of its only result: see NO_OBJECT and SOME_OBJECT
  char name[];
} es_native;

enum { NO_OBJECT = -1, SOME_OBJECT = -2 };  // of es_native: none, one of a class not yet known

/// The userdata that stands for a Swift object.
typedef struct es_object {
  const void *mark;  // of es_to_object
  void *swift;  // NULL before Swift has made it, and once closed
  es_holding *holding;
  size_t bytes;
  int32_t type;
} es_object;

extern const char es_class_key;

static inline es_host *es_of(lua_State *L) { return *(es_host **)lua_getextraspace(L); }

/// The object of a full userdata that is one of ours, else NULL.
static inline es_object *es_as_object(lua_State *L, int index) {
  if (lua_rawlen(L, index) != sizeof(es_object)) return NULL;
  es_object *object = lua_touserdata(L, index);
  return object->mark == &es_class_key ? object : NULL;
}

// host.c
void *es_allocate(void *host, void *block, size_t old_size, size_t new_size);
int es_enter(es_host *h, es_outcome *outcome);
void es_leave(es_host *h);
void es_drain(lua_State *L, es_host *h);

// calls.c: runs body(context) below a pcall; `script` says that user code runs in it
void es_protect(es_host *h, lua_CFunction body, void *context, int script, es_outcome *outcome);

// arena.c
void *es_grow(lua_State *L, es_host *h, size_t size);   // raises
void *es_arena(lua_State *L, es_host *h, size_t size);  // raises
es_mark es_arena_mark(es_host *h);
void es_arena_reset(es_host *h, es_mark mark);
void es_arena_free(es_host *h);
int es_reference(lua_State *L, es_host *h, int index);  // raises
void es_drop_fresh(lua_State *L, es_host *h, es_mark mark);
void es_unreference(lua_State *L, es_host *h, int reference);

// marshal.c; all but the first raise
int es_read_simple(lua_State *L, int index, es_value *value);  // 0: needs memory or a reference
void es_read(lua_State *L, es_host *h, int index, int copies_text, int by_reference,
             es_value *value);
void es_write(lua_State *L, es_host *h, const es_value *value);

// trampoline.c
int es_trampoline(lua_State *L);
void es_push_native(lua_State *L, es_host *h, const es_function *function);
void es_pay_debt(lua_State *L, es_host *h);
void es_release_owner(es_host *h, es_outcome *outcome);

// errors.c
void es_push_where(lua_State *L, int level);
int es_raise(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));
int es_on_error(lua_State *L);
int es_is_memory_error(lua_State *L, int status);
void es_describe_failure(lua_State *L, es_host *h, int status, es_outcome *outcome);
void es_forget_trace(es_host *h);

// objects.c
extern const char es_objects_key, es_module_key, es_exit_key, es_seed_key;
es_object *es_to_object(lua_State *L, int index);
void es_push_object(lua_State *L, es_host *h, const es_value *value);
void es_push_metatable(lua_State *L, int32_t type);
es_object *es_prepare_object(lua_State *L, es_host *h, int32_t type, int metatable);
void es_adopt(es_host *h, es_object *object, const es_value *value);
void es_give_up(es_host *h, es_object *object);
void es_release_holdings(es_host *h);
const char *es_class_name(lua_State *L, int index);

// environment.c, modules.c, coroutines.c
void es_open_environment(lua_State *L, es_host *h);
void es_push_isolated(lua_State *L, es_host *h);
void es_make_strict(lua_State *L, int index);
int es_is_standard(const char *name);
void es_push_require(lua_State *L, int environment);  // 0 for the shared globals
void es_install_coroutines(lua_State *L);
int es_did_you_mean(lua_State *L, int table, const char *name, size_t length);

// interrupts.c
void es_arm(lua_State *L);
void es_collect_if_wanted(lua_State *L, es_host *h);
void es_disarm(es_host *h, lua_State *L);
void es_arm_if_stopping(es_host *h, lua_State *L);
void es_prepare_signals(void);
void es_forget_signals(es_host *h);
void es_enter_thread(es_host *h);
void es_leave_thread(es_host *h);
int es_is_stopping(const es_host *h);
void es_request_stop(es_host *h, int status);

// deadline.c
int es_start_watch(es_host *h);
void es_end_watch(es_host *h);
void es_begin_deadline(es_host *h);
void es_end_deadline(es_host *h);

#endif
