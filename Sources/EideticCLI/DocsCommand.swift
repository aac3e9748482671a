// `eidetic docs`: the documents that ship, without a network.

import ArgumentParser
import Foundation
import Stdlib

struct DocsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "docs", abstract: "Read the tutorial, the way from Python, the reference.",
    discussion: """
      Prints Markdown. A part is named by its heading, or by the beginning of it.

      Examples:
        eidetic docs
        eidetic docs tutorial | less
        eidetic docs tutorial 2
        eidetic docs reference Tensor:softmax
        eidetic docs python --path
      """)

  @Argument(help: "tutorial, python or reference; without it they are listed.")
  var name: String?

  @Argument(help: "A part of it, such as eidetic.tensor, Model:generate or 3.")
  var part: String?

  @Flag(help: "Print where the file is.")
  var path = false

  func run() throws {
    guard let name else { return list() }
    guard let document = Stdlib.documents.first(where: { $0.name == name }) else {
      let names = Stdlib.documents.map(\.name).joined(separator: ", ")
      throw Failure(code: 2, "error: there is no document '\(name)'; there are \(names)")
    }
    if path { return print(document.path) }
    let text: String
    do { text = try document.text() } catch {
      throw Failure(code: 1, "error: \(document.path) cannot be read; see eidetic doctor")
    }
    guard let part else { return print(text, terminator: "") }
    guard let found = Self.part(part, of: text) else {
      throw Failure(
        code: 1, "error: '\(part)' is no part of \(name); `eidetic docs \(name)` has them all")
    }
    print(found)
  }

  private func list() {
    for document in Stdlib.documents {
      let name = document.name.padding(toLength: 10, withPad: " ", startingAt: 0)
      print("\(name)  \(document.summary)")
    }
    print("\neidetic docs tutorial | less")
  }

  /// From a heading to the next of its level or above; the whole heading counts more than its
  /// beginning, and functions may be named without `eidetic.`.
  private static func part(_ name: String, of text: String) -> String? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let headings = lines.indices.filter { lines[$0].hasPrefix("#") }
    func heading(_ index: Int) -> Substring { lines[index].drop { $0 == "#" || $0 == " " } }
    func level(_ index: Int) -> Int { lines[index].prefix { $0 == "#" }.count }
    let first =
      headings.first { heading($0) == name || heading($0) == "eidetic.\(name)" }
      ?? headings.first { heading($0).lowercased().hasPrefix(name.lowercased()) }
    guard let first else { return nil }
    let end = headings.first { $0 > first && level($0) <= level(first) } ?? lines.endIndex
    var part = lines[first..<end]
    while part.last?.isEmpty == true { part.removeLast() }
    return part.joined(separator: "\n")
  }
}
