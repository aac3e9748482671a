// Values between Lua and Swift. Reading copies tables into the arena, whole and raw (metamethods
// are not asked); writing builds tables. Both run below a lua_pcall and raise plain texts.
#include <string.h>

#include "host.h"

#define DEEPEST 64
#define MOST_NODES 10000000
#define NODES_PER_TABLE 16           // an empty table costs about as much as that many numbers
#define EXACT ((int64_t)1 << 53)     // doubles hold every integer up to here
#define LONG_TABLE 100000

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────

typedef struct reader {
  es_host *h;
  int by_reference;  // of tables at the top
  int depth;
  const void *path[DEEPEST];  // the tables that are being read, outermost first
} reader;

// Items while it is not yet known whether all are numbers of one kind.
typedef struct items {
  int kind;  // ES_INTEGER, ES_NUMBER; ES_NIL: es_value
  size_t count, seen;
  void *slots;
} items;

static void fail(lua_State *L, const char *text) {
  lua_pushstring(L, text);
  lua_error(L);
}

static void read_value(lua_State *L, reader *r, int index, int copies_text, es_value *value);

// A table of a hundred million values takes seconds and gigabytes; let Ctrl-C in.
static void count_nodes(lua_State *L, es_host *h, size_t count) {
  h->nodes += count;
  if (h->nodes > MOST_NODES) fail(L, "table holds more than 10,000,000 values");
  if (h->nodes % 4096 == 0 && es_is_stopping(h)) fail(L, "interrupted");
}

// A table with entries at 1, 2, 4, 8 … 2^40 has length 2^40: count before making room for it.
static void check_length(lua_State *L, int index, size_t count) {
  size_t entries = 0;
  lua_pushnil(L);
  while (entries < count && lua_next(L, index)) {
    lua_pop(L, 1);
    entries++;
  }
  if (entries < count) fail(L, "table has a gap; positions run from 1 to n");
  lua_pop(L, 1);
}

static void start_items(lua_State *L, reader *r, items *it, int64_t count, int first_type) {
  it->count = (size_t)count;
  it->seen = 0;
  it->kind = first_type == LUA_TNUMBER ? ES_INTEGER : ES_NIL;
  it->slots = NULL;
  if (count)
    it->slots = es_arena(L, r->h, it->count * (it->kind ? sizeof(int64_t) : sizeof(es_value)));
}

// Unfilled slots hold garbage meanwhile, which is copied but never read.
static void make_general(lua_State *L, reader *r, items *it) {
  es_value *values = es_arena(L, r->h, it->count * sizeof(es_value));
  for (size_t i = 0; i < it->count; i++) {
    memset(&values[i], 0, sizeof values[i]);
    values[i].kind = it->kind;
    if (it->kind == ES_INTEGER) values[i].integer = ((int64_t *)it->slots)[i];
    else values[i].number = ((double *)it->slots)[i];
  }
  it->slots = values;
  it->kind = ES_NIL;
}

// From integers to doubles, unless a double could not hold one of them.
static void make_numbers(lua_State *L, reader *r, items *it, const uint8_t *filled) {
  for (size_t i = 0; i < it->count; i++) {
    if (!filled[i]) continue;
    int64_t value = ((int64_t *)it->slots)[i];
    if (value > EXACT || value < -EXACT) {
      make_general(L, r, it);
      return;
    }
  }
  for (size_t i = 0; i < it->count; i++) {
    int64_t value = filled[i] ? ((int64_t *)it->slots)[i] : 0;
    ((double *)it->slots)[i] = (double)value;
  }
  it->kind = ES_NUMBER;
}

// Puts the value at the top of the stack at a position.
static void put_item(lua_State *L, reader *r, items *it, uint8_t *filled, size_t at) {
  int is_number = lua_type(L, -1) == LUA_TNUMBER;
  if (it->kind == ES_INTEGER && is_number && !lua_isinteger(L, -1))
    make_numbers(L, r, it, filled);
  if (it->kind == ES_NUMBER && is_number && lua_isinteger(L, -1)) {
    int64_t value = lua_tointeger(L, -1);
    if (value > EXACT || value < -EXACT) make_general(L, r, it);
  }
  if (it->kind != ES_NIL && !is_number) make_general(L, r, it);
  if (it->kind == ES_INTEGER) ((int64_t *)it->slots)[at] = lua_tointeger(L, -1);
  else if (it->kind == ES_NUMBER) ((double *)it->slots)[at] = lua_tonumber(L, -1);
  else read_value(L, r, lua_gettop(L), 1, (es_value *)it->slots + at);
  filled[at] = 1;
  it->seen++;
}

