// What scripts find: Lua's libraries, cut down to lists, with some functions replaced. An
// allow-list keeps out what a later release of Lua adds.
#include <stdlib.h>
#include <string.h>

#include <lualib.h>

#include "host.h"

const char es_seed_key = 0;
static const char snapshot_key = 0;

typedef struct library {
  const char *name;
  lua_CFunction open;
  const char *always, *trusted;  // names, in both profiles and in `open` only
} library;

static const library libraries[] = {
  {"_G", luaopen_base,
   "_G _VERSION assert collectgarbage coroutine error getmetatable ipairs load math next os pairs "
   "pcall print rawequal rawget rawlen rawset require select setmetatable string table tonumber "
   "tostring type utf8 warn xpcall", "debug dofile io loadfile"},
  {"coroutine", luaopen_coroutine, "close create isyieldable resume running status wrap yield", ""},
  {"math", luaopen_math,
   "abs acos asin atan ceil cos deg exp floor fmod huge log max maxinteger min mininteger modf pi "
   "rad random randomseed sin sqrt tan tointeger type ult", ""},
  {"os", luaopen_os, "clock date difftime time", "execute exit getenv remove rename tmpname"},
  {"string", luaopen_string,
   "byte char find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper",
   ""},
  {"table", luaopen_table, "concat insert move pack remove sort unpack", ""},
  {"utf8", luaopen_utf8, "char charpattern codepoint codes len offset", ""},
  {"io", luaopen_io, "",
   "close flush input lines open output popen read stderr stdin stdout tmpfile type write"},
  {"debug", luaopen_debug, "", "getinfo traceback"},
};
#define LIBRARIES (sizeof libraries / sizeof *libraries)

static int is_listed(const char *list, const char *name) {
  size_t length = strlen(name);
  if (!length) return 0;
  for (const char *p = list; (p = strstr(p, name)); p += length)
    if ((p == list || p[-1] == ' ') && (p[length] == ' ' || !p[length])) return 1;
  return 0;
}

int es_is_standard(const char *name) {
  for (size_t i = 0; i < LIBRARIES; i++)
    if (strcmp(libraries[i].name, name) == 0) return 1;
  return 0;
}

// ── Replaced functions ──────────────────────────────────────────────────────────────────────────

static int print(lua_State *L) {
  es_host *h = es_of(L);
  int count = lua_gettop(L);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  for (int i = 1; i <= count; i++) {
    if (i > 1) luaL_addchar(&buffer, '\t');
    luaL_tolstring(L, i, NULL);
    luaL_addvalue(&buffer);
  }
  luaL_pushresult(&buffer);
  size_t length;
  const char *text = lua_tolstring(L, -1, &length);
  h->quiet++;
  h->callbacks.print(h->callbacks.context, text, length);
  h->quiet--;
  return 0;
}

static int collect_garbage(lua_State *L) {
  const char *what = luaL_optstring(L, 1, "collect");
  if (strcmp(what, "collect") == 0) lua_pushinteger(L, lua_gc(L, LUA_GCCOLLECT));
  else if (strcmp(what, "step") == 0)
    lua_pushboolean(L, lua_gc(L, LUA_GCSTEP, (int)(luaL_optinteger(L, 2, 0) & 0xFFFFFF)));
  else if (strcmp(what, "count") == 0)
    lua_pushnumber(L, lua_gc(L, LUA_GCCOUNT) + lua_gc(L, LUA_GCCOUNTB) / 1024.0);
  else
    return es_raise(L, "collectgarbage: expected 'collect', 'step' or 'count', got '%s'", what);
  return 1;
}

// A handler runs where hooks are off; after a request to stop it must not run at all.
static int guarded_handler(lua_State *L) {
  if (es_is_stopping(es_of(L))) return 1;
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

static int guarded_xpcall(lua_State *L) {
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, guarded_handler, 1);
  lua_replace(L, 2);
  return es_of(L)->xpcall(L);
}

// Finalizers run where hooks are off too: a plug-in could never be stopped.
static int guarded_setmetatable(lua_State *L) {
  if (lua_type(L, 2) == LUA_TTABLE) {
    lua_pushliteral(L, "__gc");
    if (lua_rawget(L, 2) != LUA_TNIL)
      return es_raise(L, "setmetatable: plug-ins have no finalizers (__gc)");
    lua_pop(L, 1);
  }
  return es_of(L)->setmetatable(L);
}

static int guarded_rawset(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checkany(L, 3);
  if (lua_getmetatable(L, 1) && lua_rawgetp(L, -1, &es_module_key) != LUA_TNIL)
    return es_raise(L, "rawset: a native module cannot be changed");
  lua_settop(L, 3);
  lua_rawset(L, 1);
  return 1;
}

