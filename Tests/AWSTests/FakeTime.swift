// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Values

@testable import AWS

/// A clock that only sleeping moves, and chance that always takes the whole.
final class FakeTime: Sendable {
  private struct State {
    var slept: Duration = .zero
    var sleeps: [Duration] = []
  }

  private let start: Timestamp
  private let state = Mutex(State())

  init(_ start: Timestamp = Timestamp(seconds: 1_440_938_160)) {
    self.start = start
  }

  var sleeps: [Duration] { state.withLock { $0.sleeps } }

  /// Lets time pass without anybody sleeping.
  func pass(_ duration: Duration) {
    state.withLock { $0.slept += duration }
  }

  var timing: Timing {
    Timing(
      now: { [self] in
        start.advanced(bySeconds: state.withLock { $0.slept.components.seconds })
      },
      elapsed: { [self] in state.withLock { $0.slept } },
      sleep: { [self] duration in
        state.withLock {
          $0.slept += duration
          $0.sleeps.append(duration)
        }
      },
      random: { $0 }
    )
  }
}

/// Answers from a closure instead of the network, and remembers the questions.
final class ScriptedExchange: Exchange {
  private let log = Mutex<[HTTPRequest]>([])
  private let answer: @Sendable (HTTPRequest, Int) throws -> HTTPReply

  /// `answer` gets each request and how many came before it.
  init(_ answer: @escaping @Sendable (HTTPRequest, Int) throws -> HTTPReply) {
    self.answer = answer
  }

  var requests: [HTTPRequest] { log.withLock { $0 } }

  func send(_ request: HTTPRequest, timeout: Duration, limit: Int) async throws -> HTTPReply {
    let count = log.withLock {
      $0.append(request)
      return $0.count - 1
    }
    return try answer(request, count)
  }
}

extension HTTPReply {
  static func ok(_ text: String) -> Self { .init(status: 200, body: Array(text.utf8)) }

  static func status(_ status: Int, _ text: String = "", date: String? = nil) -> Self {
    .init(status: status, headers: date.map { [.init("Date", $0)] } ?? [], body: Array(text.utf8))
  }
}

extension Surroundings {
  /// Surroundings of a test: files from a table, no program to run, no network.
  static func test(
    _ environment: [String: String] = [:],
    files: [String: String] = [:],
    time: FakeTime = FakeTime(),
    exchange: (any Exchange)? = nil
  ) -> Self {
    var surroundings = Surroundings(
      environment: environment,
      exchange: exchange ?? ScriptedExchange { _, _ in throw ExchangeError.refused },
      timing: time.timing
    )
    surroundings.readFile = { files[$0].map { Array($0.utf8) } }
    return surroundings
  }
}

extension Credentials {
  static let example = Credentials(
    accessKeyID: "AKIDEXAMPLE",
    secretAccessKey: Sensitive("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    origin: "a test"
  )
}
