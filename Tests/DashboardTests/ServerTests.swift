// The server over real sockets of the loopback interface.

import Dashboard
import Foundation
import Metrics
import Repro
import RunStore
import Testing

/// A connection that is written and read as bytes.
final class Client {
  let descriptor: Int32

  init(_ port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    // Long: beside other tests, a cancelled wait of the server ends when a thread of tasks is free.
    var wait = timeval(tv_sec: 400, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0, "cannot connect: \(String(cString: strerror(errno)))")
  }

  deinit { close(descriptor) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes {
      Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
  }

  /// Reads until the text holds `mark`, or the other side closes.
  func read(until mark: String? = nil) -> String {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let mark, String(decoding: text, as: UTF8.self).contains(mark) { break }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count <= 0 { break }
      text += buffer.prefix(count)
    }
    return String(decoding: text, as: UTF8.self)
  }
}

@Suite struct ServerTests {
  /// Runs a server for as long as `body` takes.
  private func serving(
    _ store: SampleStore, token: Bool = false, _ limits: Server.Limits = .init(),
    _ body: @escaping @Sendable (Server) throws -> Void
  ) async throws {
    let server = try Server(store.site(), host: "127.0.0.1", port: 0, token: token, limits: limits)
    let running = server.start()
    defer { running.cancel() }
    // Sockets of tests wait, and threads of tasks must not.
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      Thread.detachNewThread { done.resume(with: Result { try body(server) }) }
    }
  }

  private func get(
    _ server: Server, _ path: String, host: String = "localhost", _ headers: String = "",
    method: String = "GET"
  ) throws -> String {
    let client = try Client(server.port)
    client.send(
      "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\(headers)\r\n")
    return client.read()
  }

  @Test func `pages, their heads, and what is not there`() async throws {
    let store = try SampleStore()
    try store.add("one")
    try await serving(store) { server in
      #expect(server.url == "http://127.0.0.1:\(server.port)/" && !server.needsToken)
      let page = try get(server, "/")
      #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n") && page.contains(">one</a>"))
      for header in ["nosniff", "default-src 'none'; script-src 'self'", "frame-ancestors 'none'"] {
        #expect(page.contains(header))
      }
      let head = try get(server, "/", method: "HEAD")
      #expect(
        head.hasPrefix("HTTP/1.1 200") && head.hasSuffix("\r\n\r\n") && !head.contains("<html"))
      let length = try #require(head.firstMatch(of: /Content-Length: (\d+)/))
      #expect(page.hasSuffix("</html>\n") && Int(length.1) == page.utf8.count - head.utf8.count)
      #expect(try get(server, "/nowhere").hasPrefix("HTTP/1.1 404"))
      #expect(
        try get(server, "/runs/one/files/..%2f..%2f..%2f..%2fetc%2fpasswd").hasPrefix(
          "HTTP/1.1 404"))
      let posted = try get(server, "/", "Content-Length: 3\r\n", method: "POST")
      #expect(posted.hasPrefix("HTTP/1.1 405") && posted.contains("Allow: GET, HEAD"))
      #expect(try get(server, "/", "Content-Length: 3\r\n").hasPrefix("HTTP/1.1 413"))
      let file = try get(server, "/runs/one/files/result.json")
      #expect(
        file.hasSuffix(try String(contentsOfFile: store.run("one").resultPath, encoding: .utf8)))
    }
  }

  @Test func `a connection is used again, also for requests sent at once`() async throws {
    try await serving(try SampleStore()) { server in
      let client = try Client(server.port)
      let one = "GET /style.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
      // A line end is one character.
      client.send(one + one.dropLast(2))
      client.send("\r\n\r\n" + one.replacing("\r\n\r\n", with: "\r\nConnection: close\r\n\r\n"))
      #expect(client.read().matches(of: /HTTP\/1.1 200/).count == 3)
    }
  }

  @Test func `other names of this machine are refused`() async throws {
    try await serving(try SampleStore()) { server in
      let answers = try ["evil.example", "127.0.0.1:\(server.port)"].map { host in
        try get(server, "/", host: host).prefix(12)
      }
      #expect(answers == ["HTTP/1.1 403", "HTTP/1.1 200"])
    }
  }

  @Test func `a token opens the door once and is a cookie from then on`() async throws {
    try await serving(try SampleStore(), token: true) { server in
      #expect(server.needsToken)
      #expect(try get(server, "/").hasPrefix("HTTP/1.1 401"))
      #expect(try get(server, "/?token=wrong").hasPrefix("HTTP/1.1 401"))
      let path = try #require(server.url.range(of: "/?token="))
      let answer = try get(server, String(server.url[path.lowerBound...]))
      #expect(answer.hasPrefix("HTTP/1.1 303") && answer.contains("Location: /\r\n"))
      let cookie = try #require(
        answer.firstMatch(of: /Set-Cookie: ([^;]+); Path=\/; HttpOnly; SameSite=Strict/))
      #expect(try get(server, "/", "Cookie: \(cookie.1)\r\n").hasPrefix("HTTP/1.1 200"))
      #expect(try get(server, "/live", "Cookie: other=1\r\n").hasPrefix("HTTP/1.1 401"))
    }
  }

  @Test func `long heads, slow ones and too many connections end in words`() async throws {
    var limits = Server.Limits()
    limits.head = 0.5
    limits.connections = 4
    try await serving(try SampleStore(), limits) { server in
      let long = try get(server, "/", "A: \(String(repeating: "x", count: 20_000))\r\n")
      #expect(long.hasPrefix("HTTP/1.1 431") || long.isEmpty)
      let endless = try Client(server.port)
      for _ in 0..<64 { endless.send(String(repeating: "y", count: 4096)) }
      #expect(!endless.read().contains("200"))
      let slow = try Client(server.port)
      slow.send("GET / HT")
      #expect(slow.read().hasPrefix("HTTP/1.1 408"))
      let many = try (0..<5).map { _ in try Client(server.port) }
      #expect(many.contains { $0.read(until: "\r\n").hasPrefix("HTTP/1.1 503") })
    }
  }

  @Test func `what a run writes arrives, and its end too`() async throws {
    let store = try SampleStore()
    var live: (run: Run, log: EventLog, lock: FileLock)? = try store.addRunning("live")
    let log = try #require(live?.log)
    try log.step(1, loss: 5)
    try await serving(store) { server in
      let client = try Client(server.port)
      client.send("GET /runs/live/live?mark=running%200 HTTP/1.1\r\nHost: localhost\r\n\r\n")
      let first = client.read(until: "step 1 of 100")
      #expect(
        first.contains("text/event-stream") && first.contains("event: part\ndata: {\"html\":"))
      try log.step(2, loss: 4.25)
      #expect(client.read(until: "loss 4.25").contains("step 2 of 100"))
      try log.append(["event": "cell", "metric": "full_name", "n": 9, "mean": 0.5])
      #expect(client.read(until: "of 9").contains("full_name: mean 0.50 of 9"))
      #expect(!first.contains("event: changed"))
    }
    live = nil
    try await serving(store) { server in
      let client = try Client(server.port)
      client.send("GET /live?mark=other HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(client.read(until: "event: changed").contains("event: changed"))
      let run = try Client(server.port)
      run.send("GET /runs/live/live?mark=running%200 HTTP/1.1\r\nHost: localhost\r\n\r\n")
      #expect(run.read(until: "event: changed").contains("event: changed"))
    }
    withExtendedLifetime(live) {}
  }

  @Test func `two hundred readers of a live run hear of every change`() async throws {
    let store = try SampleStore()
    let live = try store.addRunning("live")
    try live.log.step(1, loss: 5)
    let log = live.log
    try await serving(store) { server in
      let clients = try (0..<200).map { _ in try Client(server.port) }
      for client in clients {
        client.send("GET /runs/live/live?mark=x HTTP/1.1\r\nHost: localhost\r\n\r\n")
      }
      for client in clients { #expect(client.read(until: "step 1 of").contains("step 1 of")) }
      try log.step(7, loss: 3)
      for client in clients { #expect(client.read(until: "step 7 of").contains("step 7 of")) }
      // And there is room for those who only look.
      #expect(try get(server, "/").hasPrefix("HTTP/1.1 200"))
      // Readers that go make room for others, which get the numbers of their sockets.
      _ = clients.map { shutdown($0.descriptor, Int32(SHUT_RDWR)) }
      for _ in 0..<300 { #expect(try get(server, "/style.css").hasPrefix("HTTP/1.1 200")) }
    }
    withExtendedLifetime(live.lock) {}
  }

  @Test func `a port that is taken, a name that means nothing`() async throws {
    let store = try SampleStore()
    try await serving(store) { server in
      #expect(throws: ServerError.self) {
        try Server(store.site(), host: "127.0.0.1", port: server.port)
      }
    }
    #expect(throws: ServerError.self) { try Server(store.site(), host: "no such name", port: 0) }
    #expect(throws: ServerError.self) { try Server(store.site(), host: "127.0.0.1", port: 70_000) }
    let all = try Server(store.site(), host: "0.0.0.0", port: 0)
    #expect(all.needsToken && all.url.contains("?token="))
  }
}
