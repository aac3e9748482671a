// Memory for values on their way to Swift: a stack of blocks. It counts towards the memory limit,
// since a script decides how much of it is needed.
#include <stdlib.h>
#include <string.h>

#include "host.h"

#define BLOCK 16384

struct es_chunk {
  es_chunk *below;
  size_t used, size;
  _Alignas(16) char bytes[];
};

// Like Lua itself: what fails is tried again after a collection, and then raises.
void *es_grow(lua_State *L, es_host *h, size_t size) {
  int always = h->collect_always;
  h->collect_always = 0;
  if (always) lua_gc(L, LUA_GCCOLLECT);
  void *result = es_allocate(h, NULL, 0, size);
  if (!result) {
    lua_gc(L, LUA_GCCOLLECT);
    result = es_allocate(h, NULL, 0, size);
  }
  h->collect_always = always;
  if (result) return result;
  lua_pushliteral(L, "not enough memory");  // Lua's own words, made when the state opened
  lua_error(L);
  return NULL;
}

static es_chunk *new_chunk(lua_State *L, es_host *h, size_t size) {
  if (h->spare && size <= h->spare->size) {
    es_chunk *chunk = h->spare;
    h->spare = NULL;
    return chunk;
  }
  es_chunk *chunk = es_grow(L, h, sizeof(es_chunk) + size);
  chunk->size = size;
  return chunk;
}

void *es_arena(lua_State *L, es_host *h, size_t size) {
  if (size > SIZE_MAX / 4) size = SIZE_MAX / 4;  // which fails
  size = (size + 15) & ~(size_t)15;
  if (!h->chunk || h->chunk->size - h->chunk->used < size) {
    es_chunk *chunk = new_chunk(L, h, size > BLOCK ? size : BLOCK);
    chunk->below = h->chunk;
    chunk->used = 0;
    h->chunk = chunk;
  }
  void *result = h->chunk->bytes + h->chunk->used;
  h->chunk->used += size;
  return result;
}

es_mark es_arena_mark(es_host *h) {
  return (es_mark){h->chunk, h->chunk ? h->chunk->used : 0, h->fresh};
}

void es_arena_reset(es_host *h, es_mark mark) {
  while (h->chunk != mark.chunk) {
    es_chunk *chunk = h->chunk;
    h->chunk = chunk->below;
    if (!h->spare && chunk->size == BLOCK) h->spare = chunk;
    else es_allocate(h, chunk, sizeof(es_chunk) + chunk->size, 0);
  }
  if (h->chunk) h->chunk->used = mark.used;
  h->fresh = mark.fresh;
}

void es_arena_free(es_host *h) {
  es_arena_reset(h, (es_mark){NULL, 0, NULL});
  if (h->spare) es_allocate(h, h->spare, sizeof(es_chunk) + h->spare->size, 0);
  h->spare = NULL;
}

// The note is made before the reference, so that no failure leaves a reference without a note.
int es_reference(lua_State *L, es_host *h, int index) {
  es_fresh *note = es_arena(L, h, sizeof *note);
  luaL_checkstack(L, 4, NULL);
  lua_pushvalue(L, index);
  note->reference = luaL_ref(L, LUA_REGISTRYINDEX);
  note->older = h->fresh;
  h->fresh = note;
  h->live++;
  return note->reference;
}

void es_drop_fresh(lua_State *L, es_host *h, es_mark mark) {
  for (; h->fresh != mark.fresh; h->fresh = h->fresh->older)
    es_unreference(L, h, h->fresh->reference);
}

void es_unreference(lua_State *L, es_host *h, int reference) {
  luaL_unref(L, LUA_REGISTRYINDEX, reference);
  h->live--;
}
