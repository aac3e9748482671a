// The wall between Swift and Lua. A Lua error is a longjmp, and a longjmp over a Swift frame leaves
// Swift's bookkeeping pointing at dead frames; so no function here raises through its caller, and
// Swift never sees a lua_State. C copies arguments out of Lua, calls Swift, and when no Swift frame
// is left, copies results in or raises.
#ifndef EIDETIC_CLUASHIM_H
#define EIDETIC_CLUASHIM_H

#include <stddef.h>
#include <stdint.h>

typedef struct es_host es_host;

// ── Values ──────────────────────────────────────────────────────────────────────────────────────

typedef enum {
  ES_NIL, ES_BOOLEAN, ES_INTEGER, ES_NUMBER, ES_STRING, ES_TABLE, ES_FUNCTION, ES_OBJECT,
  ES_REFERENCE,
} es_kind;

struct es_table;

/// One value. Memory behind it belongs to whoever made it and lives as long as the call.
typedef struct es_value {
  int32_t kind;  // es_kind
  int32_t type;  // ES_OBJECT: the class. ES_FUNCTION, ES_REFERENCE: Lua's type
  union {
    int64_t integer;  // also ES_BOOLEAN; ES_FUNCTION and ES_REFERENCE: the reference
    double number;
    const char *text;
    const struct es_table *table;
    void *object;  // the Swift object
  };
  size_t length;  // ES_STRING: bytes. ES_OBJECT: external bytes
  union {
    const void *identity;  // ES_OBJECT into Lua: one userdata per identity, NULL: a new one
    void *const *place;    // ES_OBJECT out of Lua: where it stands, emptied when it is closed
  };
} es_value;

typedef struct es_field {
  const char *name;
  size_t length;
  es_value value;
} es_field;

typedef struct es_table {
  int32_t item_kind;  // ES_INTEGER: int64_t, ES_NUMBER: double, otherwise es_value
  size_t count;
  const void *items;
  size_t field_count;
  const es_field *fields;
} es_table;

/// What a call gave. `owner` keeps the values alive until es_callbacks.release gets it: of a single
/// object in `one` it is the object itself.
typedef struct es_outcome {
  int32_t status;  // es_status
  int32_t count;
  const es_value *values;
  es_value one;  // room for a single result
  void *owner;
  const char *message;  // when it failed
  size_t message_length;
  const char *traceback;  // lines `source\tline\tfunction`
  size_t traceback_length;
  int32_t reference;  // the raised value, 0 for none
  int32_t exit_code;
  void *arena[3];  // where es_finish goes back to
} es_outcome;

typedef enum {
  ES_OK,
  ES_FAILED,        // an error like any other
  ES_RERAISE,       // from Swift: raise `reference` again, as it is
  ES_SYNTAX,
  ES_OUT_OF_MEMORY,
  ES_INTERRUPTED,
  ES_LIMIT,         // instructions
  ES_TIME,          // wall clock
  ES_EXIT,
  ES_MISUSE,
} es_status;

// ── Life ────────────────────────────────────────────────────────────────────────────────────────

/// How C reaches Swift. None of them may call back into this header, but for `dispatch`.
typedef struct es_callbacks {
  void *context;
  /// Runs native function `id`; fills the outcome.
  void (*dispatch)(void *context, int32_t id, const es_value *arguments, int32_t count,
                   es_outcome *outcome);
  /// Lets go of an outcome's owner.
  void (*release)(void *owner);
  /// One more, or one less, strong reference to an object.
  void (*retain_object)(void *object);
  void (*release_object)(void *object);
  void (*print)(void *context, const char *text, size_t length);
  void (*warn)(void *context, const char *text, size_t length, int more);
  /// Gives the source of module `name`: ES_OK with one string for the chunk name and one for the
  /// source, or ES_FAILED with a message.
  void (*find_module)(void *context, const char *name, size_t length, es_outcome *outcome);
  /// A call has outlived its time limit by the grace period: what runs cannot be stopped. From a
  /// thread of its own.
  void (*stuck)(void *context);
} es_callbacks;

typedef struct es_settings {
  int sandboxed;
  size_t memory_limit;        // 0 for none
  int64_t instruction_limit;  // 0 for none
  double time_limit, grace;   // seconds per outermost call; 0 for none
  int64_t fail_allocation;    // for tests: this one and all later ones fail; 0 for none
  es_callbacks callbacks;
} es_settings;

