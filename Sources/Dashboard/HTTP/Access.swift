// Who may read. On the loopback interface that is whoever uses this machine; a page from elsewhere
// that has its name point here (DNS rebinding) gives itself away by the Host header. On any other
// interface it is whoever has the token.

import Foundation

/// Decides whether a request is answered.
package struct Access: Sendable {
  /// What a reader has to show; `nil` on the loopback interface.
  package let token: String?
  /// Names by which the server is addressed, lower case.
  private let names: Set<String>
  /// Whether it may be addressed by any address of the machine.
  private let allowsAddresses: Bool
  /// Browsers send cookies to all ports of a host.
  private let cookie: String

  /// - Parameters:
  ///   - host: The address or name that the server is bound to.
  ///   - token: What a reader has to show; without one only names of the loopback interface count.
  package init(host: String, port: Int, token: String?) {
    self.token = token
    names = Set(
      ["localhost", host, token == nil ? nil : ProcessInfo.processInfo.hostName]
        .compactMap { $0?.lowercased() })
    allowsAddresses = token != nil
    cookie = "eidetic-\(port)"
  }

  /// A token of 128 random bits.
  package static func makeToken() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max, using: &generator), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The answer to a request that is not to be served; `nil` for one that is.
  package func refusal(_ request: Request) -> Response? {
    guard let host = request.headers["host"], isOurs(host) else {
      return .text(
        "This server is not called '\(request.headers["host"]?.prefix(100) ?? "")'. "
          + "Use the address that eidetic serve printed.", .forbidden)
    }
    guard let token else { return nil }
    if let shown = request.value("token"), Self.isSame(shown, token) {
      // The token leaves the address bar, so that it is not copied along with a link.
      let rest = request.query.filter { $0.name != "token" }.map { ($0.name, Optional($0.value)) }
      let path = "/" + request.path.map(URLText.part).joined(separator: "/")
      return Response(
        .seeOther,
        [
          "Location": path + URLText.query(rest), "Cache-Control": "no-store",
          "Set-Cookie": "\(cookie)=\(token); Path=/; HttpOnly; SameSite=Strict",
        ], .bytes(Data()))
    }
    guard let shown = shownToken(request), Self.isSame(shown, token) else {
      return .text(
        "This dashboard needs its token. Open the whole address that eidetic serve printed; "
          + "programs send 'Authorization: Bearer TOKEN'.", .unauthorized)
    }
    return nil
  }

  private func isOurs(_ host: String) -> Bool {
    var name = host.lowercased()
    if name.hasPrefix("["), let end = name.firstIndex(of: "]") {
      name = String(name[name.index(after: name.startIndex)..<end])
    } else if name.count(where: { $0 == ":" }) == 1, let colon = name.firstIndex(of: ":") {
      name = String(name[..<colon])
    }
    if name.hasSuffix(".") { name.removeLast() }
    // No name that somebody else may point here is an address.
    return names.contains(name) || Self.isLoopback(name) || allowsAddresses && Self.isAddress(name)
  }

  /// Whether a host is reached from this machine alone.
  package static func isLoopback(_ host: String) -> Bool {
    var four = in_addr()
    if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    return host == "localhost" || host == "::1"
  }

  private static func isAddress(_ host: String) -> Bool {
    var four = in_addr(), six = in6_addr()
    return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1
  }

  private func shownToken(_ request: Request) -> String? {
    if let header = request.headers["authorization"], header.hasPrefix("Bearer ") {
      return String(header.dropFirst(7))
    }
    let cookies = (request.headers["cookie"] ?? "").split(separator: ";")
      .map { $0.trimmingCharacters(in: .whitespaces) }
    return cookies.first { $0.hasPrefix(cookie + "=") }.map {
      String($0.dropFirst(cookie.count + 1))
    }
  }

  /// Takes as long for a token that is nearly right as for one that is not.
  private static func isSame(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
