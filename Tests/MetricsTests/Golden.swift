// The numbers of statsmodels, scipy and numpy; their generator stands beside them in Tests/Golden.

import Foundation
import Repro

/// The golden numbers, read through JSON so that mixed lists need no types of their own.
enum Golden {
  static let all: JSON = {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = here.appendingPathComponent("../Golden/metrics.json")
    return (try? JSON.parse(try Data(contentsOf: file))) ?? .null
  }()

  /// The cases under a name; an empty list would pass every loop, so tests count them.
  static func cases(_ name: String) -> [JSON] { all[name]?.list ?? [] }
}

extension JSON {
  var list: [JSON] { if case .array(let items) = self { items } else { [] } }

  var number: Double {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: .nan
    }
  }

  var string: String { if case .string(let text) = self { text } else { "" } }
  var numbers: [Double] { list.map(\.number) }
  var isTrue: Bool { self == .bool(true) }
}

/// Whether two numbers agree to a relative tolerance; NaN never does.
func agree(_ a: Double, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
  abs(a - b) <= tolerance * max(1e-12, abs(b))
}
