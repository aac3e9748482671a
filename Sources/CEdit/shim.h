// libedit's wide-character interface; its variadic setters under names that Swift can call.
#include <histedit.h>
#include <locale.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/select.h>

typedef wchar_t *(*ce_prompt)(EditLine *);
typedef unsigned char (*ce_command)(EditLine *, wint_t);
typedef int (*ce_reader)(EditLine *, wchar_t *);

static inline EditLine *ce_open(const char *name) { return el_init(name, stdin, stdout, stderr); }
static inline void ce_write(const char *text) {
  fputs(text, stdout);
  fflush(stdout);
}
static inline void ce_set_prompt(EditLine *e, ce_prompt prompt) { el_wset(e, EL_PROMPT, prompt); }
static inline void ce_set_editor(EditLine *e, const wchar_t *name) { el_wset(e, EL_EDITOR, name); }
static inline void ce_set_reader(EditLine *e, ce_reader reader) { el_wset(e, EL_GETCFN, reader); }
static inline void ce_set_context(EditLine *e, void *context) {
  el_wset(e, EL_CLIENTDATA, context);
}
static inline void *ce_context(EditLine *e) {
  void *context = NULL;
  el_wget(e, EL_CLIENTDATA, &context);
  return context;
}
static inline void ce_add_command(
  EditLine *e, const wchar_t *name, const wchar_t *help, ce_command command) {
  el_wset(e, EL_ADDFN, name, help, command);
}
static inline void ce_bind(EditLine *e, const wchar_t *key, const wchar_t *command) {
  el_wset(e, EL_BIND, key, command, NULL);
}
// While a line is edited the keys for signals and for holding the output are keys like any other.
static inline void ce_keep_signal_keys(EditLine *e) {
  el_wset(e, EL_SETTY, L"-d", L"-isig", L"-ixon", NULL);
}
static inline void ce_refresh(EditLine *e) { el_wset(e, EL_REFRESH); }
static inline void ce_raw(EditLine *e, int on) { el_wset(e, EL_PREP_TERM, on); }
static inline void ce_set_history(EditLine *e, HistoryW *h) { el_wset(e, EL_HIST, history_w, h); }
static inline void ce_history_limit(HistoryW *h, int entries) {
  HistEventW event;
  history_w(h, &event, H_SETSIZE, entries);
}
static inline void ce_history_add(HistoryW *h, const wchar_t *entry) {
  HistEventW event;
  history_w(h, &event, H_ENTER, entry);
}
// Bytes on standard input that can be read now.
static inline int ce_waiting(void) {
  int count = 0;
  return ioctl(0, FIONREAD, &count) == 0 ? count : 0;
}
// Waits until standard input can be read, letting in only the signals outside the mask.
static inline int ce_wait(const sigset_t *mask) {
  fd_set input;
  FD_ZERO(&input);
  FD_SET(0, &input);
  return pselect(1, &input, NULL, NULL, NULL, mask);
}
