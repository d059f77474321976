// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Components
import Engine
import Spec
import Values

/// Which kernel pods run on: usual ones on their host's, those of a handler on one of their own.
struct HandlerChecks: Sendable {
  let cluster: ClusterSpec
  let pods: TestPods
  /// Names of the nodes that are Ready.
  let ready: Set<String>

  /// A machine that is emulated boots in some five seconds on a quiet computer.
  private static let patience = Duration.seconds(120)

  /// No check where no host has handlers.
  func run() async throws -> [Check] {
    let hosts = cluster.hosts(with: .worker).filter { !$0.runtime.handlers.isEmpty }
    guard !hosts.isEmpty else { return [] }
    var checks = try await classes()
    let tested = hosts.filter { ready.contains($0.name) }
    var refused: [String: String] = [:]
    for pod in tested.flatMap({ Self.pods(on: $0, in: cluster) }) {
      do { try await pods.create(pod) } catch let failure as Failure {
        refused[pod.name] = failure.why ?? failure.what
      }
    }
    let kernels = try await kernels()
    for host in hosts {
      let handlers: [HandlerSpec?] = [nil] + host.runtime.handlers
      for handler in handlers {
        let name = Self.podName(handler, on: host)
        checks.append(
          try await Check.run("handler", "\(handler?.name ?? "trusted") pod on \(host.name)") {
            guard ready.contains(host.name) else { throw Unmet("not tried: the node is not Ready") }
            if let reason = refused[name] { throw Unmet(reason) }
            let ended = try await pods.ended(name, patience: Self.patience)
            let log = try await pods.log(of: name)
            guard ended["status"]?["phase"]?.string == "Succeeded" else {
              throw Unmet("the pod failed: \(log.suffix(200))")
            }
            return try KernelSeen(log: log, host: kernels[host.name] ?? "").judge(handler)
          }
        )
      }
    }
    return checks
  }

  /// That the cluster has a RuntimeClass of each handler, and that it leads to it.
  private func classes() async throws -> [Check] {
    var checks: [Check] = []
    for wanted in ClusterObjects.runtimeClasses(cluster) {
      checks.append(
        try await Check.run("handler", wanted.name) {
          let found = try await pods.clients.withAnyAPI { try await $0.get(wanted.path) }
          guard let found else { throw Unmet("is not there: run `kubewright up`") }
          let handler = found["handler"]?.string ?? ""
          guard handler == JSONValue.parse(Array(wanted.json.utf8))?["handler"]?.string else {
            throw Unmet("leads to the handler '\(handler)'")
          }
          return "leads to \(handler)"
        }
      )
    }
    return checks
  }

  /// The releases of the nodes' kernels by name, as their kubelets tell them.
  private func kernels() async throws -> [String: String] {
    do {
      let nodes = try await pods.clients.withAnyAPI { try await $0.nodes() }
      return Dictionary(nodes.map { ($0.name, $0.kernel) }, uniquingKeysWith: { first, _ in first })
    } catch is Failure {
      return [:]
    }
  }

  // MARK: Pods

  /// One that the usual runtime runs, and one for each handler.
  static func pods(on host: HostSpec, in cluster: ClusterSpec) -> [TestPod] {
    let handlers: [HandlerSpec?] = [nil] + host.runtime.handlers
    return handlers.map { handler in
      let request =
        handler.map { HandlerRequest(for: $0, on: host, in: cluster) }
        ?? HandlerRequest(usualOn: host, in: cluster)
      return TestPod(
        name: podName(handler, on: host),
        node: host.name,
        script: "/bin/busybox uname -r",
        annotations: request.annotations,
        runtimeClass: request.runtimeClass
      )
    }
  }

  private static func podName(_ handler: HandlerSpec?, on host: HostSpec) -> String {
    handler.map { "handler-\($0.name)-\(host.name)" } ?? "trusted-\(host.name)"
  }
}

/// The kernel that a pod saw, beside that of its host.
struct KernelSeen {
  /// Releases: `6.1.0-50-cloud-amd64`.
  let pod: String
  let host: String

  /// - Parameters:
  ///   - log: what `uname -r` printed in the pod.
  ///   - host: the host's release; empty where nobody tells it.
  init(log: String, host: String) {
    pod = log.split(whereSeparator: \.isNewline).map(String.init).last ?? ""
    self.host = host
  }

  /// Compares the two as the handler has it.
  /// - Parameter handler: what ran the pod; nil: the usual runtime.
  /// - Returns: what was seen, where it is right.
  /// - Throws: `Unmet` with what is wrong.
  func judge(_ handler: HandlerSpec?) throws -> String {
    guard !pod.isEmpty else { throw Unmet("the pod did not tell its kernel") }
    guard !host.isEmpty else { throw Unmet("the node does not tell its kernel") }
    guard let handler else {
      guard pod == host else {
        throw Unmet("trusted pod on the kernel \(pod), the host's is \(host)")
      }
      return "on the host's kernel \(host)"
    }
    switch handler.kernel {
    case .own:
      guard pod != host else { throw Unmet("untrusted pod on the host's kernel \(host)") }
      return "on a kernel of its own, \(pod); the host's is \(host)"
    case .host:
      guard pod == host else {
        throw Unmet("on the kernel \(pod), the host's is \(host): the spec says kernel: host")
      }
      return "on the host's kernel \(host), as the spec says"
    }
  }
}
