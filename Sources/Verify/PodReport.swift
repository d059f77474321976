// SPDX-License-Identifier: Apache-2.0

/// What a pod that tried things once says of them in its log: a line an answer, `end` at last.
struct PodReport {
  /// What the pod was to try.
  enum Question: Equatable {
    /// To reach the server pod on a node.
    case pod(node: String)
    /// To reach the servers' service.
    case service
    /// To find an open port open.
    case dial
    /// To reach etcd on a host, which must fail.
    case etcd(host: String)

    /// The words that its line begins with.
    fileprivate var words: [String] {
      switch self {
      case .pod(let node): ["pod", node]
      case .service: ["service"]
      case .dial: ["dial", "itself"]
      case .etcd(let host): ["etcd", host]
      }
    }
  }

  private let lines: [[String]]

  init(log: String) {
    lines = log.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }

  /// Whether the pod came to its end.
  var isWhole: Bool { lines.last == ["end"] }

  var lineCount: Int { lines.count }

  /// A check a question; what the pod did not come to say is a failed one.
  func checks(of questions: [Question], from source: String) -> [Check] {
    questions.map { question in
      let line = lines.first { $0.count == 3 && $0.starts(with: question.words) }
      switch question {
      case .pod(let node):
        return check("pod", "\(source) to pod on \(node)", line, wanted: "ok", good: "answered")
      case .service:
        return check(
          "service",
          "ClusterIP from \(source)",
          line,
          wanted: "ok",
          good: "answered by \(line?[1] ?? "")"
        )
      case .dial:
        return check(
          "isolation",
          "\(source) can tell open from closed",
          line,
          wanted: "ok",
          good: "finds an open port open",
          bad: "finds an open port closed"
        )
      case .etcd(let host):
        return check(
          "isolation",
          "\(source) to etcd on \(host)",
          line,
          wanted: "closed",
          good: "not reachable",
          bad: "the port is open to pods"
        )
      }
    }
  }

  private func check(
    _ area: String,
    _ subject: String,
    _ line: [String]?,
    wanted: String,
    good: String,
    bad: String = "no answer"
  ) -> Check {
    let passed = line?.last == wanted
    let detail = line == nil ? "not tried: the pod ended before" : passed ? good : bad
    return Check(area: area, subject: subject, passed: passed, detail: detail)
  }
}
