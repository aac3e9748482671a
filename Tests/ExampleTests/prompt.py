"""Drives `eidetic repl` on a pseudo terminal as a user does. Usage: prompt.py PROGRAM SCENARIO"""

import fcntl, os, pty, re, select, signal, struct, sys, termios, time

PROGRAM = sys.argv[1]


class Terminal:
  def __init__(self, *arguments, columns=90, **environment):
    self.pid, self.fd = pty.fork()
    if self.pid == 0:
      os.environ.update({"TERM": "xterm-256color", **environment})
      os.execv(PROGRAM, [PROGRAM, "repl", *arguments])
    self.resize(columns)
    self.shown = ""
    self.expect("> $")

  def resize(self, columns):
    fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))

  def read(self, seconds):
    if select.select([self.fd], [], [], seconds)[0]:
      try:
        self.shown += os.read(self.fd, 1 << 16).decode("utf-8", "replace")
      except OSError:
        return False
    return True

  def expect(self, pattern, seconds=60):
    """Waits until what was shown since the last call matches."""
    end = time.time() + seconds
    while not re.search(pattern, self.shown):
      assert time.time() < end and self.read(0.2), f"no {pattern!r} in {self.shown!r}"
    found, self.shown = self.shown, ""
    return found

  def type(self, keys):
    data = keys if isinstance(keys, bytes) else keys.encode()
    for start in range(0, len(data), 256):  # a terminal's input queue holds 4096 bytes
      os.write(self.fd, data[start:start + 256])
      # As terminals do: a program that waits for its output to be read answers no Ctrl-C.
      while select.select([self.fd], [], [], 0.01)[0] and self.read(0):
        pass

  def enter(self, line, pattern="> $"):
    self.type(line)
    self.type("\r")
    return self.expect(pattern)

  def end(self, keys="\x04", signaled=0):
    self.type(keys)
    for _ in range(600):
      if not self.read(0.1):
        time.sleep(0.1)
      pid, status = os.waitpid(self.pid, os.WNOHANG)
      if pid:
        assert signaled == (os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0), status
        return os.waitstatus_to_exitcode(status)
    raise AssertionError(f"still running: {self.shown!r}")


def values():
  t = Terminal()
  assert "\n2\r" in t.enter("1 + 1")
  assert '"a\\nb"' in t.enter('"a\\nb"')
  t.enter("for i = 1, 2 do", ">> $")
  t.enter("print('line', i)", ">> $")
  assert "line\t2" in t.enter("end").replace("    ", "\t")
  t.enter("local n = 5")
  t.enter("local function add(k) n = n + k end")
  t.enter("add(2)")
  assert "\n7\r" in t.enter("n")
  assert "\n8\r" in t.enter("_ + 1")
  assert "undefined variable 'nothing'" in t.enter("nothing")
  assert "did you mean 'tensor'" in t.enter("tensr")
  assert t.end() == 0


def completion():
  t = Terminal()
  open("data.txt", "w").close()
  for typed, shown in [
    ("eid\t", "etic"), ("tensor.zer\t", "os\\("), ("tensor.zeros{2}:cross\t", "_entropy\\("),
    ("personas.people { co\t", "unt = "), ("models.vlm { preset = 'na\t", "no'"),
    ("io.open('da\t", "ta.txt'"), ("('x'):up\t", "per\\("),
    ("people = personas.people { count = 2, rng = rng.new(1) }; people:pic\t", "people:pic"),
    ("eidetic.probes.rec\t", "all\\("), ("tensor.zeros(\t", "shape: list of integer"),
  ]:
    t.type(typed)
    t.expect(shown)
    t.type("\x03")
    t.expect("\\^C\r\n.*> $")
  t.enter("local mine = { alpha = 1, beta = print }")
  t.type("mine.al\t")
  t.expect("pha")
  t.type("\x03mine.\t")
  t.expect("alpha +beta")
  t.type("\x03")
  assert t.end() == 0


def interrupts():
  t = Terminal()
  t.enter("x = 1")
  for endless in ["while true do end", "while true do pcall(error) end",
                  "coroutine.wrap(function() while true do end end)()"]:
    t.type(endless + "\r")
    time.sleep(0.3)
    t.type("\x03")
    t.expect("interrupted(.|\n)*> $")
  t.enter("people = personas.people { count = 4, rng = rng.new(7) }")
  t.enter("m = models.vlm { preset = 'nano', rng = rng.new(1) }")
  t.type("training.fit(m, { data = people:train('text', 'name'), rng = rng.new(1), "
         "steps = 1000000, on_step = function(s) if s.step == 2 then print('learns') end end })\r")
  t.expect("learns\r\n")
  t.type("\x03")
  t.expect("interrupted(.|\n)*> $")
  t.type("half a line\x03")
  t.expect("\\^C\r\n.*> $")
  t.enter("function f(", ">> $")
  t.type("\x03")
  t.expect("\\^C\r\n.*> $")
  assert "\n1\r" in t.enter("x")
  assert t.end() == 0


