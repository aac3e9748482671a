// Error messages, positions and tracebacks. A traceback is taken where the error happens, before
// anything unwinds, and into a fixed buffer, so that it costs no memory when memory is short.
#include <stdio.h>
#include <string.h>

#include "host.h"

static int is_library(const es_host *h, const char *source) {
  if (!h->library_prefixes || source[0] != '@') return 0;
  for (const char *p = h->library_prefixes; *p;) {
    size_t length = strcspn(p, "\n");
    if (length && strncmp(source + 1, p, length) == 0) return 1;
    p += length + (p[length] == '\n');
  }
  return 0;
}

// The innermost line of the user's own code, else of library code; C functions such as pcall, which
// may stand between, have no line.
void es_push_where(lua_State *L, int level) {
  es_host *h = es_of(L);
  lua_Debug ar, library;
  int has_library = 0;
  for (; lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sl", &ar);
    if (ar.currentline <= 0) continue;
    if (!is_library(h, ar.source)) {
      lua_pushfstring(L, "%s:%d: ", ar.short_src, ar.currentline);
      return;
    }
    if (!has_library) library = ar;
    has_library = 1;
  }
  if (has_library) lua_pushfstring(L, "%s:%d: ", library.short_src, library.currentline);
  else lua_pushliteral(L, "");
}

int es_raise(lua_State *L, const char *format, ...) {
  luaL_checkstack(L, 8, NULL);
  es_push_where(L, 1);
  va_list arguments;
  va_start(arguments, format);
  lua_pushvfstring(L, format, arguments);
  va_end(arguments);
  lua_concat(L, 2);
  return lua_error(L);
}

// ── Traceback ───────────────────────────────────────────────────────────────────────────────────

static void append(es_host *h, const char *text) {
  for (; *text && h->trace_length < sizeof h->trace - 1; text++)
    h->trace[h->trace_length++] = (unsigned char)*text < 32 ? '?' : *text;
}

static void append_frame(es_host *h, const lua_Debug *ar) {
  char line[32];
  size_t before = h->trace_length;
  append(h, ar->short_src);
  if (h->trace_length + 16 > sizeof h->trace) goto full;
  h->trace[h->trace_length++] = '\t';
  snprintf(line, sizeof line, "%d", ar->currentline);
  append(h, line);
  h->trace[h->trace_length++] = '\t';
  if (*ar->what == 'm') {
    append(h, "main chunk");
  } else if (*ar->namewhat) {
    append(h, strcmp(ar->namewhat, "method") == 0 ? "method '" : "function '");
    append(h, ar->name);
    append(h, "'");
  } else {
    snprintf(line, sizeof line, "function <line %d>", ar->linedefined);
    append(h, line);
  }
  if (h->trace_length + 2 > sizeof h->trace) goto full;
  h->trace[h->trace_length++] = '\n';
  return;
full:
  h->trace_length = before;
}

#define MOST_FRAMES 30

int es_on_error(lua_State *L) {
  es_host *h = es_of(L);
  const void *kept = h->kept;
  h->kept = NULL;
  if (kept && kept == lua_topointer(L, 1)) return 1;
  h->trace_length = 0;
  lua_Debug ar;
  for (int level = 1, frames = 0; frames < MOST_FRAMES && lua_getstack(L, level, &ar); level++) {
    lua_getinfo(L, "Sln", &ar);
    if (ar.currentline <= 0 || is_library(h, ar.source)) continue;
    append_frame(h, &ar);
    frames++;
  }
  return 1;
}

void es_forget_trace(es_host *h) {
  h->trace_length = 0;
  h->kept = NULL;
}

// ── What failed, for Swift ──────────────────────────────────────────────────────────────────────

typedef struct failure {
  es_host *h;
  es_outcome *outcome;
  int stopping;
} failure;

static int refer(lua_State *L) {  // error value, failure
  failure *f = lua_touserdata(L, 2);
  if (!lua_isnil(L, 1)) f->outcome->reference = es_reference(L, f->h, 1);
  return 0;
}

static int describe(lua_State *L) {  // error value, failure
  failure *f = lua_touserdata(L, 2);
  size_t length;
  const char *text;
  if (lua_type(L, 1) == LUA_TSTRING) text = lua_tolstring(L, 1, &length);
  else if (f->stopping) return lua_error(L);
  else if (lua_type(L, 1) == LUA_TNUMBER || luaL_getmetafield(L, 1, "__tostring") != LUA_TNIL)
    text = luaL_tolstring(L, 1, &length);
  else {
    lua_pushfstring(L, "(error object is a %s value)", luaL_typename(L, 1));
    text = lua_tolstring(L, -1, &length);
  }
  char *copy = es_arena(L, f->h, length + 1);
  memcpy(copy, text, length + 1);
  f->outcome->message = copy;
  f->outcome->message_length = length;
  return 0;
}

int es_is_memory_error(lua_State *L, int status) {
  if (status == LUA_ERRMEM) return 1;
  return lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), "not enough memory") == 0;
}

static void set_message(es_outcome *outcome, const char *text) {
  outcome->message = text;
  outcome->message_length = strlen(text);
}

static int protect_description(lua_State *L, lua_CFunction body, failure *f) {
  lua_pushcfunction(L, body);
  lua_pushvalue(L, -2);
  lua_pushlightuserdata(L, f);
  int status = lua_pcall(L, 2, 0, 0);
  if (status != LUA_OK) lua_pop(L, 1);
  return status;
}

// The error value is at the top of the stack, and stays there. After a request to stop no code of
// the script runs any more, and its hook must not fire in what runs here.
void es_describe_failure(lua_State *L, es_host *h, int status, es_outcome *outcome) {
  failure f = {h, outcome, es_interrupted(h)};
  int memory = es_is_memory_error(L, status), described = 0;
  if (f.stopping) lua_sethook(L, NULL, 0, 0);
  if (!memory && lua_checkstack(L, 6)) {
    protect_description(L, refer, &f);
    described = protect_description(L, describe, &f) == LUA_OK;
  }
  int stop = es_interrupted(h);  // a Swift loop may have seen it first
  if (!described)
    set_message(outcome, memory ? "not enough memory"
                         : stop ? es_stop_message(h, stop)
                                : "(error object without a readable text)");
  if (stop) es_arm(L);
  outcome->status = stop ? stop : memory ? ES_OUT_OF_MEMORY : ES_FAILED;
  outcome->exit_code = h->exit_code;
  outcome->traceback = h->trace;
  outcome->traceback_length = memory ? 0 : h->trace_length;
}
