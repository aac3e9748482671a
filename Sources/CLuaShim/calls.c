// Everything Swift asks of Lua. Each request is a C function that runs below one lua_pcall; what it
// gives to Swift lives in the arena until es_finish.
#include <stdlib.h>
#include <string.h>

#include "host.h"

// ── The frame around each request ───────────────────────────────────────────────────────────────

// A request to stop ends the outermost call even when its last instruction was through already.
static void end_script(es_host *h, lua_State *L, es_outcome *outcome) {
  es_end_deadline(h);
  int stop = es_interrupted(h);
  if (stop && outcome->status == ES_OK) {
    outcome->status = stop;
    outcome->count = 0;
    outcome->exit_code = h->exit_code;
    outcome->message = es_stop_message(h, stop);
    outcome->message_length = strlen(outcome->message);
  }
  es_disarm(h, L);
  atomic_store(&h->stop, 0);
  es_clear_interrupt(h);
  es_forget_trace(h);
}

static void begin_script(es_host *h, lua_State *L) {
  h->budget = h->instruction_limit;
  es_forget_trace(h);
  es_begin_deadline(h);
  es_arm_if_stopping(h, L);
}

void es_protect(es_host *h, lua_CFunction body, void *context, int script, es_outcome *outcome) {
  memset(outcome, 0, sizeof *outcome);
  es_mark mark = es_arena_mark(h);
  memcpy(outcome->arena, &mark, sizeof mark);
  if (!es_enter(h, outcome)) return;
  lua_State *L = h->current;
  if (h->depth == 1) es_collect_if_wanted(L, h);
  int outermost = script && h->depth == 1;
  int base = lua_gettop(L);
  h->nodes = 0;
  if (!lua_checkstack(L, 4)) {
    outcome->status = ES_OUT_OF_MEMORY;
    outcome->message = "not enough memory";
    outcome->message_length = strlen(outcome->message);
    es_leave(h);
    return;
  }
  if (outermost) begin_script(h, L);
  lua_pushcfunction(L, es_on_error);
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, context);
  int status = lua_pcall(L, 1, 0, base + 1);
  if (status != LUA_OK) {
    outcome->count = 0;
    es_drop_fresh(L, h, mark);
    es_describe_failure(L, h, status, outcome);
  }
  if (outermost) {
    if (status == LUA_OK && es_is_stopping(h)) es_drop_fresh(L, h, mark);
    end_script(h, L, outcome);
  }
  h->fresh = mark.fresh;  // Swift holds them now
  lua_settop(L, base);
  // Objects among the results have no reference in Lua any more: Swift sees them first.
  if (h->depth == 1 && outcome->count == 0) es_collect_if_wanted(L, h);
  es_leave(h);
}

// Closing waits until here: it lets go of objects that Swift has yet to take from the outcome.
int es_finish(es_host *h, es_outcome *outcome) {
  if (outcome->status == ES_MISUSE) return 0;  // perhaps of another thread, whose arena it is
  es_mark mark;
  memcpy(&mark, outcome->arena, sizeof mark);
  mark.fresh = h->fresh;
  es_arena_reset(h, mark);
  return h->close_wanted && h->depth == 0 && es_close(h);
}

// ── Requests ────────────────────────────────────────────────────────────────────────────────────

typedef struct request {
  es_host *h;
  es_outcome *outcome;
  int32_t reference, count;
  const es_value *values;
  const char *name, *source;
  size_t length;
  int isolated;
  int64_t seed;
} request;

static es_outcome *give(lua_State *L, request *r, int first, int count) {
  es_value *values = es_arena(L, r->h, (size_t)(count ? count : 1) * sizeof *values);
  for (int i = 0; i < count; i++) {
    es_object *object = es_to_object(L, first + i);
    if (object && !object->swift)
      luaL_error(L, "result #%d is a closed %s", i + 1, es_class_name(L, first + i));
    es_read(L, r->h, first + i, 1, 0, &values[i]);
  }
  r->outcome->values = values;
  r->outcome->count = count;
  return r->outcome;
}

static int call(lua_State *L) {
  request *r = lua_touserdata(L, 1);
  lua_settop(L, 0);
  luaL_checkstack(L, r->count + 8, "too many arguments");
  lua_rawgeti(L, LUA_REGISTRYINDEX, r->reference);
  for (int i = 0; i < r->count; i++) es_write(L, r->h, &r->values[i]);
  lua_call(L, r->count, LUA_MULTRET);
  give(L, r, 1, lua_gettop(L));
  es_pay_debt(L, r->h);
  return 0;
}

void es_call(es_host *h, int32_t reference, const es_value *arguments, int32_t count,
             es_outcome *outcome) {
  request r = {
    .h = h, .outcome = outcome, .reference = reference, .values = arguments, .count = count};
  es_protect(h, call, &r, 1, outcome);
}