// The same in the usual case: the position follows the last one, the value is of the same kind.
static int put_next(lua_State *L, items *it, uint8_t *filled) {
  if (it->seen == it->count || !lua_isinteger(L, -2)) return 0;
  if (lua_tointeger(L, -2) != (lua_Integer)it->seen + 1) return 0;
  int is_integer = lua_isinteger(L, -1);
  if (it->kind == ES_INTEGER && is_integer)
    ((int64_t *)it->slots)[it->seen] = lua_tointeger(L, -1);
  else if (it->kind == ES_NUMBER && !is_integer && lua_type(L, -1) == LUA_TNUMBER)
    ((double *)it->slots)[it->seen] = lua_tonumber(L, -1);
  else
    return 0;
  filled[it->seen++] = 1;
  return 1;
}

static const char *copy_text(lua_State *L, es_host *h, int index, size_t *length) {
  const char *text = lua_tolstring(L, index, length);
  char *copy = es_arena(L, h, *length + 1);
  memcpy(copy, text, *length + 1);
  return copy;
}

static es_field *next_field(lua_State *L, es_host *h, es_table *table, size_t *room) {
  if (table->field_count == *room) {
    size_t wanted = *room ? 2 * *room : 8;
    es_field *fields = es_arena(L, h, wanted * sizeof *fields);
    if (*room) memcpy(fields, table->fields, *room * sizeof *fields);
    table->fields = fields;
    *room = wanted;
  }
  return (es_field *)table->fields + table->field_count++;
}

static void bad_key(lua_State *L, size_t count) {
  if (lua_type(L, -2) != LUA_TNUMBER)
    lua_pushfstring(L, "table has a key that is a %s; keys are names or positions 1 … n",
                    luaL_typename(L, -2));
  else if (lua_isinteger(L, -2))
    lua_pushfstring(L, "table has key %I, but its positions run from 1 to %I; is there a gap?",
                    (LUAI_UACINT)lua_tointeger(L, -2), (LUAI_UACINT)count);
  else
    lua_pushfstring(L, "table has key %f; keys are names or positions 1 … n",
                    (LUAI_UACNUMBER)lua_tonumber(L, -2));
  lua_error(L);
}

static void enter_table(lua_State *L, reader *r, int index) {
  const void *self = lua_topointer(L, index);
  for (int i = 0; i < r->depth; i++)
    if (r->path[i] == self) fail(L, "table contains itself");
  if (r->depth == DEEPEST) fail(L, "table is nested more than 64 deep");
  r->path[r->depth++] = self;
}

static const es_table *read_table(lua_State *L, reader *r, int index) {
  luaL_checkstack(L, 8, NULL);
  enter_table(L, r, index);
  count_nodes(L, r->h, NODES_PER_TABLE);
  es_table *table = es_arena(L, r->h, sizeof *table);
  memset(table, 0, sizeof *table);
  size_t room = 0, count = lua_rawlen(L, index);
  items it = {0};
  uint8_t *filled = NULL;
  if (count) {
    if (count > LONG_TABLE) check_length(L, index, count);
    start_items(L, r, &it, (int64_t)count, lua_rawgeti(L, index, 1));
    lua_pop(L, 1);
    filled = es_arena(L, r->h, count);
    memset(filled, 0, count);
  }
  lua_pushnil(L);
  while (lua_next(L, index)) {
    count_nodes(L, r->h, 1);
    if (put_next(L, &it, filled)) {
      lua_pop(L, 1);
      continue;
    }
    if (lua_type(L, -2) == LUA_TSTRING) {
      es_field *field = next_field(L, r->h, table, &room);
      memset(field, 0, sizeof *field);
      field->name = copy_text(L, r->h, -2, &field->length);
      es_value value;
      read_value(L, r, lua_gettop(L), 1, &value);
      field->value = value;
    } else {
      lua_Integer key = lua_isinteger(L, -2) ? lua_tointeger(L, -2) : 0;
      if (key < 1 || (size_t)key > count || filled[key - 1]) bad_key(L, count);
      put_item(L, r, &it, filled, (size_t)key - 1);
    }
    lua_pop(L, 1);
  }
  if (it.seen != count) fail(L, "table has a gap; positions run from 1 to n");
  table->item_kind = it.kind;
  table->count = count;
  table->items = it.slots;
  r->depth--;
  return table;
}

