// The one C function behind every native function: arguments out, Swift, results in or raise. While
// Swift runs, nothing here may raise; when it has returned, nothing of Swift is left on the stack.
#include <limits.h>
#include <string.h>

#include "host.h"

#define FEW 8
#define DEBT_WORTH_PAYING (1 << 20)

typedef struct call {
  es_host *h;
  const es_native *native;
  es_value *arguments;
  int count, at;
  const es_outcome *outcome;
} call;

// ── Arguments ───────────────────────────────────────────────────────────────────────────────────

// What needs neither memory nor a reference; 0 when something does.
static int read_simple(lua_State *L, call *c) {
  if (c->count > FEW) return 0;
  for (int i = 1; i <= c->count; i++)
    if (!es_read_simple(L, i, &c->arguments[i - 1])) return 0;
  return 1;
}

static int read_all(lua_State *L) {  // the arguments, then the call
  call *c = lua_touserdata(L, -1);
  c->h->nodes = 0;
  if (c->count > FEW)
    c->arguments = es_arena(L, c->h, (size_t)c->count * sizeof(es_value));
  for (int i = 0; i < c->count; i++) {
    c->at = i;
    int by_reference = i < 64 && (c->native->by_reference >> i & 1);
    es_read(L, c->h, i + 1, 0, by_reference, &c->arguments[i]);
  }
  return 0;
}

static int blame_argument(lua_State *L, call *c) {
  if (es_is_stopping(c->h)) return lua_error(L);
  if (lua_type(L, -1) != LUA_TSTRING || strcmp(lua_tostring(L, -1), "not enough memory") == 0)
    return lua_error(L);
  const char *why = lua_tostring(L, -1);
  int number = c->at + 1 - c->native->receiver;
  const char *joint = strncmp(why, "is ", 3) == 0 ? "" : ":";
  if (number == 0) return es_raise(L, "%s: self%s %s", c->native->name, joint, why);
  return es_raise(L, "%s: argument #%d%s %s", c->native->name, number, joint, why);
}

static void read_protected(lua_State *L, call *c, es_mark mark) {
  luaL_checkstack(L, c->count + 6, "too many arguments");
  lua_pushcfunction(L, read_all);
  for (int i = 1; i <= c->count; i++) lua_pushvalue(L, i);
  lua_pushlightuserdata(L, c);
  if (lua_pcall(L, c->count + 1, 0, 0) == LUA_OK) return;
  es_drop_fresh(L, c->h, mark);
  es_arena_reset(c->h, mark);
  blame_argument(L, c);
}

// Objects may end with the owner, and their `deinit` must not find its way back into Lua.
void es_release_owner(es_host *h, es_outcome *outcome) {
  if (!outcome->owner) return;
  h->quiet++;
  h->callbacks.release(outcome->owner);
  h->quiet--;
  outcome->owner = NULL;
}

// ── Results ─────────────────────────────────────────────────────────────────────────────────────

static int write_all(lua_State *L) {
  call *c = lua_touserdata(L, 1);
  lua_settop(L, 0);
  luaL_checkstack(L, c->outcome->count + 8, "too many results");
  for (int i = 0; i < c->outcome->count; i++) es_write(L, c->h, &c->outcome->values[i]);
  return c->outcome->count;
}

static int give_results(lua_State *L, call *c, es_outcome *outcome) {
  int status = LUA_OK;
  lua_settop(L, 0);
  if (outcome->count == 1 && outcome->values[0].kind <= ES_NUMBER) {
    es_write(L, c->h, &outcome->values[0]);
  } else if (outcome->count > 0) {
    c->outcome = outcome;
    lua_pushcfunction(L, write_all);
    lua_pushlightuserdata(L, c);
    status = lua_pcall(L, 1, LUA_MULTRET, 0);
  }
  es_release_owner(c->h, outcome);
  if (status != LUA_OK) return lua_error(L);
  es_pay_debt(L, c->h);
  return lua_gettop(L);
}

// What Swift threw. Its text is brought to the C stack first, because what follows may raise.
static __attribute__((noinline)) int raise_failure(lua_State *L, es_host *h, es_outcome *outcome) {
  char text[4096];
  size_t length = outcome->message_length;
  int32_t reference = outcome->status == ES_RERAISE ? outcome->reference : 0;
  if (length > sizeof text - 1) {
    length = sizeof text - 1;
    while (length && ((unsigned char)outcome->message[length] & 0xC0) == 0x80) length--;
  }
  if (length) memcpy(text, outcome->message, length);
  text[length] = 0;
  if (reference) {  // before the owner goes, who may hold the last handle
    lua_settop(L, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, reference);
  }
  es_release_owner(h, outcome);
  if (reference) {
    h->kept = lua_topointer(L, -1);
    return lua_error(L);
  }
  lua_settop(L, 0);
  es_push_where(L, 1);
  lua_pushlstring(L, text, length);
  lua_concat(L, 2);
  return lua_error(L);
}

// ── The call ────────────────────────────────────────────────────────────────────────────────────

int es_trampoline(lua_State *L) {
  const es_native *native = lua_touserdata(L, lua_upvalueindex(1));
  es_host *h = native->host;
  if (h->closing) return es_raise(L, "%s: the Lua state is closing", native->name);
  es_drain(L, h);
  es_value few[FEW];
  call c = {.h = h, .native = native, .arguments = few, .count = lua_gettop(L)};
  if (native->most >= 0 && c.count > native->most) c.count = native->most;
  es_mark mark = es_arena_mark(h);
  if (!read_simple(L, &c)) read_protected(L, &c, mark);

  es_outcome outcome;
  memset(&outcome, 0, offsetof(es_outcome, arena));
  lua_State *before = h->current;
  h->current = L;
  h->callbacks.dispatch(h->callbacks.context, native->id, c.arguments, c.count, &outcome);
  h->current = before;
  es_arena_reset(h, mark);
  if (outcome.status != ES_OK) return raise_failure(L, h, &outcome);
  if (outcome.count == 1 && !outcome.values) outcome.values = &outcome.one;
  return give_results(L, &c, &outcome);
}

void es_push_native(lua_State *L, es_host *h, const es_function *function) {
  size_t length = strlen(function->name);
  es_native *native = lua_newuserdatauv(L, sizeof *native + length + 1, 0);
  native->host = h;
  native->id = function->id;
  native->most = function->most;
  native->by_reference = function->by_reference;
  native->receiver = function->receiver;
  memcpy(native->name, function->name, length + 1);
  lua_pushcclosure(L, es_trampoline, 1);
}

// Lua's collector counts this as if so much had been allocated (lapi.c, LUA_GCSTEP), and works
// until the debt is paid. 3,000 objects of 1 MiB peak at 10 MB instead of 1.5 GB.
void es_pay_debt(lua_State *L, es_host *h) {
  if (h->debt < DEBT_WORTH_PAYING) return;
  size_t kib = h->debt >> 10;
  h->debt = 0;
  lua_gc(L, LUA_GCSTEP, kib > INT_MAX ? INT_MAX : (int)kib);
}