// Lua's libraries build strings in blocks for which Lua does not collect before it gives up
// (lauxlib.c, resizebox): garbage would count against the script. What fails without having had an
// effect is tried again after a collection.
static int retrying(lua_State *L) {  // upvalue 1: Lua's own function
  lua_CFunction function = lua_tocfunction(L, lua_upvalueindex(1));
  es_host *h = es_of(L);
  int count = lua_gettop(L);
  int has_events = lua_type(L, 1) == LUA_TTABLE && lua_getmetatable(L, 1);
  lua_settop(L, count);
  if (!h->limit || has_events) return function(L);
  luaL_checkstack(L, count + 1, "too many arguments");
  lua_pushcfunction(L, function);
  for (int i = 1; i <= count; i++) lua_pushvalue(L, i);
  int status = lua_pcall(L, count, 1, 0);
  if (status == LUA_OK) return 1;
  if (es_is_stopping(h)) return lua_error(L);
  int is_memory_error = es_is_memory_error(L, status);
  lua_settop(L, count);
  if (is_memory_error) lua_gc(L, LUA_GCCOLLECT);
  return function(L);  // other errors once more, at the caller's position
}

static void make_retrying(lua_State *L, int library) {
  static const char *const names[] = {"rep", "upper", "lower", "reverse", "concat"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (lua_getfield(L, library, names[i]) == LUA_TFUNCTION) {
      lua_pushcclosure(L, retrying, 1);
      lua_setfield(L, library, names[i]);
    } else {
      lua_pop(L, 1);
    }
  }
}

static int load_text(lua_State *L) {  // upvalue 1: what stands for the globals, or nil
  const char *mode = luaL_optstring(L, 3, "t");
  if (!strchr(mode, 't')) return es_raise(L, "load: only source text can be loaded");
  if (lua_gettop(L) < 3) lua_settop(L, 3);
  lua_pushliteral(L, "t");
  lua_replace(L, 3);
  if (lua_gettop(L) == 3 && !lua_isnil(L, lua_upvalueindex(1)))
    lua_pushvalue(L, lua_upvalueindex(1));
  return es_of(L)->load(L);
}

static int load_text_file(lua_State *L) {
  if (lua_gettop(L) < 2) lua_settop(L, 2);
  lua_pushliteral(L, "t");
  lua_replace(L, 2);
  return es_of(L)->loadfile(L);
}

static int do_text_file(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  lua_settop(L, 1);
  if (luaL_loadfilex(L, path, "t") != LUA_OK) return lua_error(L);
  lua_call(L, 0, LUA_MULTRET);
  return lua_gettop(L) - 1;
}

// An error that nothing catches: files are closed and runs are ended in order.
static int exit_script(lua_State *L) {
  es_host *h = es_of(L);
  if (lua_isboolean(L, 1)) h->exit_code = lua_toboolean(L, 1) ? EXIT_SUCCESS : EXIT_FAILURE;
  else h->exit_code = (int)luaL_optinteger(L, 1, EXIT_SUCCESS);
  atomic_store(&h->stop, ES_EXIT);
  es_arm(L);
  lua_pushlightuserdata(L, (void *)&es_exit_key);
  return lua_error(L);
}

static void set_functions(lua_State *L, int table, int sandboxed) {
  static const luaL_Reg always[] = {
    {"print", print}, {"collectgarbage", collect_garbage}, {"xpcall", guarded_xpcall},
    {"rawset", guarded_rawset}, {NULL, NULL}};
  lua_pushvalue(L, table);
  luaL_setfuncs(L, always, 0);
  if (sandboxed) {
    lua_pushcfunction(L, guarded_setmetatable);
    lua_setfield(L, -2, "setmetatable");
  } else {
    lua_pushcfunction(L, load_text_file);
    lua_setfield(L, -2, "loadfile");
    lua_pushcfunction(L, do_text_file);
    lua_setfield(L, -2, "dofile");
  }
  lua_pop(L, 1);
}

// `load` and `require` as seen from an environment, 0 for the shared globals.
static void set_loaders(lua_State *L, int table, int environment) {
  if (environment) lua_pushvalue(L, environment);
  else lua_pushnil(L);
  lua_pushcclosure(L, load_text, 1);
  lua_setfield(L, table, "load");
  es_push_require(L, environment);
  lua_setfield(L, table, "require");
}

// ── Cutting down ────────────────────────────────────────────────────────────────────────────────

static void prune(lua_State *L, int table, const library *lib, int sandboxed) {
  lua_pushnil(L);
  while (lua_next(L, table)) {
    lua_pop(L, 1);
    const char *name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
    if (is_listed(lib->always, name) || (!sandboxed && is_listed(lib->trusted, name))) continue;
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, table);
  }
}

