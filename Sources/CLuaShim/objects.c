// Userdata that stand for Swift objects. Scripts can neither write into a userdata nor attach a
// metatable to one; it is one of ours when it has our size and begins with a mark only C knows.
#include <string.h>

#include "host.h"

const char es_class_key = 0, es_objects_key = 0;

es_object *es_to_object(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TUSERDATA ? es_as_object(L, index) : NULL;
}

const char *es_class_name(lua_State *L, int index) {
  luaL_getmetafield(L, index, "__name");
  const char *name = lua_tostring(L, -1);
  lua_pop(L, 1);  // the metatable keeps it
  return name;
}

static es_holding *new_holding(lua_State *L, es_host *h) {
  es_holding *holding = h->free_holdings;
  if (!holding) return es_grow(L, h, sizeof *holding);
  h->free_holdings = holding->next;
  return holding;
}

static void free_holding(es_host *h, es_holding *holding) {
  holding->next = h->free_holdings;
  h->free_holdings = holding;
}

static void drop(es_host *h, es_holding *holding) {
  void *swift = holding->swift;
  if (holding->previous) holding->previous->next = holding->next;
  else h->holdings = holding->next;
  if (holding->next) holding->next->previous = holding->previous;
  free_holding(h, holding);
  h->quiet++;
  h->callbacks.release_object(swift);
  h->quiet--;
}

void es_release_holdings(es_host *h) {
  while (h->holdings) drop(h, h->holdings);
  while (h->free_holdings) {
    es_holding *holding = h->free_holdings;
    h->free_holdings = holding->next;
    es_allocate(h, holding, sizeof *holding, 0);
  }
}

// Empties first, releases after: closing, leaving a scope and collection may all happen.
static int let_go(lua_State *L) {
  es_object *object = es_to_object(L, 1);
  if (!object) return es_raise(L, "close: self must be an object, got %s", luaL_typename(L, 1));
  if (!object->swift) return 0;
  es_host *h = es_of(L);
  object->swift = NULL;
  h->external -= object->bytes;
  drop(h, object->holding);
  return 0;
}

void es_push_metatable(lua_State *L, int32_t type) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &es_class_key);
  lua_rawgeti(L, -1, type);
  lua_remove(L, -2);
}

// Room for an object, at the top of the stack. Everything that may fail happens here, so that taking
// over what Swift has made cannot. The metatable comes at once: Lua looks for an object that gets a
// finalizer among all that were made after it.
es_object *es_prepare_object(lua_State *L, es_host *h, int32_t type, int metatable) {
  es_object *object = lua_newuserdatauv(L, sizeof *object, 0);
  *object = (es_object){.mark = &es_class_key, .type = type};
  object->holding = new_holding(L, h);
  lua_pushvalue(L, metatable);
  lua_setmetatable(L, -2);
  return object;
}

// Takes over one strong reference.
void es_adopt(es_host *h, es_object *object, const es_value *value) {
  es_holding *holding = object->holding;
  *holding = (es_holding){value->object, h->holdings, NULL};
  if (h->holdings) h->holdings->previous = holding;
  h->holdings = holding;
  object->swift = value->object;
  object->bytes = value->length;
  h->external += object->bytes;
  h->debt += object->bytes;
}

// Swift made nothing for it. What is left is like a closed object, and nothing refers to it.
void es_give_up(es_host *h, es_object *object) {
  free_holding(h, object->holding);
  object->holding = NULL;
}

static int push_known(lua_State *L, const es_value *value) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &es_objects_key);
  if (lua_rawgetp(L, -1, value->identity) == LUA_TUSERDATA) {
    es_object *known = lua_touserdata(L, -1);
    if (known->swift && known->type == value->type) {
      lua_remove(L, -2);
      return 1;
    }
  }
  lua_pop(L, 2);
  return 0;
}

void es_push_object(lua_State *L, es_host *h, const es_value *value) {
  luaL_checkstack(L, 6, NULL);
  if (value->identity && push_known(L, value)) return;
  es_push_metatable(L, value->type);
  es_object *object = es_prepare_object(L, h, value->type, lua_gettop(L));
  lua_remove(L, -2);
  h->callbacks.retain_object(value->object);
  es_adopt(h, object, value);
  if (!value->identity) return;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &es_objects_key);
  lua_pushvalue(L, -2);
  lua_rawsetp(L, -2, value->identity);
  lua_pop(L, 1);
}

// ── Access to fields ────────────────────────────────────────────────────────────────────────────

enum { METHODS = 1, GETTERS, SETTERS, INDEX, NEWINDEX, CLASS };

static int no_such_field(lua_State *L) {
  size_t length;
  const char *name = lua_tolstring(L, 2, &length);
  const char *class_ = lua_tostring(L, lua_upvalueindex(CLASS));
  lua_newtable(L);
  for (int i = METHODS; i <= GETTERS; i++) {
    lua_pushnil(L);
    while (lua_next(L, lua_upvalueindex(i))) {
      lua_pop(L, 1);
      lua_pushvalue(L, -1);
      lua_pushboolean(L, 1);
      lua_rawset(L, -4);
    }
  }
  if (es_did_you_mean(L, lua_gettop(L), name, length))
    return es_raise(L, "%s has no method or property '%s' (did you mean '%s'?)", class_, name,
                    lua_tostring(L, -1));
  return es_raise(L, "%s has no method or property '%s'", class_, name);
}

