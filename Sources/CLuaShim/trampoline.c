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
  if (outcome->count > 0) {
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

// Where the object that Swift gives stands among the arguments, 0 for nowhere: what a method gives
// back as its own object is the same for Lua.
static int place_of(lua_State *L, const call *c, const es_value *one) {
  for (int i = 0; i < c->count; i++) {
    if (c->arguments[i].kind != ES_OBJECT || c->arguments[i].object != one->object) continue;
    const es_object *object = es_to_object(L, i + 1);
    if (object && object->swift == one->object) return i + 1;
  }
  return 0;
}

// A single result that needs no memory any more, pushed on top of whatever there is; 0 for others.
static int give_at_once(lua_State *L, es_host *h, const es_value *one, es_object *made) {
  switch (one->kind) {
    case ES_NIL: lua_pushnil(L); break;
    case ES_BOOLEAN: lua_pushboolean(L, one->integer != 0); break;
    case ES_INTEGER: lua_pushinteger(L, one->integer); break;
    case ES_NUMBER: lua_pushnumber(L, one->number); break;
    case ES_OBJECT:
      if (!made || made->type != one->type || one->identity) return 0;
      es_adopt(h, made, one);  // the owner's reference
      es_pay_debt(L, h);
      return 1;
    default: return 0;
  }
  if (made) es_give_up(h, made);
  return 1;
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
  es_native *native = lua_touserdata(L, lua_upvalueindex(1));
  es_host *h = native->host;
  if (h->closing) return es_raise(L, "%s: the Lua state is closing", native->name);
  es_drain(L, h);
  es_value few[FEW];
  call c = {.h = h, .native = native, .arguments = few, .count = lua_gettop(L)};
  if (native->most >= 0 && c.count > native->most) c.count = native->most;
  es_mark mark = es_arena_mark(h);
  int is_simple = read_simple(L, &c);
  if (!is_simple) read_protected(L, &c, mark);
  // No reference made for Swift may be pending when this raises.
  es_object *made = NULL;
  if (is_simple && native->makes >= 0)
    made = es_prepare_object(L, h, native->makes, lua_upvalueindex(2));

  es_outcome outcome;
  memset(&outcome, 0, offsetof(es_outcome, arena));
  lua_State *before = h->current;
  h->current = L;
  h->callbacks.dispatch(h->callbacks.context, native->id, c.arguments, c.count, &outcome);
  h->current = before;
  int is_single = outcome.status == ES_OK && outcome.count == 1 && !outcome.values;
  int place = is_single && outcome.one.kind == ES_OBJECT ? place_of(L, &c, &outcome.one) : 0;
  if (!is_simple) es_arena_reset(h, mark);
  if (place) {
    if (made) es_give_up(h, made);
    es_release_owner(h, &outcome);
    lua_pushvalue(L, place);
    return 1;
  }
  if (is_single) {
    if (give_at_once(L, h, &outcome.one, made)) return 1;
    outcome.values = &outcome.one;
    if (native->makes == SOME_OBJECT && outcome.one.kind == ES_OBJECT && !outcome.one.identity) {
      es_push_metatable(L, outcome.one.type);
      lua_replace(L, lua_upvalueindex(2));
      native->makes = outcome.one.type;
    }
  }
  if (made) es_give_up(h, made);
  if (outcome.status != ES_OK) return raise_failure(L, h, &outcome);
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
  native->makes = function->gives_object ? SOME_OBJECT : NO_OBJECT;
  memcpy(native->name, function->name, length + 1);
  lua_pushnil(L);
  lua_pushcclosure(L, es_trampoline, 2);
}

// Lua's collector counts this as if so much had been allocated (lapi.c, LUA_GCSTEP), and works
// until the debt is paid. 3,000 objects of 1 MiB peak at 10 MB instead of 1.5 GB.
void es_pay_debt(lua_State *L, es_host *h) {
  if (h->debt < DEBT_WORTH_PAYING) return;
  size_t kib = h->debt >> 10;
  h->debt = 0;
  lua_gc(L, LUA_GCSTEP, kib > INT_MAX ? INT_MAX : (int)kib);
}
