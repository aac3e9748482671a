// Names of run folders: sortable by time, readable, unique without asking anyone.

import Foundation

/// Makes names such as `20260131T120000Z-cross-modal-0C5K9QXW`.
///
/// The last part is 40 random bits in Crockford's base 32, as the tail of a ULID; the exclusive
/// creation of the folder settles the rest.
package enum RunName {
  private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

  static func make(
    time: Date, experiment: String, using generator: inout some RandomNumberGenerator
  ) -> String {
    "\(stamp(time))-\(slug(experiment))-\(shortID(using: &generator))"
  }

  /// Basic ISO 8601 in UTC: sorts as text, and holds no colon, which some file systems refuse.
  static func stamp(_ time: Date) -> String {
    String(time.formatted(.iso8601).filter { !"-:".contains($0) })
  }

  /// Lower-case ASCII letters, digits and single hyphens; a name can never leave its folder.
  package static func slug(_ text: String) -> String {
    let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let slug = words.joined(separator: "-").prefix(40)
    return slug.isEmpty ? "run" : String(slug)
  }

  static func shortID(using generator: inout some RandomNumberGenerator) -> String {
    String((0..<8).map { _ in digits[Int.random(in: 0..<32, using: &generator)] })
  }
}
