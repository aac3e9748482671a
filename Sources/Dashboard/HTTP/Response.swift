// What goes back: status, headers, and a body that is there, a file, or one that goes on.

import Foundation
import Repro

/// A status of HTTP.
package enum Status: Int, Sendable {
  case ok = 200
  case seeOther = 303
  case notModified = 304
  case badRequest = 400
  case unauthorized = 401
  case forbidden = 403
  case notFound = 404
  case badMethod = 405
  case tooLate = 408
  case bodyTooLarge = 413
  case headTooLarge = 431
  case failed = 500
  case busy = 503
  case unknownVersion = 505

  /// The words beside the number.
  package var phrase: String {
    switch self {
    case .ok: "OK"
    case .seeOther: "See Other"
    case .notModified: "Not Modified"
    case .badRequest: "Bad Request"
    case .unauthorized: "Unauthorized"
    case .forbidden: "Forbidden"
    case .notFound: "Not Found"
    case .badMethod: "Method Not Allowed"
    case .tooLate: "Request Timeout"
    case .bodyTooLarge: "Content Too Large"
    case .headTooLarge: "Request Header Fields Too Large"
    case .failed: "Internal Server Error"
    case .busy: "Service Unavailable"
    case .unknownVersion: "HTTP Version Not Supported"
    }
  }
}

/// An answer.
package struct Response: Sendable {
  /// What follows the head.
  package enum Body: Sendable {
    /// All of it.
    case bytes(Data)
    /// A file's content.
    case file(OpenFile)
    /// Parts of a page as they change, until the reader goes.
    case live(LiveSource)
  }

  package var status: Status
  package var headers: [String: String]
  package var body: Body

  package init(_ status: Status, _ headers: [String: String] = [:], _ body: Body) {
    (self.status, self.headers, self.body) = (status, headers, body)
  }

  /// A page. It loads nothing from elsewhere and runs nothing but the dashboard's own script.
  static func page(_ html: String, _ status: Status = .ok) -> Response {
    Response(
      status,
      [
        "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
        "Content-Security-Policy":
          "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
          + "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
          + "frame-ancestors 'none'",
      ], .bytes(Data(html.utf8)))
  }

  /// Something that a run holds: it is shown, but no script in it runs.
  static func foreign(_ body: Body, type: String, name: String? = nil) -> Response {
    var headers = [
      "Content-Type": type, "Cache-Control": "no-store",
      "Content-Security-Policy":
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        + "frame-ancestors 'none'",
    ]
    if let name {
      headers["Content-Disposition"] = "attachment; filename*=UTF-8''\(URLText.part(name))"
    }
    return Response(.ok, headers, body)
  }

  /// Data for programs.
  static func json(_ json: JSON, _ status: Status = .ok) -> Response {
    Response(
      status, ["Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"],
      .bytes(Data((json.canonical + "\n").utf8)))
  }

  /// A line of text.
  static func text(_ text: String, _ status: Status) -> Response {
    Response(
      status, ["Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"],
      .bytes(Data((text + "\n").utf8)))
  }

  /// A part of the dashboard itself, which a browser may keep while it is the same.
  static func part(_ bytes: Data, type: String, for request: Request) -> Response {
    let mark = "\"\(SHA256.hex(bytes).prefix(24))\""
    let headers = ["Content-Type": type, "Cache-Control": "no-cache", "ETag": mark]
    guard request.headers["if-none-match"] != mark else {
      return Response(.notModified, headers, .bytes(Data()))
    }
    return Response(.ok, headers, .bytes(bytes))
  }

  /// The head as it is sent.
  package func head(isKeptAlive: Bool) -> Data {
    var all = headers
    all["X-Content-Type-Options"] = "nosniff"
    all["Referrer-Policy"] = "no-referrer"
    all["Cross-Origin-Resource-Policy"] = "same-origin"
    all["Connection"] = isKeptAlive ? "keep-alive" : "close"
    switch body {
    case .bytes(let data) where status != .notModified: all["Content-Length"] = "\(data.count)"
    case .file(let file): all["Content-Length"] = "\(file.size)"
    default: break
    }
    let lines = all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }
    return Data("HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n\(lines.joined())\r\n".utf8)
  }
}

/// Text inside of addresses.
package enum URLText {
  private static let plain = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

  /// One part of a path, or a value of a query.
  package static func part(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }

  /// A query; pairs without a value are left out.
  package static func query(_ pairs: [(String, String?)]) -> String {
    let texts = pairs.compactMap { name, value in
      value.map { "\(part(name))=\(part($0))" }
    }
    return texts.isEmpty ? "" : "?" + texts.joined(separator: "&")
  }
}
