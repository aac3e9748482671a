// Life of an interpreter: allocator, opening, closing, who may enter, references let go of.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

// ── Memory ──────────────────────────────────────────────────────────────────────────────────────

// Only growth may fail: Lua relies on shrinking.
static int may_grow(es_host *h, size_t by) {
  if (h->fail_after > 0 && --h->fail_after == 0) h->fail_after = -h->fail_count;
  if (h->fail_after < 0) {
    h->fail_after++;
    return 0;
  }
  if (h->collect_always) {
    h->refused = !h->refused;
    if (h->refused) return 0;
  }
  if (!h->limit) return 1;
  if (h->used <= h->limit && by <= h->limit - h->used) return 1;
  if (!h->collect_wanted && h->running) es_arm(h->running);
  h->collect_wanted = 1;
  return 0;
}

void *es_allocate(void *host, void *block, size_t old_size, size_t new_size) {
  es_host *h = host;
  if (!block) old_size = 0;  // Lua passes the kind of object here
  if (new_size == 0) {
    free(block);
    h->used -= old_size;
    return NULL;
  }
  if (new_size > old_size && !may_grow(h, new_size - old_size)) return NULL;
  void *result = realloc(block, new_size);
  if (!result) return new_size <= old_size ? block : NULL;
  h->used = h->used - old_size + new_size;
  return result;
}

size_t es_lua_bytes(const es_host *h) { return h->used; }
size_t es_external_bytes(const es_host *h) { return h->external; }
const char *es_lua_release(void) { return LUA_RELEASE; }
int32_t es_live_references(const es_host *h) { return h->live; }
void es_collect_always(es_host *h, int on) { h->collect_always = on; }

void es_fail_allocation(es_host *h, int64_t n, int64_t count) {
  h->fail_after = n;
  h->fail_count = count;
}

// ── Opening and closing ─────────────────────────────────────────────────────────────────────────

// Warnings come in pieces; `@on` and the like are orders, which are ignored.
static void on_warning(void *host, const char *text, int more) {
  es_host *h = host;
  size_t length = strlen(text);
  if (!more && text[0] == '@') return;
  h->quiet++;
  h->callbacks.warn(h->callbacks.context, text, length, more);
  h->quiet--;
}

static int set_up(lua_State *L) {
  es_host *h = lua_touserdata(L, 1);
  lua_setwarnf(L, on_warning, h);
  lua_newtable(L);  // objects by identity, held weakly
  lua_newtable(L);
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &es_objects_key);
  es_open_environment(L, h);
  return 0;
}

static int no_panic(lua_State *L) {
  fprintf(stderr, "eidetic: unprotected Lua error: %s\n", lua_tostring(L, -1));
  return 0;  // Lua aborts
}

es_host *es_open(const es_settings *settings) {
  es_host *h = calloc(1, sizeof *h);
  if (!h) return NULL;
  pthread_mutex_init(&h->lock, NULL);
  h->callbacks = settings->callbacks;
  h->sandboxed = settings->sandboxed;
  h->limit = settings->memory_limit;
  h->instruction_limit = settings->instruction_limit;
  h->fail_after = settings->fail_allocation;
  h->fail_count = INT64_MAX;
  h->time_limit = settings->time_limit;
  h->grace = settings->grace;
  es_prepare_signals();
  lua_State *L = lua_newstate(es_allocate, h);
  if (!L) {
    es_free(h);
    return NULL;
  }
  lua_atpanic(L, no_panic);
  *(es_host **)lua_getextraspace(L) = h;
  h->main = h->current = h->running = L;
  lua_pushcfunction(L, set_up);
  lua_pushlightuserdata(L, h);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK) {
    es_close(h);
    es_free(h);
    return NULL;
  }
  es_disarm(h, L);
  if (!es_start_watch(h)) {
    es_close(h);
    es_free(h);
    return NULL;
  }
  return h;
}

int es_close(es_host *h) {
  pthread_mutex_lock(&h->lock);
  int busy = h->depth > 0 || h->closing || !h->main;
  if (h->main && h->depth > 0) h->close_wanted = 1;
  if (!busy) h->closing = 1;
  pthread_mutex_unlock(&h->lock);
  if (busy) return !h->main;
  es_forget_signals(h);
  es_disarm(h, h->main);
  es_begin_deadline(h);  // finalizers run now
  lua_close(h->main);
  es_end_watch(h);
  es_release_holdings(h);
  pthread_mutex_lock(&h->lock);
  h->main = h->current = h->running = NULL;
  pthread_mutex_unlock(&h->lock);
  return 1;
}

void es_free(es_host *h) {
  es_arena_free(h);
  free(h->pending);
  free(h->library_prefixes);
  pthread_mutex_destroy(&h->lock);
  free(h);
}

// ── Entering ────────────────────────────────────────────────────────────────────────────────────

static int refuse(es_outcome *outcome, const char *why) {
  outcome->status = ES_MISUSE;
  outcome->message = why;
  outcome->message_length = strlen(why);
  return 0;
}

int es_enter(es_host *h, es_outcome *outcome) {
  const char *why = NULL;
  pthread_mutex_lock(&h->lock);
  if (!h->main || h->closing) why = "the Lua state is closed";
  else if (h->depth > 0 && !pthread_equal(h->owner, pthread_self()))
    why = "the Lua state is in use by another thread";
  else if (h->quiet > 0) why = "Lua cannot be called from here";
  else if (h->depth++ == 0) h->owner = pthread_self();
  pthread_mutex_unlock(&h->lock);
  if (why) return refuse(outcome, why);
  if (h->depth == 1) es_enter_thread(h);
  es_drain(h->current, h);
  return 1;
}

void es_leave(es_host *h) {
  if (h->depth == 1) es_leave_thread(h);
  pthread_mutex_lock(&h->lock);
  h->depth--;
  pthread_mutex_unlock(&h->lock);
}

// ── References let go of ────────────────────────────────────────────────────────────────────────

void es_release_later(es_host *h, int32_t reference) {
  pthread_mutex_lock(&h->lock);
  if (h->pending_count == h->pending_room) {
    size_t room = h->pending_room ? 2 * h->pending_room : 16;
    int32_t *grown = realloc(h->pending, room * sizeof *grown);
    if (grown) {
      h->pending = grown;
      h->pending_room = room;
    }
  }
  // Without memory for the note the value stays alive until the state closes.
  if (h->pending_count < h->pending_room) h->pending[h->pending_count++] = reference;
  atomic_store_explicit(&h->has_pending, 1, memory_order_release);
  pthread_mutex_unlock(&h->lock);
}

void es_drain(lua_State *L, es_host *h) {
  if (!atomic_load_explicit(&h->has_pending, memory_order_acquire)) return;
  pthread_mutex_lock(&h->lock);
  for (size_t i = 0; i < h->pending_count; i++)
    es_unreference(L, h, h->pending[i]);
  h->pending_count = 0;
  atomic_store_explicit(&h->has_pending, 0, memory_order_relaxed);
  pthread_mutex_unlock(&h->lock);
}
