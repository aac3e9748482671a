// One line from the terminal, edited with libedit. libedit reads characters through this file, so that
// a changed window size, a hang-up and a request to end reach it; Ctrl-C and Ctrl-Z are keys here.

import CEdit
import Foundation

/// Reads edited lines from a terminal. There is one per process at a time, on one thread.
public final class LineEditor {
  /// What came of asking for a line.
  public enum Line: Equatable, Sendable {
    /// A line in UTF-8, or in whatever bytes were typed.
    case text([UInt8])
    /// Ctrl-C: the line is dropped.
    case interrupted
    /// Ctrl-D on an empty line, a hang-up, or a request to end.
    case end
  }

  /// What may stand at the cursor.
  public struct Completion: Equatable, Sendable {
    /// Where in the bytes before the cursor the word to complete begins.
    public let start: Int
    /// Words that may replace it, sorted, each with what to add when it is the only one.
    public let candidates: [(word: String, suffix: String)]
    /// What to show when there are no candidates, such as the signature of the function called.
    public let note: String?

    /// Describes what may stand there.
    public init(
      start: Int, candidates: [(word: String, suffix: String)] = [], note: String? = nil
    ) {
      (self.start, self.candidates, self.note) = (start, candidates, note)
    }

    /// Whether place, words and note are the same.
    public static func == (a: Self, b: Self) -> Bool {
      a.start == b.start && a.note == b.note && a.candidates.elementsEqual(b.candidates, by: ==)
    }
  }

  /// Bytes of the longest entry that the arrow keys find.
  public static let longestEntry = 4000

  /// Gets the bytes of the line before the cursor.
  public typealias Completer = ([UInt8]) -> Completion

  private let handle: OpaquePointer
  private let history: OpaquePointer
  private let completer: Completer
  /// libedit asks for it again and again while a line is edited.
  fileprivate var prompt: UnsafeMutablePointer<Int32>
  private var promptWidth = 0
  private var isInterrupted = false

  /// Takes over the terminal on standard input.
  ///
  /// - Returns: `nil` when standard input or output is no terminal, or libedit does not know it.
  public init?(entries: [String], limit: Int = 5000, completer: @escaping Completer) {
    guard isatty(0) == 1, isatty(1) == 1 else { return nil }
    Self.chooseUTF8()
    guard let handle = ce_open("eidetic") else { return nil }
    guard let history = history_winit() else {
      el_end(handle)
      return nil
    }
    (self.handle, self.history, self.completer) = (handle, history, completer)
    prompt = Self.copy("")
    ce_set_context(handle, Unmanaged.passUnretained(self).toOpaque())
    ce_set_prompt(handle) { editor(of: $0).prompt }
    ce_set_reader(handle) { readCharacter($0, $1) }
    ce_history_limit(history, Int32(clamping: limit))
    ce_set_history(handle, history)
    entries.forEach(remember)
    bindKeys()
  }

  deinit {
    el_end(handle)
    history_wend(history)
    prompt.deallocate()
  }

  /// Adds an entry, which may have several lines, to what the arrow keys find.
  ///
  /// A longer one than ``longestEntry`` is left out: libedit's search tries each place of an entry
  /// with the whole rest of it, so that its time grows with the square of the length.
  public func remember(_ entry: String) {
    guard entry.utf8.count <= Self.longestEntry else { return }
    ce_history_add(history, WideText.wide(Array(entry.utf8)).filter { $0 != 0 } + [0])
  }

  /// Lets the user type a line.
  public func read(prompt text: String) -> Line {
    prompt.deallocate()
    prompt = Self.copy(text)
    promptWidth = text.count
    isInterrupted = false
    var count: Int32 = 0
    let signals = EditingSignals()
    ce_raw(handle, 1)  // before the prompt shows: who sees it may type Ctrl-C
    signals.noteTypedAhead()
    let line = el_wgets(handle, &count)
    signals.end()
    if isInterrupted { return .interrupted }
    guard let line, count > 0 else { return .end }
    var wide = UnsafeBufferPointer(start: line, count: Int(count))[...]
    // Without a line break the terminal went away in the middle of the line.
    guard wide.popLast() == 10 else { return .end }
    return .text(WideText.bytes(wide))
  }

  /// Widths of characters and what libedit prints depend on the locale; numbers keep the C locale.
  private static func chooseUTF8() {
    setlocale(LC_CTYPE, "")
    let codeset = nl_langinfo(Int32(CODESET)).map { String(cString: $0) }
    if codeset != "UTF-8" { setlocale(LC_CTYPE, "C.UTF-8") }
  }

  // MARK: Keys