static int get_field(lua_State *L) {
  if (lua_type(L, 2) != LUA_TSTRING) {
    if (lua_isnil(L, lua_upvalueindex(INDEX)))
      return es_raise(L, "%s cannot be indexed by a %s", lua_tostring(L, lua_upvalueindex(CLASS)),
                      luaL_typename(L, 2));
    lua_pushvalue(L, lua_upvalueindex(INDEX));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
  }
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(METHODS)) != LUA_TNIL) return 1;
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(GETTERS)) == LUA_TNIL) return no_such_field(L);
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

static int set_field(lua_State *L) {
  const char *class_ = lua_tostring(L, lua_upvalueindex(CLASS));
  if (lua_type(L, 2) != LUA_TSTRING) {
    if (lua_isnil(L, lua_upvalueindex(NEWINDEX)))
      return es_raise(L, "%s cannot be assigned to by index", class_);
    lua_pushvalue(L, lua_upvalueindex(NEWINDEX));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 0);
    return 0;
  }
  lua_pushvalue(L, 2);
  if (lua_rawget(L, lua_upvalueindex(SETTERS)) == LUA_TNIL)
    return es_raise(L, "%s has no property '%s' to assign to", class_, lua_tostring(L, 2));
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 3);
  lua_call(L, 2, 0);
  return 0;
}

// Upvalue 1 is the class's own __tostring or nil. A closed object still has a text.
static int to_string(lua_State *L) {
  es_object *object = es_to_object(L, 1);
  if (!object) return es_raise(L, "tostring: self must be an object, got %s", luaL_typename(L, 1));
  if (!object->swift) {
    lua_pushfstring(L, "%s (closed)", es_class_name(L, 1));
    return 1;
  }
  if (lua_isnil(L, lua_upvalueindex(1))) {
    lua_pushstring(L, es_class_name(L, 1));
    return 1;
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_call(L, 1, 1);
  return 1;
}

// ── Registration ────────────────────────────────────────────────────────────────────────────────

static void push_entries(lua_State *L, es_host *h, const es_entry *entries, size_t count) {
  lua_createtable(L, 0, (int)count);
  for (size_t i = 0; i < count; i++) {
    es_push_native(L, h, &entries[i].function);
    lua_setfield(L, -2, entries[i].key);
  }
}

// Puts field `name` of the table at the top after it on the stack, and takes it out of the table.
static void take_field(lua_State *L, int table, const char *name) {
  lua_getfield(L, table, name);
  lua_pushnil(L);
  lua_setfield(L, table, name);
}

static void set_index_functions(lua_State *L, int metatable, const es_class *class_, es_host *h) {
  static const struct { const char *name; lua_CFunction function; } accessors[] = {
    {"__index", get_field}, {"__newindex", set_field}};
  push_entries(L, h, class_->methods, class_->method_count);
  if (lua_getfield(L, -1, "close") == LUA_TNIL) {
    lua_pushcfunction(L, let_go);
    lua_setfield(L, -3, "close");
  }
  lua_pop(L, 1);
  push_entries(L, h, class_->getters, class_->getter_count);
  push_entries(L, h, class_->setters, class_->setter_count);
  take_field(L, metatable, "__index");
  take_field(L, metatable, "__newindex");
  lua_pushstring(L, class_->name);
  for (int i = 0; i < 2; i++) {
    for (int upvalue = 0; upvalue < CLASS; upvalue++) lua_pushvalue(L, metatable + 1 + upvalue);
    lua_pushcclosure(L, accessors[i].function, CLASS);
    lua_setfield(L, metatable, accessors[i].name);
  }
  lua_settop(L, metatable);
}

typedef struct request {
  es_host *h;
  const es_class *class_;
} request;

// The table of classes in the registry gets the metatable last: a failure leaves no half of one.
static int register_class(lua_State *L) {
  request *r = lua_touserdata(L, 1);
  const es_class *class_ = r->class_;
  lua_settop(L, 0);
  push_entries(L, r->h, class_->metamethods, class_->metamethod_count);
  set_index_functions(L, 1, class_, r->h);
  lua_getfield(L, 1, "__tostring");
  lua_pushcclosure(L, to_string, 1);
  lua_setfield(L, 1, "__tostring");
  lua_pushcfunction(L, let_go);
  lua_pushvalue(L, -1);
  lua_setfield(L, 1, "__gc");
  lua_setfield(L, 1, "__close");
  lua_pushstring(L, class_->name);
  lua_setfield(L, 1, "__name");
  lua_pushliteral(L, "locked");
  lua_setfield(L, 1, "__metatable");
  lua_pushinteger(L, class_->id);
  lua_rawsetp(L, 1, &es_class_key);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &es_class_key) == LUA_TNIL) {
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &es_class_key);
    lua_replace(L, -2);
  }
  lua_pushvalue(L, 1);
  lua_rawseti(L, -2, class_->id);
  return 0;
}

void es_register_class(es_host *h, const es_class *class_, es_outcome *outcome) {
  request r = {h, class_};
  es_protect(h, register_class, &r, 0, outcome);
}
