// What was typed: a whole statement, a bare expression, or the beginning of one. Lua's own parser
// decides; it says `<eof>` when the text ends too early.

import Foundation

/// What Lua's parser makes of what was typed.
package enum Input: Equatable {
  /// Nothing but space and comments.
  case empty
  /// More lines may make it whole.
  case incomplete
  /// A chunk; as an expression it stands behind `return`, and its values are of interest.
  case chunk([UInt8], isExpression: Bool)
  /// No further line can mend it.
  case broken(SyntaxError)

  /// Reads what was typed.
  ///
  /// - Parameters:
  ///   - typed: The lines so far.
  ///   - isComplete: Whether no further line will come.
  ///   - parse: Compiles source without running it and gives Lua's message when it does not compile.
  package init(
    _ typed: [UInt8], isComplete: Bool = false, parse: ([UInt8]) throws -> String?
  ) rethrows {
    let text = LuaSource(typed)
    guard let first = text.words.first else {
      guard text.tokens.last?.isOpen == true else {
        self = .empty
        return
      }
      let problem = try parse(typed) ?? ""
      self = isComplete ? .broken(try SyntaxError(problem, in: text, parse: parse)) : .incomplete
      return
    }
    // lua5.1's and th's `=x`, which is no statement.
    let isEquals = text.isWord(first, "=")
    let body = isEquals ? Array(typed[first.range.upperBound...]) : typed
    // A short string cannot go on in the next line; the line break makes Lua say so.
    let asExpression = Array("return ".utf8) + body + [UInt8(ascii: "\n")]
    let expressionError = try parse(asExpression)
    if expressionError == nil {
      self = .chunk(asExpression, isExpression: !text.isWord(text.words.last, ";"))
      return
    }
    let asStatement = typed + [UInt8(ascii: "\n")]
    let statementError = isEquals ? expressionError : try parse(asStatement)
    guard let statementError else {
      self = .chunk(asStatement, isExpression: false)
      return
    }
    let endsEarly = [expressionError, statementError].contains { $0?.hasSuffix("<eof>") == true }
    if endsEarly, !isComplete {
      self = .incomplete
      return
    }
    // What fails at its first word as a statement was meant as an expression.
    let error = try SyntaxError(statementError, in: text, parse: parse)
    self = .broken(
      error.range == first.range
        ? try SyntaxError(
          expressionError ?? statementError, in: text, prefix: "return ", parse: parse)
        : error)
  }
}

/// Why source does not compile, and where.
package struct SyntaxError: Equatable {
  /// Lua's message with its position.
  package let message: String
  /// The word it stumbled over, when it can be told.
  package let range: Range<Int>?

  /// Finds the word: of those that Lua may mean it is the first at which the text before it stops
  /// being the beginning of something.
  init(
    _ message: String, in text: LuaSource, prefix: String = "", parse: ([UInt8]) throws -> String?
  ) rethrows {
    self.message = message
    guard let near = message.range(of: " near '", options: .backwards), message.hasSuffix("'")
    else {
      range = nil
      return
    }
    let word = message[near.upperBound...].dropLast()
    for token in text.words where text.text(token) == word {
      let before = Array(prefix.utf8) + text.bytes[..<token.range.upperBound] + [UInt8(ascii: "\n")]
      guard let problem = try parse(before), !problem.hasSuffix("<eof>") else { continue }
      range = token.range
      return
    }
    range = nil
  }
}
