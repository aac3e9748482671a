// Native modules, `require`, and names that are not there.
//
// Scripts see an empty table whose metatable leads to the real one:
//
//   tensor {} ── __index ──▶ { zeros = …, randn = … } ── __index ──▶ error, with a suggestion
//
// Hits are found by the VM itself; the real table is never handed out.
#include <string.h>

#include "host.h"

const char es_module_key = 0;
static const char loading_key = 0;

// ── Suggestions ─────────────────────────────────────────────────────────────────────────────────

#define LONGEST_WORD 64

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

// Optimal string alignment: two swapped neighbours count as one edit, the commonest slip of all.
size_t es_distance(const char *a, size_t a_length, const char *b, size_t b_length, size_t cap) {
  size_t rows[3][LONGEST_WORD + 1];
  if (a_length > LONGEST_WORD || b_length > LONGEST_WORD) return cap;
  size_t *older = rows[0], *last = rows[1], *row = rows[2];
  for (size_t j = 0; j <= b_length; j++) row[j] = j;
  for (size_t i = 1; i <= a_length; i++) {
    size_t *free_row = older;
    older = last;
    last = row;
    row = free_row;
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
      row[j] = least(1 + least(last[j], row[j - 1]), last[j - 1] + (a[i - 1] != b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = least(row[j], older[j - 2] + 1);
    }
  }
  return least(row[b_length], cap);
}

// Pushes the nearest key; of equally near ones the first in the alphabet, since the order of a
// table differs from process to process.
int es_did_you_mean(lua_State *L, int table, const char *name, size_t length) {
  size_t best = 1 + (length < 3 ? 1 : length < 12 ? length / 3 : 4);
  luaL_checkstack(L, 6, NULL);
  lua_pushnil(L);
  int found = lua_gettop(L);
  lua_pushnil(L);
  while (lua_next(L, table)) {
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TSTRING) continue;
    size_t key_length;
    const char *key = lua_tolstring(L, -1, &key_length);
    size_t distance = es_distance(name, length, key, key_length, best + 1);
    int is_first = !lua_isnil(L, found) && strcmp(key, lua_tostring(L, found)) < 0;
    if (distance > best || (distance == best && !is_first)) continue;
    best = distance;
    lua_pushvalue(L, -1);
    lua_replace(L, found);
  }
  lua_settop(L, found);
  return !lua_isnil(L, found);
}

static int undefined(lua_State *L) {  // globals, key
  if (lua_type(L, 2) != LUA_TSTRING) return 0;
  size_t length;
  const char *name = lua_tolstring(L, 2, &length);
  if (es_did_you_mean(L, 1, name, length))
    return es_raise(L, "undefined variable '%s' (did you mean '%s'?)", name, lua_tostring(L, -1));
  return es_raise(L, "undefined variable '%s'", name);
}

void es_make_strict(lua_State *L, int index) {
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, undefined);
  lua_setfield(L, -2, "__index");
  lua_pushliteral(L, "locked");
  lua_setfield(L, -2, "__metatable");
  lua_setmetatable(L, index);
}

// ── Modules ─────────────────────────────────────────────────────────────────────────────────────

static int missing(lua_State *L) {  // real table, key; upvalue 1: the module's name
  const char *module = lua_tostring(L, lua_upvalueindex(1));
  if (lua_type(L, 2) != LUA_TSTRING)
    return es_raise(L, "module '%s' cannot be indexed by a %s", module, luaL_typename(L, 2));
  size_t length;
  const char *name = lua_tolstring(L, 2, &length);
  if (es_did_you_mean(L, 1, name, length))
    return es_raise(L, "module '%s' has no '%s' (did you mean '%s'?)", module, name,
                    lua_tostring(L, -1));
  return es_raise(L, "module '%s' has no '%s'", module, name);
}

static int refuse_assignment(lua_State *L) {
  return es_raise(L, "module '%s' cannot be changed", lua_tostring(L, lua_upvalueindex(1)));
}

static int next_field(lua_State *L) {  // upvalue 1: the real table
  lua_settop(L, 2);
  return lua_next(L, lua_upvalueindex(1)) ? 2 : 0;
}

static int pairs(lua_State *L) {
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushcclosure(L, next_field, 1);
  return 1;
}

static int module_to_string(lua_State *L) {
  lua_pushfstring(L, "module '%s'", lua_tostring(L, lua_upvalueindex(1)));
  return 1;
}

static void set_with_upvalue(lua_State *L, const char *name, lua_CFunction function, int upvalue) {
  lua_pushvalue(L, upvalue);
  lua_pushcclosure(L, function, 1);
  lua_setfield(L, -2, name);
}

typedef struct request {
  es_host *h;
  const es_module *module;
  const es_entry *entry;
} request;

enum { NAME = 1, REAL, PROXY };

static void fill(lua_State *L, es_host *h, const es_module *module) {
  lua_createtable(L, 0, (int)(module->function_count + module->constants->field_count));
  for (size_t i = 0; i < module->function_count; i++) {
    es_push_native(L, h, &module->functions[i].function);
    lua_setfield(L, REAL, module->functions[i].key);
  }
  for (size_t i = 0; i < module->constants->field_count; i++) {
    es_write(L, h, &module->constants->fields[i].value);
    lua_setfield(L, REAL, module->constants->fields[i].name);
  }
  lua_createtable(L, 0, 1);
  set_with_upvalue(L, "__index", missing, NAME);
  lua_setmetatable(L, REAL);
}

