// How a local outlives its line. Every input is a chunk of its own, and Lua ends a chunk's locals with
// it; so a `local` at the top level of an input is turned into an assignment to a variable of the
// session. The source compiled as it was typed before, so counting the words that open and close
// blocks finds the top level exactly; nothing moves to another line.

/// An input whose top-level locals are variables of the session.
package struct SessionLocals {
  /// The source to run.
  package private(set) var source: [UInt8]
  /// The variables it declares, in order.
  package private(set) var names: [String] = []

  /// Rewrites source that compiles.
  ///
  /// A statement with `<close>` stays as it is, because the end of its input is what closes it; so
  /// does `local _ENV`.
  package init(sharing original: [UInt8]) {
    let text = LuaSource(original)
    source = original
    var insertions: [(place: Int, text: String)] = []
    var depth = 0
    let words = text.words
    for (index, word) in words.enumerated() {
      if text.isWord(word, "function") || text.isWord(word, "if") || text.isWord(word, "do")
        || text.isWord(word, "repeat")
      {
        depth += 1
      } else if text.isWord(word, "end") || text.isWord(word, "until") {
        depth -= 1
      } else if depth == 0, text.isWord(word, "local") {
        if let declaration = Declaration(text, words[(index + 1)...]) {
          names += declaration.names
          blank(word.range)
          declaration.attributes.forEach { blank($0) }
          if let place = declaration.placeForNil { insertions.append((place, " = nil")) }
        }
      }
    }
    for insertion in insertions.reversed() {
      source.insert(contentsOf: insertion.text.utf8, at: insertion.place)
    }
  }

  private mutating func blank(_ range: Range<Int>) {
    for place in range where source[place] != UInt8(ascii: "\n") {
      source[place] = UInt8(ascii: " ")
    }
  }
}

/// What stands behind `local`.
private struct Declaration {
  var names: [String] = []
  var attributes: [Range<Int>] = []
  /// Where a value must be added, when there is none.
  var placeForNil: Int?

  /// - Returns: `nil` when the statement must stay.
  init?(_ text: LuaSource, _ words: ArraySlice<LuaToken>) {
    guard let first = words.first else { return nil }
    if text.isWord(first, "function") {
      guard let name = words.dropFirst().first, name.kind == .name else { return nil }
      names = [text.text(name)]
      return
    }
    var rest = words
    var end = first.range.upperBound
    repeat {
      guard let name = rest.popFirst(), name.kind == .name else { return nil }
      names.append(text.text(name))
      end = name.range.upperBound
      if text.isWord(rest.first, "<") {
        let attribute = rest.prefix(3)
        guard attribute.count == 3, text.text(attribute[attribute.startIndex + 1]) != "close"
        else { return nil }
        attributes += attribute.map(\.range)
        end = attribute[attribute.startIndex + 2].range.upperBound
        rest = rest.dropFirst(3)
      }
      guard text.isWord(rest.first, ",") else { break }
      rest = rest.dropFirst()
    } while true
    if !text.isWord(rest.first, "=") { placeForNil = end }
    if names.contains("_ENV") { return nil }
  }
}