/// NULL when memory is short.
es_host *es_open(const es_settings *settings);
/// Closes the Lua state, inside a native function as soon as the outermost call is finished; says
/// whether it is closed. Everything else answers ES_MISUSE from then on.
int es_close(es_host *host);
/// Frees the host, closed before; no reference is left.
void es_free(es_host *host);

size_t es_lua_bytes(const es_host *host);
size_t es_external_bytes(const es_host *host);
const char *es_lua_release(void);

/// Answers ES_MISUSE inside a native function.
void es_collect(es_host *host, es_outcome *outcome);

// ── Registration ────────────────────────────────────────────────────────────────────────────────

typedef struct es_function {
  const char *name;    // as in messages
  int32_t id;          // for dispatch
  int32_t most;        // further arguments are dropped, -1 for no bound
  uint64_t by_reference;  // bit i: a table as argument i is not copied, but referred to
  int receiver;           // 1: argument 1 is `self` and is not counted in messages
  int gives_object;       // 1: one object is the only result
} es_function;

typedef struct es_entry {
  const char *key;
  es_function function;
} es_entry;

typedef struct es_class {
  const char *name;
  int32_t id;
  size_t method_count, metamethod_count, getter_count, setter_count;
  const es_entry *methods, *metamethods, *getters, *setters;
} es_class;

typedef struct es_module {
  const char *name;
  int32_t id;
  int is_global;
  size_t function_count;
  const es_entry *functions;
  const es_table *constants;
} es_module;

/// All texts are copied. The outcome holds the failure; finish it.
void es_register_global(es_host *host, const es_entry *entry, es_outcome *outcome);
void es_register_class(es_host *host, const es_class *class_, es_outcome *outcome);
void es_register_module(es_host *host, const es_module *module, es_outcome *outcome);

// ── Calls into Lua ──────────────────────────────────────────────────────────────────────────────

/// Each fills an outcome, which es_finish frees.
void es_call(es_host *host, int32_t reference, const es_value *arguments, int32_t count,
             es_outcome *outcome);
void es_load(es_host *host, const char *source, size_t length, const char *name, int isolated,
             es_outcome *outcome);
void es_set_global(es_host *host, const char *name, const es_value *value, es_outcome *outcome);
void es_get_global(es_host *host, const char *name, es_outcome *outcome);
/// A list of strings.
void es_global_names(es_host *host, es_outcome *outcome);
void es_seed_random(es_host *host, int64_t seed, es_outcome *outcome);
/// Frees an outcome, and closes the state if that had to wait; says whether it did.
int es_finish(es_host *host, es_outcome *outcome);

/// Unreferences a value as soon as it is safe; from any thread, at any time.
void es_release_later(es_host *host, int32_t reference);

/// What a referenced value is to the host: 1 a native function, 2 a module, 3 an object or class,
/// 0 none of these; sets `id`.
int es_identify(es_host *host, int32_t reference, int32_t *id);

/// Sources beginning with one of these prefixes, separated by line breaks, are library code.
int es_set_library_prefixes(es_host *host, const char *prefixes);

// ── Interrupts ──────────────────────────────────────────────────────────────────────────────────

/// From any thread; from a signal handler only through es_handle_sigint.
void es_interrupt(es_host *host);
void es_clear_interrupt(es_host *host);
/// 0, or the es_status of the request to stop that stands.
int es_interrupted(const es_host *host);
/// What an error says that comes of it.
const char *es_stop_message(const es_host *host, int status);
void es_handle_sigint(es_host *host);

// ── Words ───────────────────────────────────────────────────────────────────────────────────────

/// Edits between two words, capped at `cap`.
size_t es_distance(const char *a, size_t a_length, const char *b, size_t b_length, size_t cap);

// ── For tests ───────────────────────────────────────────────────────────────────────────────────

/// The n-th allocation from now (1 is the next) and `count` - 1 more fail; n = 0 for none. Lua
/// tries each twice, so an error takes a count of 2.
void es_fail_allocation(es_host *host, int64_t n, int64_t count);
/// Every growth first fails once, which makes Lua collect everything each time.
void es_collect_always(es_host *host, int on);
/// Values still referenced from Swift.
int32_t es_live_references(const es_host *host);

#endif