static int load(lua_State *L) {
  request *r = lua_touserdata(L, 1);
  const char *name = r->name;
  if (name[0] != '=' && name[0] != '@') name = lua_pushfstring(L, "@%s", name);
  int status = luaL_loadbufferx(L, r->source, r->length, name, "t");
  if (status == LUA_ERRSYNTAX) r->reference = ES_SYNTAX;
  if (status != LUA_OK) return lua_error(L);
  if (r->isolated) {
    es_push_isolated(L, r->h);
    lua_setupvalue(L, -2, 1);  // a chunk's only upvalue is _ENV
  }
  give(L, r, lua_gettop(L), 1);
  return 0;
}

void es_load(es_host *h, const char *source, size_t length, const char *name, int isolated,
             es_outcome *outcome) {
  request r = {.h = h, .outcome = outcome, .source = source, .length = length, .name = name,
               .isolated = isolated};
  es_protect(h, load, &r, 0, outcome);
  if (outcome->status == ES_FAILED && r.reference == ES_SYNTAX) outcome->status = ES_SYNTAX;
}

static int set_global(lua_State *L) {
  request *r = lua_touserdata(L, 1);
  lua_pushglobaltable(L);
  lua_pushstring(L, r->name);
  es_write(L, r->h, r->values);
  lua_rawset(L, -3);
  return 0;
}

void es_set_global(es_host *h, const char *name, const es_value *value, es_outcome *outcome) {
  request r = {.h = h, .outcome = outcome, .name = name, .values = value};
  es_protect(h, set_global, &r, 0, outcome);
}

static int get_global(lua_State *L) {
  request *r = lua_touserdata(L, 1);
  lua_pushglobaltable(L);
  lua_pushstring(L, r->name);
  lua_rawget(L, -2);
  give(L, r, lua_gettop(L), 1);
  return 0;
}

void es_get_global(es_host *h, const char *name, es_outcome *outcome) {
  request r = {.h = h, .outcome = outcome, .name = name};
  es_protect(h, get_global, &r, 0, outcome);
}

static int global_names(lua_State *L) {
  request *r = lua_touserdata(L, 1);
  lua_newtable(L);
  lua_pushglobaltable(L);
  lua_Integer count = 0;
  lua_pushnil(L);
  while (lua_next(L, 3)) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TSTRING) continue;
    lua_pushvalue(L, -1);
    lua_rawseti(L, 2, ++count);
  }
  give(L, r, 2, 1);
  return 0;
}

void es_global_names(es_host *h, es_outcome *outcome) {
  request r = {.h = h, .outcome = outcome};
  es_protect(h, global_names, &r, 0, outcome);
}

// Lua mixes the seed into its generator (xoshiro256**) itself.
static int seed_random(lua_State *L) {
  request *r = lua_touserdata(L, 1);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &es_seed_key);
  lua_pushinteger(L, r->seed);
  lua_call(L, 1, 0);
  return 0;
}

void es_seed_random(es_host *h, int64_t seed, es_outcome *outcome) {
  request r = {.h = h, .outcome = outcome, .seed = seed};
  es_protect(h, seed_random, &r, 0, outcome);
}

static int collect(lua_State *L) {
  lua_gc(L, LUA_GCCOLLECT);
  lua_gc(L, LUA_GCCOLLECT);  // what the first pass finalized
  return 0;
}

void es_collect(es_host *h, es_outcome *outcome) {
  if (h->depth == 0) {
    es_protect(h, collect, NULL, 0, outcome);
    return;
  }
  memset(outcome, 0, sizeof *outcome);
  outcome->status = ES_MISUSE;
  outcome->message = "garbage cannot be collected inside a native function";
  outcome->message_length = strlen(outcome->message);
}

int es_set_library_prefixes(es_host *h, const char *prefixes) {
  char *copy = strdup(prefixes);
  if (!copy) return 0;
  free(h->library_prefixes);
  h->library_prefixes = copy;
  return 1;
}

// ── What a value is ─────────────────────────────────────────────────────────────────────────────

typedef struct question {
  int32_t reference, kind, id;
} question;

static int identify(lua_State *L) {
  question *q = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, q->reference);
  if (lua_tocfunction(L, 2) == es_trampoline && lua_getupvalue(L, 2, 1)) {
    q->kind = 1;
    q->id = ((const es_native *)lua_touserdata(L, -1))->id;
  } else if (lua_getmetatable(L, 2) && lua_rawgetp(L, -1, &es_module_key) != LUA_TNIL) {
    q->kind = 2;
    q->id = (int32_t)lua_tointeger(L, -1);
  }
  return 0;
}

int es_identify(es_host *h, int32_t reference, int32_t *id) {
  question q = {.reference = reference};
  es_outcome outcome;
  es_protect(h, identify, &q, 0, &outcome);
  es_finish(h, &outcome);
  *id = q.id;
  return q.kind;
}
