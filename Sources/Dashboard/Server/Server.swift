// Connections. The sockets are FlyingFox's; heads of requests are read here, because a head must
// have a length, a reader a time, and the server room for the next one whatever the last ones do.

import FlyingSocks
import Foundation
import Synchronization

/// Serves a site.
public final class Server: Sendable {
  /// The port that it listens on.
  public let port: Int
  /// Who may read.
  package let access: Access
  private let site: Site
  private let listeners: [Socket]
  private let pool: SocketPool<ePoll>
  private let limits: Limits
  private let open = Mutex(0)

  /// What one reader, and all of them together, may take.
  package struct Limits: Sendable {
    /// Connections at once.
    package var connections = 512
    /// Seconds from a connection, or the last answer, to the end of the next request's head.
    package var head = 20.0
    /// Seconds in which a reader has to take what was sent.
    package var writing = 30.0
    /// Seconds between looks at what is new.
    package var pause = 0.5

    package init() {}
  }

  /// Listens; connections wait until ``start()``.
  ///
  /// - Parameters:
  ///   - host: An address of this machine, or a name of one; all interfaces for `0.0.0.0` and `::`.
  ///   - port: 0 for any that is free.
  ///   - token: Whether readers need a token; on other than the loopback interface they always do.
  /// - Throws: ``ServerError`` when nothing can listen there.
  public convenience init(_ site: Site, host: String, port: Int, token: Bool = false) throws {
    try self.init(site, host: host, port: port, token: token, limits: Limits())
  }

  package init(_ site: Site, host: String, port: Int, token: Bool, limits: Limits) throws {
    let address = try ListeningAddress(host: host, port: port)
    let socket = try address.listen()
    (self.site, self.limits) = (site, limits)
    listeners = [socket]
    self.port = try address.port(of: socket)
    let needsToken = token || !Access.isLoopback(address.text)
    access = Access(
      host: host, port: self.port, token: needsToken ? Access.makeToken() : nil)
    pool = .ePoll(maxEvents: 64)
    self.address = address
  }

  private let address: ListeningAddress

  /// The address to open, with the token when there is one.
  public var url: String {
    let token = access.token.map { "?token=\($0)" } ?? ""
    return "http://\(address.shown):\(port)/\(token)"
  }

  /// Whether readers need a token.
  public var needsToken: Bool { access.token != nil }

  /// Answers, on threads of its own, until the task is cancelled.
  ///
  /// - Returns: The task; it throws what makes the system's sockets fail altogether.
  public func start() -> Task<Void, any Error> {
    Task(executorPreference: ServerThreads.shared) { try await self.run() }
  }

  /// Answers until the task is cancelled.
  ///
  /// - Throws: What makes the system's sockets fail altogether.
  private func run() async throws {
    defer { for listener in listeners { try? listener.close() } }
    try await pool.prepare()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.pool.run() }
      for listener in listeners { group.addTask { try await self.accept(on: listener) } }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func accept(on listener: Socket) async throws {
    let socket = try AsyncSocket(socket: listener, pool: pool)
    await withDiscardingTaskGroup { group in
      while !Task.isCancelled {
        do {
          let reader = try await socket.accept()
          group.addTask { await self.serve(reader) }
        } catch is CancellationError { return } catch {
          // Too many open files, or a reader that went before it was here: there will be others.
          try? await Task.sleep(for: .milliseconds(50))
        }
      }
    }
  }

  private func serve(_ socket: AsyncSocket) async {
    let isWithin = open.withLock { open in
      open += 1
      return open <= limits.connections
    }
    defer { open.withLock { $0 -= 1 } }
    let connection = Connection(socket: socket, site: site, access: access, limits: limits)
    if isWithin { await connection.serve() } else { await connection.refuse() }
    // Closed before the pool has let go of it, a number given to the next connection would be taken
    // for one that is watched already.
    await pool.settle()
    try? socket.close()
  }
}

extension SocketPool {
  /// Returns when everything that the pool was doing is done.
  fileprivate func settle() {}
}

/// Why nothing listens.
public struct ServerError: Error, CustomStringConvertible {
  /// What was tried, and what to do.
  public let description: String
}
