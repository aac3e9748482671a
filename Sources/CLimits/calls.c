// What a call from Lua costs at least: functions in plain C that check what they are given, in a plain
// Lua state.
#include <lauxlib.h>
#include <lualib.h>

#include "CLimits.h"

static int add(lua_State *L) {
  lua_Number a = luaL_checknumber(L, 1), b = luaL_checknumber(L, 2);
  lua_pushnumber(L, a + b);
  return 1;
}

static int plus(lua_State *L) {
  const double *held = luaL_checkudata(L, 1, "cell");
  lua_pushnumber(L, *held + luaL_checknumber(L, 2));
  return 1;
}

void *el_lua_open(const char *source) {
  lua_State *L = luaL_newstate();
  if (!L) return 0;
  luaL_openlibs(L);
  lua_register(L, "add", add);
  *(double *)lua_newuserdatauv(L, sizeof(double), 0) = 1.0;
  luaL_newmetatable(L, "cell");
  lua_newtable(L);
  lua_pushcfunction(L, plus);
  lua_setfield(L, -2, "plus");
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_setglobal(L, "cell");
  if (luaL_loadstring(L, source) != LUA_OK || lua_pcall(L, 0, 1, 0) != LUA_OK) {
    lua_close(L);
    return 0;
  }
  lua_setglobal(L, "loops");
  return L;
}

int el_lua_run(void *state, const char *name, long count, double *result) {
  lua_State *L = state;
  lua_settop(L, 0);
  lua_getglobal(L, "loops");
  lua_getfield(L, 1, name);
  lua_pushinteger(L, (lua_Integer)count);
  if (lua_pcall(L, 1, 1, 0) != LUA_OK) return 0;
  *result = lua_tonumber(L, -1);
  return 1;
}

void el_lua_close(void *state) { lua_close(state); }
