// coroutine.resume, wrap and close that keep track of which coroutine runs: a hook belongs to one
// coroutine, and a request to stop must reach the one that runs and then its resumers.
#include "host.h"

#define RESUME_COST 100  // instructions; else many short coroutines would escape the budget

static void enter(es_host *h, lua_State *co) {
  if (h->instruction_limit) h->budget -= RESUME_COST;
  es_arm_if_stopping(h, co);
  h->running = co;
}

static void leave(es_host *h, lua_State *L) {
  h->running = L;
  es_arm_if_stopping(h, L);
}

// Moves `count` arguments over and resumes; the results, or one error value and -1, are on L.
static int resume(lua_State *L, lua_State *co, int count) {
  es_host *h = es_of(L);
  if (!lua_checkstack(co, count)) {
    lua_pushliteral(L, "too many arguments to resume");
    return -1;
  }
  lua_xmove(L, co, count);
  int results = 0;
  enter(h, co);
  int status = lua_resume(co, L, count, &results);
  leave(h, L);
  if (status != LUA_OK && status != LUA_YIELD) {
    lua_xmove(co, L, 1);
    return -1;
  }
  if (!lua_checkstack(L, results + 1)) {
    lua_pop(co, results);
    lua_pushliteral(L, "too many results to resume");
    return -1;
  }
  lua_xmove(co, L, results);
  return results;
}

static lua_State *check_coroutine(lua_State *L) {
  lua_State *co = lua_tothread(L, 1);
  if (!co) luaL_typeerror(L, 1, "coroutine");
  return co;
}

static int resume_function(lua_State *L) {
  lua_State *co = check_coroutine(L);
  int count = resume(L, co, lua_gettop(L) - 1);
  lua_pushboolean(L, count >= 0);
  if (count < 0) count = 1;
  lua_insert(L, -(count + 1));
  return count + 1;
}

static int reset(lua_State *L, lua_State *co) {
  es_host *h = es_of(L);
  enter(h, co);
  int status = lua_resetthread(co);  // runs pending <close> variables
  leave(h, L);
  return status;
}

// Unlike Lua's own, it puts no second position in front of the coroutine's message.
static int wrapped(lua_State *L) {
  lua_State *co = lua_tothread(L, lua_upvalueindex(1));
  int count = resume(L, co, lua_gettop(L));
  if (count >= 0) return count;
  int status = lua_status(co);
  if (status != LUA_OK && status != LUA_YIELD) {
    reset(L, co);
    lua_xmove(co, L, 1);  // its error, or one of a <close> variable
  }
  return lua_error(L);
}

static int wrap_function(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_State *co = lua_newthread(L);
  lua_pushvalue(L, 1);
  lua_xmove(L, co, 1);
  lua_pushcclosure(L, wrapped, 1);
  return 1;
}

static int close_function(lua_State *L) {
  lua_State *co = check_coroutine(L);
  lua_Debug ar;
  int status = lua_status(co);
  int is_suspended = status == LUA_YIELD ||
                     (status == LUA_OK && co != L && !lua_getstack(co, 0, &ar));
  if (!is_suspended && (status == LUA_OK || co == L))
    return luaL_error(L, "cannot close a %s coroutine", co == L ? "running" : "normal");
  status = reset(L, co);
  lua_pushboolean(L, status == LUA_OK);
  if (status == LUA_OK) return 1;
  lua_xmove(co, L, 1);
  return 2;
}

void es_install_coroutines(lua_State *L) {  // the library is at the top
  static const luaL_Reg functions[] = {{"resume", resume_function}, {"wrap", wrap_function},
                                       {"close", close_function}, {NULL, NULL}};
  luaL_setfuncs(L, functions, 0);
}