// Leaves a copy of the table at the top, one level deep.
static void copy_table(lua_State *L, int table) {
  lua_newtable(L);
  lua_pushnil(L);
  while (lua_next(L, table)) {
    lua_pushvalue(L, -2);
    lua_insert(L, -2);
    lua_rawset(L, -4);
  }
}

// What the sandbox allows, before any script could have changed it.
static void take_snapshot(lua_State *L) {
  lua_newtable(L);
  int snapshot = lua_gettop(L);
  for (size_t i = 0; i < LIBRARIES; i++) {
    if (!*libraries[i].always) continue;
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_getfield(L, -1, libraries[i].name);
    copy_table(L, lua_gettop(L));
    prune(L, lua_gettop(L), &libraries[i], 1);
    lua_setfield(L, snapshot, libraries[i].name);
    lua_settop(L, snapshot);
  }
  lua_getfield(L, snapshot, "_G");
  set_functions(L, lua_gettop(L), 1);
  lua_pop(L, 1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &snapshot_key);
}

static void lock_strings(lua_State *L) {
  lua_pushliteral(L, "");
  lua_getmetatable(L, -1);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pop(L, 2);
}

static lua_CFunction original(lua_State *L, const char *name) {
  lua_getglobal(L, name);
  lua_CFunction function = lua_tocfunction(L, -1);
  lua_pop(L, 1);
  return function;
}

void es_open_environment(lua_State *L, es_host *h) {
  for (size_t i = 0; i < LIBRARIES; i++) {
    if (h->sandboxed && !*libraries[i].always) continue;
    luaL_requiref(L, libraries[i].name, libraries[i].open, 1);
    if (libraries[i].open == luaopen_coroutine) es_install_coroutines(L);
    make_retrying(L, lua_gettop(L));
    if (libraries[i].open == luaopen_math) {
      lua_getfield(L, -1, "randomseed");
      lua_rawsetp(L, LUA_REGISTRYINDEX, &es_seed_key);
    }
    if (libraries[i].open == luaopen_os && !h->sandboxed) {
      lua_pushcfunction(L, exit_script);
      lua_setfield(L, -2, "exit");
    }
    lua_pop(L, 1);
  }
  h->load = original(L, "load");
  h->loadfile = original(L, "loadfile");
  h->xpcall = original(L, "xpcall");
  h->setmetatable = original(L, "setmetatable");
  lock_strings(L);
  take_snapshot(L);
  for (size_t i = 0; i < LIBRARIES; i++) {
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    if (lua_getfield(L, -1, libraries[i].name) == LUA_TTABLE)
      prune(L, lua_gettop(L), &libraries[i], h->sandboxed);
    lua_pop(L, 2);
  }
  lua_pushglobaltable(L);
  set_functions(L, lua_gettop(L), h->sandboxed);
  set_loaders(L, lua_gettop(L), 0);
  es_make_strict(L, lua_gettop(L));
  lua_pop(L, 1);
}

// ── Globals of one's own ────────────────────────────────────────────────────────────────────────

// Modules are read-only and native functions do no harm: an isolated chunk shares them.
static int is_native(lua_State *L, int index) {
  if (lua_tocfunction(L, index) == es_trampoline) return 1;
  if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index)) return 0;
  int found = lua_rawgetp(L, -1, &es_module_key) != LUA_TNIL;
  lua_pop(L, 2);
  return found;
}

void es_push_isolated(lua_State *L, es_host *h) {
  (void)h;
  luaL_checkstack(L, 12, NULL);
  int base = lua_gettop(L);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &snapshot_key);
  lua_getfield(L, base + 1, "_G");
  copy_table(L, base + 2);
  int environment = lua_gettop(L);
  for (size_t i = 1; i < LIBRARIES; i++) {
    if (lua_getfield(L, base + 1, libraries[i].name) == LUA_TTABLE) {
      copy_table(L, lua_gettop(L));
      lua_setfield(L, environment, libraries[i].name);
    }
    lua_settop(L, environment);
  }
  lua_pushglobaltable(L);
  lua_pushnil(L);
  while (lua_next(L, environment + 1)) {
    if (is_native(L, lua_gettop(L))) {
      lua_pushvalue(L, -2);
      lua_pushvalue(L, -2);
      lua_rawset(L, environment);
    }
    lua_pop(L, 1);
  }
  lua_settop(L, environment);
  lua_pushvalue(L, environment);
  lua_setfield(L, environment, "_G");
  set_loaders(L, environment, environment);
  es_make_strict(L, environment);
  lua_replace(L, base + 1);
  lua_settop(L, base + 1);
}
