// Where the server listens, from what the user typed.

import FlyingSocks
import Foundation

/// An address of this machine.
struct ListeningAddress: Sendable {
  /// In digits.
  let text: String
  private let port: UInt16
  private let isSix: Bool

  /// - Throws: ``ServerError`` for a name that means nothing.
  init(host: String, port: Int) throws {
    guard let port = UInt16(exactly: port) else {
      throw ServerError(description: "--port \(port): expected 0 ... 65535")
    }
    self.port = port
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, nil, &hints, &list)
    defer { if let list { freeaddrinfo(list) } }
    guard code == 0, let first = list?.pointee, let address = first.ai_addr else {
      throw ServerError(description: "--host \(host): \(String(cString: gai_strerror(code)))")
    }
    var digits = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    getnameinfo(
      address, first.ai_addrlen, &digits, socklen_t(digits.count), nil, 0, NI_NUMERICHOST)
    text = digits.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    isSix = first.ai_family == AF_INET6
  }

  func listen() throws -> Socket {
    do {
      let socket = try Socket(domain: isSix ? AF_INET6 : AF_INET)
      try socket.setValue(true, for: .localAddressReuse)
      if isSix {
        try socket.bind(to: sockaddr_in6.inet6(ip6: text, port: port))
      } else {
        try socket.bind(to: sockaddr_in.inet(ip4: text, port: port))
      }
      try socket.listen()
      return socket
    } catch {
      throw ServerError(
        description: "cannot listen on \(shown):\(port): \(Self.reason(error)); "
          + "choose another --port, or 0 for any")
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard case .failed(_, let code, _)? = error as? SocketError else { return "\(error)" }
    return String(cString: strerror(code))
  }

  func port(of socket: Socket) throws -> Int {
    switch try socket.sockname() {
    case .ip4(_, let port), .ip6(_, let port): Int(port)
    case .unix: 0
    }
  }

  /// As it stands in an address of a page; of all interfaces the machine's own name.
  var shown: String {
    if text == "0.0.0.0" || text == "::" { return ProcessInfo.processInfo.hostName }
    return isSix ? "[\(text)]" : text
  }
}
