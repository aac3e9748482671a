// One reader: request after request, each within its limits.

import FlyingSocks
import Foundation

/// A connection.
struct Connection: Sendable {
  let socket: AsyncSocket
  let site: Site
  let access: Access
  let limits: Server.Limits

  /// Answers until the reader goes, or must.
  func serve() async {
    var rest: [UInt8] = []
    while !Task.isCancelled {
      do {
        guard let request = try await head(&rest) else { return }
        let response = await answer(request)
        try await send(response, to: request)
        guard request.isKeptAlive, !response.isLive else { return }
      } catch let refusal as RequestHead.Refusal {
        var response = Response.text(refusal.reason, refusal.status)
        if refusal.status == .badMethod { response.headers["Allow"] = "GET, HEAD" }
        try? await send(response, to: Request(path: [], isKeptAlive: false))
        return
      } catch { return }
    }
  }

  /// Says that there are too many.
  func refuse() async {
    try? await send(
      .text("Too many connections are open.", .busy), to: Request(path: [], isKeptAlive: false))
  }

  /// The next request; `nil` when the reader has gone.
  private func head(_ rest: inout [UInt8]) async throws -> Request? {
    let deadline = ContinuousClock.now + .seconds(limits.head)
    while true {
      if let end = try RequestHead.end(in: rest) {
        let head = rest.prefix(end)
        rest.removeFirst(end)
        return try RequestHead.parse(head)
      }
      let seconds = (deadline - .now) / .seconds(1)
      let bytes: [UInt8]
      do {
        bytes = try await within(seconds) { try await socket.read(atMost: 4096) }
      } catch is TookTooLong where !rest.isEmpty {
        throw RequestHead.Refusal(.tooLate, "the request took too long")
      } catch SocketError.disconnected { return nil }
      rest += bytes
    }
  }

  private func answer(_ request: Request) async -> Response {
    if let refusal = access.refusal(request) { return refusal }
    return await site.response(to: request)
  }

  private func send(_ response: Response, to request: Request) async throws {
    try await write(response.head(isKeptAlive: request.isKeptAlive && !response.isLive))
    guard request.method != "HEAD" else { return }
    switch response.body {
    case .bytes(let data): try await write(data)
    case .file(let file): try await write(file)
    case .live(let source): try await follow(source)
    }
  }

  /// In pieces, so that a slow reader has time for each.
  private func write(_ data: Data) async throws {
    var rest = data[...]
    while !rest.isEmpty {
      let piece = Data(rest.prefix(1 << 16))
      try await within(limits.writing) { try await socket.write(piece) }
      rest = rest.dropFirst(1 << 16)
    }
  }

  private func write(_ file: OpenFile) async throws {
    var offset = 0
    while offset < file.size {
      let bytes = file.bytes(at: offset, count: min(1 << 16, file.size - offset))
      // A file that was cut meanwhile: the reader notices by the length.
      guard !bytes.isEmpty else { throw SocketError.disconnected }
      try await write(Data(bytes))
      offset += bytes.count
    }
  }

  // MARK: Live

  /// Sends what is new until the reader goes.
  private func follow(_ source: LiveSource) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        // Nothing comes from a reader any more but its end.
        while true { _ = try await socket.read(atMost: 512) }
      }
      group.addTask { try await sendNews(of: source) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func sendNews(of source: LiveSource) async throws {
    // Browsers come again by themselves, after this many milliseconds.
    try await write(Data("retry: 2000\n\n".utf8))
    var version = 0
    var silence = 0.0
    while true {
      let news = await site.hub.news(of: source, after: version)
      version = news.version
      silence += limits.pause
      if !news.text.isEmpty || silence > 15 {
        try await write(Data((news.text.isEmpty ? ":\n\n" : news.text).utf8))
        silence = 0
      }
      try await Task.sleep(for: .seconds(limits.pause))
    }
  }
}

extension Response {
  fileprivate var isLive: Bool { if case .live = body { true } else { false } }
}

/// That something took longer than it may.
private struct TookTooLong: Error {}

/// Gives up after so many seconds.
private func within<T: Sendable>(
  _ seconds: Double, _ work: @escaping @Sendable () async throws -> T
) async throws -> T {
  try await withThrowingTaskGroup(of: T.self) { group in
    group.addTask(operation: work)
    group.addTask {
      try await Task.sleep(for: .seconds(max(seconds, 0)))
      throw TookTooLong()
    }
    defer { group.cancelAll() }
    guard let first = try await group.next() else { throw CancellationError() }
    return first
  }
}
