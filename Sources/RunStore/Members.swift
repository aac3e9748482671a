// Takes a JSON object apart, strictly: a missing, mistyped or unknown member is an error that says
// where. A result is evidence; half of one must not read as a whole.

import Foundation
import Repro

/// A member that is not what the format says.
package struct ShapeError: Error, CustomStringConvertible {
  let place: String
  let expected: String
  let got: String

  package init(place: String, expected: String, got: String) {
    (self.place, self.expected, self.got) = (place, expected, got)
  }

  package var description: String { "\(place): expected \(expected), got \(got)" }
}

/// A value that stands in a JSON file as itself.
package protocol JSONScalar {
  static var shape: String { get }
  init?(_ json: JSON)
}

extension String: JSONScalar {
  package static var shape: String { "a string" }
  package init?(_ json: JSON) {
    guard case .string(let text) = json else { return nil }
    self = text
  }
}

extension Int: JSONScalar {
  package static var shape: String { "an integer" }
  package init?(_ json: JSON) {
    guard case .integer(let number) = json else { return nil }
    self = number
  }
}

extension Double: JSONScalar {
  package static var shape: String { "a number" }
  package init?(_ json: JSON) {
    switch json {
    case .integer(let number): self = Double(number)
    case .number(let number): self = number
    default: return nil
    }
  }
}

extension Bool: JSONScalar {
  package static var shape: String { "true or false" }
  package init?(_ json: JSON) {
    guard case .bool(let value) = json else { return nil }
    self = value
  }
}

/// The members of an object that have not been read yet.
package struct Members {
  let place: String
  private var rest: [String: JSON]

  package init(_ json: JSON, at place: String) throws {
    guard case .object(let members) = json else {
      throw ShapeError(place: place, expected: "an object", got: json.shape)
    }
    (self.place, rest) = (place, members)
  }

  package mutating func json(_ key: String) throws -> JSON {
    guard let value = rest.removeValue(forKey: key) else {
      throw ShapeError(place: "\(place).\(key)", expected: "a value", got: "nothing")
    }
    return value
  }

  package mutating func take<T: JSONScalar>(_ key: String) throws -> T {
    try Self.scalar(try json(key), at: "\(place).\(key)")
  }

  /// A member that may be absent or `null`.
  package mutating func optional<T: JSONScalar>(_ key: String) throws -> T? {
    guard let value = optionalJSON(key) else { return nil }
    return try Self.scalar(value, at: "\(place).\(key)") as T
  }

  package mutating func optionalJSON(_ key: String) -> JSON? {
    guard let value = rest.removeValue(forKey: key), value != .null else { return nil }
    return value
  }

  /// A member whose text must be one of the enum's raw values.
  package mutating func choice<T: RawRepresentable & CaseIterable>(_ key: String) throws -> T
  where T.RawValue == String {
    let text: String = try take(key)
    guard let value = T(rawValue: text) else {
      let allowed = T.allCases.map(\.rawValue).joined(separator: ", ")
      throw ShapeError(place: "\(place).\(key)", expected: "one of \(allowed)", got: text)
    }
    return value
  }

  package mutating func list<T: JSONScalar>(_ key: String, of type: T.Type) throws -> [T] {
    try list(key) { try Self.scalar($0, at: $1) }
  }

  package mutating func list<T>(_ key: String, _ read: (JSON, String) throws -> T) throws -> [T] {
    let value = try json(key)
    guard case .array(let items) = value else {
      throw ShapeError(place: "\(place).\(key)", expected: "a list", got: value.shape)
    }
    return try items.enumerated().map { try read($0.element, "\(place).\(key)[\($0.offset)]") }
  }

  /// A list that files of earlier versions do not have.
  package mutating func listIfPresent<T>(
    _ key: String, _ read: (JSON, String) throws -> T
  ) throws -> [T] {
    rest[key] == nil ? [] : try list(key, read)
  }

  package mutating func dictionary(_ key: String) throws -> [String: String] {
    var members = try Members(try json(key), at: "\(place).\(key)")
    return try members.allStrings()
  }

  private mutating func allStrings() throws -> [String: String] {
    var result: [String: String] = [:]
    for key in rest.keys.sorted() { result[key] = try take(key) as String }
    return result
  }

  /// Insists that every member has been read.
  package func end() throws {
    if let key = rest.keys.min() {
      throw ShapeError(place: place, expected: "no other members", got: "'\(key)'")
    }
  }

  private static func scalar<T: JSONScalar>(_ json: JSON, at place: String) throws -> T {
    guard let value = T(json) else {
      throw ShapeError(place: place, expected: T.shape, got: json.shape)
    }
    return value
  }
}

extension JSON {
  /// What kind of value this is, for error messages.
  var shape: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer, .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// Reads a JSON file and takes it apart; every failure names the file.
///
/// - Parameter prepare: What is done to the bytes before they are parsed.
package func readJSON<T>(
  _ path: String, prepare: (Data) -> Data = { $0 }, _ take: (JSON) throws -> T
) throws -> T {
  let bytes: Data
  do {
    bytes = try Data(contentsOf: URL(fileURLWithPath: path))
  } catch {
    let isMissing = !FileManager.default.fileExists(atPath: path)
    throw RunStoreError.unreadable(
      path: path, reason: isMissing ? "no such file" : error.localizedDescription)
  }
  do {
    return try take(try JSON.parse(prepare(bytes)))
  } catch let error as RunStoreError {
    throw error
  } catch {
    throw RunStoreError.damaged(path: path, reason: "\(error)")
  }
}
