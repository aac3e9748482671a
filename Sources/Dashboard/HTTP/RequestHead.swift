// What a browser asks for. Only what a reader of pages needs is understood; everything else is
// refused with the status that says why, and no length is left to the other side.

import Foundation

/// The head of a request: all there is, since nothing with a body is served.
package struct Request: Equatable, Sendable {
  /// `GET` or `HEAD`.
  package var method: String
  /// The parts of the path, each decoded: `/runs/a%20b/` is `["runs", "a b"]`.
  package var path: [String]
  /// The query's values by name, in order.
  package var query: [(name: String, value: String)]
  /// Headers by lower-case name.
  package var headers: [String: String]
  /// Whether the connection may be used again.
  package var isKeptAlive: Bool

  package init(
    _ method: String = "GET", path: [String], query: [(name: String, value: String)] = [],
    headers: [String: String] = [:], isKeptAlive: Bool = true
  ) {
    (self.method, self.path, self.query) = (method, path, query)
    (self.headers, self.isKeptAlive) = (headers, isKeptAlive)
  }

  /// The first value of a name in the query, without the white space around it; `nil` when empty.
  package func value(_ name: String) -> String? {
    let text = query.first { $0.name == name }?.value.trimmingCharacters(in: .whitespaces)
    return text?.isEmpty == false ? text : nil
  }

  /// All values of a name in the query.
  package func values(_ name: String) -> [String] {
    query.filter { $0.name == name && !$0.value.isEmpty }.map(\.value)
  }

  package static func == (a: Request, b: Request) -> Bool {
    a.method == b.method && a.path == b.path && a.headers == b.headers
      && a.query.elementsEqual(b.query, by: ==) && a.isKeptAlive == b.isKeptAlive
  }
}

/// Reads heads of requests.
package enum RequestHead {
  /// Heads are no longer than this.
  package static let limit = 16 << 10
  /// Nor have they more lines.
  package static let headerLimit = 100

  /// Why a head is refused.
  package struct Refusal: Error, Equatable {
    package var status: Status
    package var reason: String

    init(_ status: Status, _ reason: String) { (self.status, self.reason) = (status, reason) }
  }

  /// Where the head ends that `bytes` begin with; `nil` when more is needed.
  ///
  /// - Throws: ``Refusal`` when it is too long.
  package static func end(in bytes: [UInt8]) throws -> Int? {
    let mark: [UInt8] = [13, 10, 13, 10]
    var at = 0
    while at + 4 <= min(bytes.count, limit) {
      if bytes[at] == 13, bytes[at..<at + 4].elementsEqual(mark) { return at + 4 }
      at += 1
    }
    guard bytes.count < limit else {
      throw Refusal(.headTooLarge, "the request's head is longer than \(limit >> 10) KiB")
    }
    return nil
  }

  /// Reads a whole head.
  ///
  /// - Throws: ``Refusal``.
  package static func parse(_ bytes: some Sequence<UInt8>) throws -> Request {
    guard let text = String(validating: Array(bytes), as: UTF8.self), !text.contains("\0") else {
      throw Refusal(.badRequest, "the request's head is no text")
    }
    var lines = text.components(separatedBy: "\r\n")[...]
    let words = (lines.popFirst() ?? "").split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2].hasPrefix("HTTP/") else {
      throw Refusal(.badRequest, "this is no HTTP request")
    }
    guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
      throw Refusal(.unknownVersion, "only HTTP/1.1 is spoken here")
    }
    let headers = try headers(lines.prefix { !$0.isEmpty })
    guard words[0] == "GET" || words[0] == "HEAD" else {
      throw Refusal(.badMethod, "this server only shows: GET and HEAD")
    }
    guard headers["transfer-encoding"] == nil, headers["content-length"] ?? "0" == "0" else {
      throw Refusal(.bodyTooLarge, "requests have no body here")
    }
    let (path, query) = try target(words[1])
    let wishes = headers["connection"]?.lowercased() ?? ""
    return Request(
      String(words[0]), path: path, query: query, headers: headers,
      isKeptAlive: words[2] == "HTTP/1.1" && !wishes.contains("close"))
  }

  private static func headers(_ lines: ArraySlice<String>) throws -> [String: String] {
    guard lines.count <= headerLimit else {
      throw Refusal(.headTooLarge, "the request has more than \(headerLimit) headers")
    }
    var found: [String: String] = [:]
    for line in lines {
      guard let colon = line.firstIndex(of: ":") else {
        throw Refusal(.badRequest, "a header has no colon")
      }
      let name = line[..<colon].lowercased()
      // White space around a name, or a line that goes on with the last one, is read differently by
      // different programs.
      guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
        throw Refusal(.badRequest, "a header's name is no word")
      }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      guard found[name] == nil || !["host", "content-length"].contains(name) else {
        throw Refusal(.badRequest, "the header \(name) stands there twice")
      }
      found[name] = found[name].map { "\($0), \(value)" } ?? value
    }
    return found
  }

  private static func target(
    _ text: Substring
  ) throws -> (path: [String], query: [(name: String, value: String)]) {
    guard text.hasPrefix("/") else { throw Refusal(.badRequest, "the address has no path") }
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = try parts[0].split(separator: "/").map { part in
      guard let decoded = part.removingPercentEncoding, !decoded.contains("\0") else {
        throw Refusal(.badRequest, "the address is badly encoded")
      }
      return decoded
    }
    let query = parts.count < 2 ? [] : parts[1].split(separator: "&").prefix(200).map(pair)
    return (path, query)
  }

  private static func pair(_ text: Substring) -> (name: String, value: String) {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
      // Forms write a space as a plus.
      $0.replacing("+", with: " ").removingPercentEncoding ?? String($0)
    }
    return (sides[0], sides.count > 1 ? sides[1] : "")
  }
}