static void make_proxy(lua_State *L, const es_module *module) {
  lua_newtable(L);
  lua_createtable(L, 0, 7);
  lua_pushvalue(L, REAL);
  lua_setfield(L, -2, "__index");
  set_with_upvalue(L, "__newindex", refuse_assignment, NAME);
  set_with_upvalue(L, "__pairs", pairs, REAL);
  set_with_upvalue(L, "__tostring", module_to_string, NAME);
  lua_pushliteral(L, "locked");
  lua_setfield(L, -2, "__metatable");
  lua_pushinteger(L, module->id);
  lua_rawsetp(L, -2, &es_module_key);
  lua_setmetatable(L, PROXY);
}

// `a.b` becomes field `b` of the native module `a`, when there is one.
static void hang_below_parent(lua_State *L, const char *name) {
  const char *dot = strrchr(name, '.');
  if (!dot) return;
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_pushlstring(L, name, (size_t)(dot - name));
  if (lua_rawget(L, -2) != LUA_TTABLE || !lua_getmetatable(L, -1)) return;
  if (lua_rawgetp(L, -1, &es_module_key) == LUA_TNIL) return;
  lua_getfield(L, -2, "__index");
  lua_pushvalue(L, PROXY);
  lua_pushstring(L, dot + 1);
  lua_insert(L, -2);
  lua_rawset(L, -3);
}

static int register_module(lua_State *L) {
  request *r = lua_touserdata(L, 1);
  lua_settop(L, 0);
  lua_pushstring(L, r->module->name);
  fill(L, r->h, r->module);
  make_proxy(L, r->module);
  hang_below_parent(L, r->module->name);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_pushvalue(L, PROXY);
  lua_setfield(L, -2, r->module->name);
  if (!r->module->is_global) return 0;
  lua_pushglobaltable(L);
  lua_pushvalue(L, NAME);
  lua_pushvalue(L, PROXY);
  lua_rawset(L, -3);
  return 0;
}

void es_register_module(es_host *h, const es_module *module, es_outcome *outcome) {
  request r = {.h = h, .module = module};
  es_protect(h, register_module, &r, 0, outcome);
}

static int register_global(lua_State *L) {
  request *r = lua_touserdata(L, 1);
  lua_pushglobaltable(L);
  lua_pushstring(L, r->entry->key);
  es_push_native(L, r->h, &r->entry->function);
  lua_rawset(L, -3);
  return 0;
}

void es_register_global(es_host *h, const es_entry *entry, es_outcome *outcome) {
  request r = {.h = h, .entry = entry};
  es_protect(h, register_global, &r, 0, outcome);
}

// ── require ─────────────────────────────────────────────────────────────────────────────────────

static int is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// ^[%w_]+(%.[%w_]+)*$, so that no name leaves the roots.
static int is_module_name(const char *name, size_t length) {
  if (length == 0 || length > 200) return 0;
  for (size_t i = 0; i < length; i++) {
    if (is_word(name[i])) continue;
    if (name[i] != '.' || i == 0 || i + 1 == length || name[i + 1] == '.') return 0;
  }
  return 1;
}

// Leaves the chunk and its name on the stack, or raises.
static void load_module(lua_State *L, es_host *h, const char *name, size_t length) {
  es_outcome outcome;
  memset(&outcome, 0, sizeof outcome);
  h->quiet++;
  h->callbacks.find_module(h->callbacks.context, name, length, &outcome);
  h->quiet--;
  char text[1024];
  int found = outcome.status == ES_OK && outcome.count == 2;
  const char *note = found ? outcome.values[0].text : outcome.message;
  size_t size = found ? outcome.values[0].length : outcome.message_length;
  if (size > sizeof text - 1) size = sizeof text - 1;
  memcpy(text, note, size);
  text[size] = 0;
  int status = LUA_OK;
  if (found)
    status = luaL_loadbufferx(L, outcome.values[1].text, outcome.values[1].length, text, "t");
  es_release_owner(h, &outcome);
  if (!found) es_raise(L, "require: %s", text);
  if (status != LUA_OK) lua_error(L);
  lua_pushstring(L, text + (text[0] == '@'));
}

static int isolated_library(lua_State *L, const char *name) {
  lua_pushstring(L, name);
  if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  return es_raise(L, "require: module '%s' is not available to plug-ins", name);
}

static int require(lua_State *L) {  // upvalue 1: the environment, or nil
  es_host *h = es_of(L);
  size_t length;
  luaL_checktype(L, 1, LUA_TSTRING);
  const char *name = lua_tolstring(L, 1, &length);
  lua_settop(L, 1);
  if (!is_module_name(name, length))
    return es_raise(L, "require: '%s' is no module name; expected words joined by dots", name);
  if (!lua_isnil(L, lua_upvalueindex(1)) && es_is_standard(name)) return isolated_library(L, name);
  luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  lua_getfield(L, 2, name);
  if (lua_touserdata(L, 3) == &loading_key)
    return es_raise(L, "require: module '%s' requires itself, directly or through others", name);
  if (lua_toboolean(L, 3)) return 1;
  lua_settop(L, 2);
  lua_pushcfunction(L, es_on_error);
  load_module(L, h, name, length);  // chunk 4, chunk name 5
  lua_pushlightuserdata(L, (void *)&loading_key);
  lua_setfield(L, 2, name);
  lua_pushvalue(L, 4);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 5);
  int status = lua_pcall(L, 2, 1, 3);
  if (status == LUA_OK && lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_pushboolean(L, 1);
  }
  if (status == LUA_OK) lua_pushvalue(L, -1);
  else lua_pushnil(L);
  lua_setfield(L, 2, name);
  if (status != LUA_OK) {
    h->kept = lua_topointer(L, -1);
    return lua_error(L);
  }
  lua_pushvalue(L, 5);
  return 2;
}

void es_push_require(lua_State *L, int environment) {
  if (environment) lua_pushvalue(L, environment);
  else lua_pushnil(L);
  lua_pushcclosure(L, require, 1);
}