  private func bindKeys() {
    ce_set_editor(handle, wide("emacs"))
    el_source(handle, nil)  // the user's ~/.editrc
    ce_keep_signal_keys(handle)
    add("eidetic-interrupt") { handle, _ in editor(of: handle).interrupt() }
    add("eidetic-complete") { handle, _ in editor(of: handle).complete() }
    add("eidetic-suspend") { handle, _ in editor(of: handle).suspend() }
    for (key, command) in [
      ("^C", "eidetic-interrupt"), ("^Z", "eidetic-suspend"), ("^I", "eidetic-complete"),
      ("^R", "em-inc-search-prev"), ("^S", "em-inc-search-next"), ("^L", "ed-clear-screen"),
      ("^W", "ed-delete-prev-word"), ("\\e[H", "ed-move-to-beg"), ("\\e[F", "ed-move-to-end"),
      ("\\eOH", "ed-move-to-beg"), ("\\eOF", "ed-move-to-end"), ("\\e[1~", "ed-move-to-beg"),
      ("\\e[4~", "ed-move-to-end"), ("\\e[3~", "ed-delete-next-char"),
      ("\\e[1;5C", "em-next-word"), ("\\e[1;5D", "ed-prev-word"),
      // A disabled character of the terminal is zero, and libedit binds it to what it was for.
      ("^@", "em-set-mark"),
      // libedit's own command line, which Ctrl-C does not leave.
      ("\\ex", "ed-unassigned"), ("\\eX", "ed-unassigned"),
    ] {
      ce_bind(handle, wide(key), wide(command))
    }
  }

  /// libedit keeps the pointer to the name; there are three in the life of the program.
  private func add(_ name: String, _ command: @escaping ce_command) {
    let kept = Self.copy(name)
    ce_add_command(handle, kept, kept, command)
  }

  private func wide(_ text: String) -> [Int32] { WideText.wide(Array(text.utf8)) + [0] }

  private static func copy(_ text: String) -> UnsafeMutablePointer<Int32> {
    let characters = WideText.wide(Array(text.utf8)) + [0]
    let copy = UnsafeMutablePointer<Int32>.allocate(capacity: characters.count)
    copy.initialize(from: characters, count: characters.count)
    return copy
  }

  fileprivate func interrupt() -> UInt8 {
    isInterrupted = true
    write("^C")
    return UInt8(CC_NEWLINE)
  }

  fileprivate func suspend() -> UInt8 {
    ce_raw(handle, 0)
    write("\n")
    kill(0, SIGTSTP)
    ce_raw(handle, 1)
    return UInt8(CC_REDISPLAY)
  }

  /// Terminals break what they show anew, so the line is drawn again from where its first row is
  /// now; libedit would begin where the cursor is.
  fileprivate func resize() {
    let columns = max(1, TerminalAbilities.size.columns)
    var column = promptWidth
    if let line = el_wline(handle)?.pointee, let buffer = line.buffer, let cursor = line.cursor {
      for character in UnsafeBufferPointer(start: buffer, count: cursor - buffer) {
        column += character == 10 ? columns - column % columns : 1
      }
    }
    let row = column / columns
    write((row > 0 ? "\u{1B}[\(row)A" : "") + "\r\u{1B}[J")
    el_resize(handle)
    ce_refresh(handle)
  }

  fileprivate func complete() -> UInt8 {
    guard let line = el_wline(handle)?.pointee, let buffer = line.buffer, let cursor = line.cursor
    else { return UInt8(CC_ERROR) }
    let before = WideText.bytes(UnsafeBufferPointer(start: buffer, count: cursor - buffer))
    if before.allSatisfy({ $0 == 32 }) { return insert("  ") }
    let completion = completer(before)
    guard let first = completion.candidates.first else {
      guard let note = completion.note else { return UInt8(CC_ERROR) }
      write("\n\(note)\n")
      return UInt8(CC_REDISPLAY)
    }
    let typed = String(decoding: before[completion.start...], as: UTF8.self)
    if completion.candidates.count == 1 {
      return insert(String(first.word.dropFirst(typed.count)) + first.suffix)
    }
    let common = completion.candidates.reduce(first.word) { $0.commonPrefix(with: $1.word) }
    if common.count > typed.count { return insert(String(common.dropFirst(typed.count))) }
    show(completion.candidates.map(\.word))
    return UInt8(CC_REDISPLAY)
  }

  private func insert(_ text: String) -> UInt8 {
    guard !text.isEmpty, el_winsertstr(handle, wide(text)) == 0 else { return UInt8(CC_ERROR) }
    return UInt8(CC_REFRESH)
  }

  private func show(_ words: [String]) {
    let size = TerminalAbilities.size
    let rows = Columns.rows(words, width: size.columns, most: max(4, size.rows - 3))
    write("\n" + rows.map { $0 + "\n" }.joined())
  }

  private func write(_ text: String) { ce_write(text) }
}

private func editor(of handle: OpaquePointer?) -> LineEditor {
  // The editor ends its handle before it goes.
  Unmanaged<LineEditor>.fromOpaque(ce_context(handle)).takeUnretainedValue()
}

/// Waits for a character: 1 when there is one, 0 at the end.
private func readCharacter(
  _ handle: OpaquePointer?, _ character: UnsafeMutablePointer<Int32>?
) -> Int32 {
  var bytes: [UInt8] = []
  repeat {
    switch EditingSignals.readByte() {
    case .byte(let byte): bytes.append(byte)
    case .resized where bytes.isEmpty:
      editor(of: handle).resize()
    case .resized: break
    case .end: return 0
    }
    guard let first = bytes.first else { continue }
    // A byte that cannot follow stands for itself, and what it broke does too.
    let isBroken = bytes.dropFirst().contains { $0 & 0xC0 != 0x80 }
    if isBroken || bytes.count == WideText.length(first) {
      let wide = WideText.wide(bytes)
      character?.pointee = wide[0]
      EditingSignals.putBack(wide.dropFirst())
      return 1
    }
  } while true
}