def ahead():
  t = Terminal("--no-history")
  busy = "for i = 1, 2e7 do end print('done')\r"
  t.type(busy + "20 + 1\r")
  t.expect("done(.|\n)*\n21\r\n(.|\n)*> $")
  t.type(busy + "20 + 2\r\x04")
  t.expect("done(.|\n)*\n22\r")
  assert t.end("") == 0
  t = Terminal("--no-history")
  t.type("io.read('l')\r")
  t.expect("\n")
  time.sleep(0.2)
  t.type("\x04")  # for the reader that waits, not for the prompt
  t.expect("nil(.|\n)*> $")
  t.type("\x00")  # sets a mark
  t.enter("30 + 1", "\n31\r\n(.|\n)*> $")
  assert t.end() == 0


def history():
  t = Terminal()
  t.enter("a = 40 + 1")
  t.enter("if a then", ">> $")
  t.enter("print(a + 1) end")
  u = Terminal()  # side by side
  u.enter("b = 'ü'")
  assert t.end() == 0 and u.end() == 0
  path = os.environ["XDG_STATE_HOME"] + "/eidetic/history"
  lines = open(path).read().splitlines()
  assert lines == ["a = 40 + 1", "if a then\\nprint(a + 1) end", "b = 'ü'"], lines
  assert os.stat(path).st_mode & 0o777 == 0o600
  t = Terminal()
  t.type("\x1b[A\x1b[A\x1b[A")
  t.expect("40 \\+ 1")
  t.enter("")
  t.type("\x1b[A\x1b[A\x1b[A")  # the first line is the newest now
  t.enter("", "42")
  assert t.end() == 0
  for arguments, environment in [(["--no-history"], {}), ([], {"EIDETIC_HISTORY": ""})]:
    before = open(path).read()
    t = Terminal(*arguments, **environment)
    t.enter("secret = 1")
    assert t.end() == 0 and open(path).read() == before


def signals():
  t = Terminal(columns=60)
  t.type("x = 'a line that is wider than a small window'")
  t.resize(30)
  os.kill(t.pid, signal.SIGWINCH)
  t.expect("\x1b\\[J.*x = ")
  t.enter("", "> $")
  assert "wider" in t.enter("x")
  before = termios.tcgetattr(t.fd)
  t.type("half")
  time.sleep(0.2)
  assert not termios.tcgetattr(t.fd)[3] & termios.ICANON
  os.kill(t.pid, signal.SIGTERM)
  assert t.end("", signaled=signal.SIGTERM) == -signal.SIGTERM
  t = Terminal()
  t.enter("os.exit(7)", "")
  assert t.end("") == 7


def garbage():
  import random
  t = Terminal("--no-history")
  assert "x" in t.enter("return '" + "x" * 20000 + "', 1")
  source = random.Random(1)
  for _ in range(30):
    keys = bytes(source.randrange(256) for _ in range(200))
    # Left out: the end of the session (zero between two lines), what stops output or program while
    # a statement runs, and the signal that kills.
    t.type(keys.translate(None, b"\x00\x04\x13\x1a\x1c") + b"\x03\x03")
  t.type(b"\x07\x03")  # out of a search, and off the line
  t.enter("60 + 1", "\n61\r\n(.|\n)*> $")
  assert t.end() == 0


def pictures():
  make = "personas.people { count = 2, rng = rng.new(7) }:picture(1)"
  shown = Terminal(COLORTERM="truecolor").enter(make)
  assert "\x1b[38;2;" in shown and "▀" in shown, shown
  assert "\x1b[38;5;" in Terminal(COLORTERM="").enter(make)
  assert "\x1b_Ga=T,f=24,s=128,v=128" in Terminal(KITTY_WINDOW_ID="1").enter(make)
  assert "\x1b]1337;File=inline=1" in Terminal(TERM_PROGRAM="iTerm.app").enter(make)
  plain = Terminal(NO_COLOR="1", COLORTERM="truecolor").enter(make)
  assert "Picture[128 x 128]" in plain and "▀" not in plain
  assert "▀" not in Terminal(TERM="dumb").enter(make)


for name in ["COLORTERM", "KITTY_WINDOW_ID", "TERM_PROGRAM", "TMUX", "NO_COLOR", "LC_TERMINAL"]:
  os.environ.pop(name, None)
scenarios = [values, completion, interrupts, ahead, history, signals, garbage, pictures]
{f.__name__: f for f in scenarios}[sys.argv[2]]()
