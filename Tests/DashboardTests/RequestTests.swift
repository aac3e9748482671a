// What may be asked, by whom, and how long it may be.

import Dashboard
import Foundation
import Testing

@Suite struct RequestTests {
  private func parsed(_ text: String) throws -> Request {
    try RequestHead.parse(Array(text.replacing("\n", with: "\r\n").utf8))
  }

  private func status(_ text: String) -> Int? {
    do {
      _ = try parsed(text)
      return nil
    } catch { return (error as? RequestHead.Refusal)?.status.rawValue }
  }

  @Test func `a head becomes path, query and headers`() throws {
    let request = try parsed(
      "GET /runs/a%20b/people?where=params.views+%3E+5&run=x&run=y&empty=&flag HTTP/1.1\n"
        + "Host: localhost:80\nCookie: a=1\nAccept: x\nAccept: y\n\n")
    #expect(request.path == ["runs", "a b", "people"])
    #expect(request.value("where") == "params.views > 5" && request.value("empty") == nil)
    #expect(request.values("run") == ["x", "y"] && request.value("flag") == nil)
    #expect(request.headers["cookie"] == "a=1" && request.headers["accept"] == "x, y")
    #expect(request.isKeptAlive)
    #expect(try !parsed("GET / HTTP/1.0\nHost: a\n\n").isKeptAlive)
    #expect(try !parsed("GET / HTTP/1.1\nConnection: Close\n\n").isKeptAlive)
  }

  @Test(arguments: [
    ("POST / HTTP/1.1\nHost: a\nContent-Length: 4\n\n", 405), ("DELETE / HTTP/1.1\n\n", 405),
    ("GET / HTTP/1.1\nContent-Length: 1\n\n", 413),
    ("GET / HTTP/1.1\nTransfer-Encoding: chunked\n\n", 413), ("GET / HTTP/2.0\n\n", 505),
    ("GET /\n\n", 400), ("hello\n\n", 400), ("GET http://a/ HTTP/1.1\n\n", 400),
    ("GET /%zz HTTP/1.1\n\n", 400), ("GET /%00 HTTP/1.1\n\n", 400),
    ("GET / HTTP/1.1\nHost: a\nHost: b\n\n", 400), ("GET / HTTP/1.1\nHost : a\n\n", 400),
    ("GET / HTTP/1.1\nA: 1\n folded\n\n", 400), ("GET / HTTP/1.1\nno colon\n\n", 400),
    ("GET / HTTP/1.1\n" + String(repeating: "A: 1\n", count: 101) + "\n", 431),
  ])
  func `what is not read here is refused with its status`(text: String, expected: Int) {
    #expect(status(text) == expected)
  }

  @Test func `a head ends at its empty line and has a limit`() throws {
    let head = Array("GET / HTTP/1.1\r\nA: b\r\n\r\nrest".utf8)
    #expect(try RequestHead.end(in: head) == head.count - 4)
    #expect(try RequestHead.end(in: Array(head.prefix(20))) == nil)
    #expect(throws: RequestHead.Refusal.self) {
      try RequestHead.end(in: [UInt8](repeating: 65, count: RequestHead.limit))
    }
  }

  // MARK: Access

  private func refusal(_ access: Access, host: String?, _ headers: [String: String] = [:]) -> Int? {
    var headers = headers
    headers["host"] = host
    return access.refusal(Request(path: [], headers: headers))?.status.rawValue
  }

  @Test func `on the loopback interface only its own names are answered`() {
    let access = Access(host: "127.0.0.1", port: 80, token: nil)
    for host in [
      "localhost", "localhost:9000", "127.0.0.1:80", "[::1]:80", "LOCALHOST.", "127.9.9.9",
    ] {
      #expect(refusal(access, host: host) == nil, "\(host)")
    }
    for host in [
      nil, "", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1",
      "127.0.0.1@evil", "[::2]",
    ] { #expect(refusal(access, host: host) == 403, "\(host ?? "none")") }
  }

  @Test func `elsewhere the token is asked for, once`() throws {
    let access = Access(host: "0.0.0.0", port: 80, token: "secret")
    #expect(refusal(access, host: "evil.example", ["cookie": "eidetic-80=secret"]) == 403)
    for (headers, status) in [
      ([:], 401), (["cookie": "eidetic-80=secreT"], 401), (["cookie": "eidetic-81=secret"], 401),
      (["cookie": "a=b; eidetic-80=secret"], nil), (["authorization": "Bearer secret"], nil),
      (["authorization": "Bearer "], 401),
    ] as [([String: String], Int?)] {
      #expect(refusal(access, host: "192.168.1.5:80", headers) == status, "\(headers)")
    }
    let first = Request(
      path: ["runs", "a b"], query: [("token", "secret"), ("x", "1 2")],
      headers: ["host": "10.0.0.1"])
    let answer = try #require(access.refusal(first))
    #expect(answer.status == .seeOther && answer.headers["Location"] == "/runs/a%20b?x=1%202")
    #expect(answer.headers["Set-Cookie"] == "eidetic-80=secret; Path=/; HttpOnly; SameSite=Strict")
    #expect(Access.makeToken().count == 32 && Access.makeToken() != Access.makeToken())
  }
}
