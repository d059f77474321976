// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Engine
import Values

/// A pod that runs one script of busybox's shell.
struct TestPod {
  var name: String
  /// The node; nil leaves it to the scheduler.
  var node: String?
  var script: String
  var isHostNetwork = false
  /// Whether it serves until it is deleted; else it ends, and is not started again.
  var isServer = false
  var annotations: [String: String] = [:]
  var runtimeClass: String?

  /// The object to create, of an image that has /bin/busybox.
  func object(image: String) -> JSONValue {
    let container: [String: JSONValue] = [
      "name": .string("main"), "image": .string(image),
      "imagePullPolicy": .string("IfNotPresent"),
      "command": .array([.string("/bin/busybox"), .string("sh"), .string("-c"), .string(script)]),
    ]
    var spec: [String: JSONValue] = [
      "nodeName": .string(node ?? ""), "hostNetwork": .bool(isHostNetwork),
      "restartPolicy": .string(isServer ? "Always" : "Never"),
      "terminationGracePeriodSeconds": .number(0),
      "automountServiceAccountToken": .bool(false), "enableServiceLinks": .bool(false),
      "tolerations": .array([.object(["operator": .string("Exists")])]),
      "containers": .array([.object(container)]),
    ]
    if let runtimeClass { spec["runtimeClassName"] = .string(runtimeClass) }
    var metadata: [String: JSONValue] = [
      "name": .string(name),
      "labels": .object([Self.label: .string(isServer ? "server" : "client")]),
    ]
    if !annotations.isEmpty {
      metadata["annotations"] = .object(annotations.mapValues { .string($0) })
    }
    return .object([
      "apiVersion": .string("v1"), "kind": .string("Pod"), "metadata": .object(metadata),
      "spec": .object(spec),
    ])
  }

  /// What servers and clients are told apart by.
  static let label = "kubewright.io/verify"
}

/// The pods of a verification: made, waited for and read in a namespace of its own.
struct TestPods: Sendable {
  let clients: ClusterClients
  let namespace: String
  /// The image, with /bin/busybox.
  let image: String

  private var collection: String { "/api/v1/namespaces/\(namespace)/pods" }

  func create(_ pod: TestPod) async throws {
    // The namespace's service account is made by a controller a moment after the namespace.
    try await retried {
      _ = try await clients.withAnyAPI {
        try await $0.create(pod.object(image: image), in: collection)
      }
    }
  }

  /// The pod's object once it runs and has its address.
  func running(_ name: String) async throws -> JSONValue {
    try await wait(for: name, phases: ["Running"], patience: .seconds(90))
  }

  /// The pod's object once it has ended, well or not.
  func ended(_ name: String, patience: Duration = .seconds(90)) async throws -> JSONValue {
    try await wait(for: name, phases: ["Succeeded", "Failed"], patience: patience)
  }

  /// What the pod has printed, read through the API server.
  func log(of name: String) async throws -> String {
    try await clients.withAnyAPI { try await $0.text("\(collection)/\(name)/log") }
  }

  private func wait(
    for name: String,
    phases: Set<String>,
    patience: Duration
  ) async throws -> JSONValue {
    let clock = ContinuousClock()
    let end = clock.now + patience
    while true {
      let pod = try await clients.withAnyAPI { try await $0.get("\(collection)/\(name)") }
      let phase = pod?["status"]?["phase"]?.string ?? "missing"
      let address = pod?["status"]?["podIP"]?.string
      if let pod, phases.contains(phase), phase != "Running" || address != nil { return pod }
      guard clock.now < end else {
        throw Failure(
          .deadline,
          "the pod \(name) is \(phase)",
          why: try await reasons(pod, name: name)
        )
      }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// Why a pod does not run: its container's state, and the latest events about it.
  private func reasons(_ pod: JSONValue?, name: String) async throws -> String {
    let waiting = pod?["status"]?["containerStatuses"]?[0]?["state"]?["waiting"]
    let state = [waiting?["reason"]?.string, waiting?["message"]?.string].compactMap { $0 }
    let events = try await clients.withAnyAPI {
      try await $0.get(
        "/api/v1/namespaces/\(namespace)/events?fieldSelector=involvedObject.name%3D\(name)"
      )
    }
    let messages = (events?["items"]?.array ?? []).suffix(3).compactMap { $0["message"]?.string }
    let reasons = state + messages
    return reasons.isEmpty
      ? "nobody says why: is its kubelet running?" : reasons.joined(separator: "; ")
  }

  private func retried(_ body: () async throws -> Void) async throws {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(30)
    while true {
      do {
        try await body()
        return
      } catch let failure as Failure
        where (failure.kind == .step || failure.kind.isRefusal) && clock.now < end
      {
        try await Task.sleep(for: .milliseconds(200))
      }
    }
  }
}
