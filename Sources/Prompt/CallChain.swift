// The expression before a dot, a colon or a bracket, read backwards from there: `a.b:c(…)[1]`.

/// One step of a chain.
enum ChainStep: Equatable {
  case variable(String), string, field(String), method(String), call, index
}

extension LuaSource {
  /// The chain whose last word is at `last`, as far as it can be read.
  ///
  /// - Returns: The steps from the left, or `nil` when no such expression ends there.
  func chain(endingAt last: Int, in words: [LuaToken]) -> [ChainStep]? {
    var steps: [ChainStep] = []
    var place = last
    while words.indices.contains(place) {
      let word = words[place]
      let before = place > 0 ? words[place - 1] : nil
      if word.kind == .name {
        guard isWord(before, ".") || isWord(before, ":") else {
          return [.variable(text(word))] + steps
        }
        steps.insert(
          isWord(before, ".") ? .field(text(word)) : .method(text(word)), at: 0)
        place -= 2
      } else if word.kind == .string {
        guard endsExpression(before) else { return [.string] + steps }
        steps.insert(.call, at: 0)
        place -= 1
      } else {
        guard let open = opening(of: place, in: words) else { return nil }
        if isWord(words[open], "("), open == place - 2, words[open + 1].kind == .string,
          !endsExpression(open > 0 ? words[open - 1] : nil)
        {
          return [.string] + steps
        }
        guard endsExpression(open > 0 ? words[open - 1] : nil) else { return nil }
        steps.insert(isWord(word, "]") ? .index : .call, at: 0)
        place = open - 1
      }
    }
    return nil
  }

  /// Whether something that can be called or indexed ends with this word.
  func endsExpression(_ word: LuaToken?) -> Bool {
    guard let word else { return false }
    return word.kind == .name || word.kind == .string && !word.isOpen || isWord(word, ")")
      || isWord(word, "]") || isWord(word, "}")
  }

  /// The bracket that a closing bracket belongs to.
  private func opening(of place: Int, in words: [LuaToken]) -> Int? {
    guard isClosing(words[place]) else { return nil }
    var depth = 0
    for index in stride(from: place, through: 0, by: -1) {
      if isClosing(words[index]) { depth += 1 }
      if isOpening(words[index]) { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  /// The innermost bracket that is open behind the word before `end`.
  func enclosing(before end: Int, in words: [LuaToken]) -> Int? {
    var depth = 0
    for index in stride(from: end - 1, through: 0, by: -1) {
      if isClosing(words[index]) { depth += 1 }
      if isOpening(words[index]) {
        if depth == 0 { return index }
        depth -= 1
      }
    }
    return nil
  }

  /// How many commas of a bracket's own stand between it and `end`.
  func commas(from open: Int, to end: Int, in words: [LuaToken]) -> Int {
    var depth = 0, count = 0
    for word in words[(open + 1)..<max(open + 1, end)] {
      if isOpening(word) { depth += 1 }
      if isClosing(word) { depth -= 1 }
      if depth == 0, isWord(word, ",") { count += 1 }
    }
    return count
  }

  private func isOpening(_ word: LuaToken) -> Bool {
    isWord(word, "(") || isWord(word, "{") || isWord(word, "[")
  }
  private func isClosing(_ word: LuaToken) -> Bool {
    isWord(word, ")") || isWord(word, "}") || isWord(word, "]")
  }
}