static void read_reference(lua_State *L, reader *r, int index, es_value *value) {
  value->type = lua_type(L, index);
  value->kind = value->type == LUA_TFUNCTION ? ES_FUNCTION : ES_REFERENCE;
  value->integer = es_reference(L, r->h, index);
}

static int is_closed(lua_State *L, int index) {
  es_object *object = es_to_object(L, index);
  return object && !object->swift;
}

int es_read_simple(lua_State *L, int index, es_value *value) {
  es_object *object;
  if (lua_isinteger(L, index)) {  // first: most numbers that scripts count with are
    value->kind = ES_INTEGER;
    value->integer = lua_tointeger(L, index);
    return 1;
  }
  switch (lua_type(L, index)) {
    case LUA_TNIL:
      value->kind = ES_NIL;
      return 1;
    case LUA_TBOOLEAN:
      value->kind = ES_BOOLEAN;
      value->integer = lua_toboolean(L, index);
      return 1;
    case LUA_TNUMBER:
      value->kind = ES_NUMBER;
      value->number = lua_tonumber(L, index);
      return 1;
    case LUA_TSTRING:
      value->kind = ES_STRING;
      value->text = lua_tolstring(L, index, &value->length);
      return 1;
    case LUA_TUSERDATA:
      object = es_as_object(L, index);
      if (!object || !object->swift) return 0;
      value->kind = ES_OBJECT;
      value->type = object->type;
      value->object = object->swift;
      value->place = &object->swift;
      return 1;
    default:
      return 0;
  }
}

static void read_value(lua_State *L, reader *r, int index, int copies_text, es_value *value) {
  if (es_read_simple(L, index, value)) {
    if (copies_text && value->kind == ES_STRING)
      value->text = copy_text(L, r->h, index, &value->length);
    return;
  }
  switch (lua_type(L, index)) {
    case LUA_TTABLE:
      if (r->by_reference && r->depth == 0) {
        read_reference(L, r, index, value);
      } else {
        value->kind = ES_TABLE;
        value->table = read_table(L, r, index);
      }
      break;
    default:
      if (is_closed(L, index)) {
        const char *format = r->depth ? "table holds a closed %s" : "is a closed %s";
        lua_pushfstring(L, format, es_class_name(L, index));
        lua_error(L);
      }
      read_reference(L, r, index, value);
  }
}

void es_read(lua_State *L, es_host *h, int index, int copies_text, int by_reference,
             es_value *value) {
  reader r;  // its path is filled as far as the depth
  r.h = h;
  r.by_reference = by_reference;
  r.depth = 0;
  read_value(L, &r, lua_absindex(L, index), copies_text, value);
}

// ── Writing ─────────────────────────────────────────────────────────────────────────────────────

static void write_value(lua_State *L, es_host *h, const es_value *value, int depth);

static void write_table(lua_State *L, es_host *h, const es_table *table, int depth) {
  if (depth == DEEPEST) fail(L, "table is nested more than 64 deep");
  luaL_checkstack(L, 8, NULL);
  lua_createtable(L, (int)(table->count < INT32_MAX ? table->count : 0),
                  (int)(table->field_count < INT32_MAX ? table->field_count : 0));
  for (size_t i = 0; i < table->count; i++) {
    if (table->item_kind == ES_INTEGER) lua_pushinteger(L, ((const int64_t *)table->items)[i]);
    else if (table->item_kind == ES_NUMBER) lua_pushnumber(L, ((const double *)table->items)[i]);
    else write_value(L, h, (const es_value *)table->items + i, depth + 1);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  for (size_t i = 0; i < table->field_count; i++) {
    const es_field *field = &table->fields[i];
    lua_pushlstring(L, field->name, field->length);
    write_value(L, h, &field->value, depth + 1);
    lua_rawset(L, -3);
  }
}

static void write_value(lua_State *L, es_host *h, const es_value *value, int depth) {
  switch (value->kind) {
    case ES_BOOLEAN: lua_pushboolean(L, value->integer != 0); break;
    case ES_INTEGER: lua_pushinteger(L, value->integer); break;
    case ES_NUMBER: lua_pushnumber(L, value->number); break;
    case ES_STRING: lua_pushlstring(L, value->text, value->length); break;
    case ES_TABLE: write_table(L, h, value->table, depth); break;
    case ES_FUNCTION:
    case ES_REFERENCE: lua_rawgeti(L, LUA_REGISTRYINDEX, value->integer); break;
    case ES_OBJECT: es_push_object(L, h, value); break;
    default: lua_pushnil(L);
  }
}

void es_write(lua_State *L, es_host *h, const es_value *value) { write_value(L, h, value, 0); }
