// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Values

/// The Kubernetes API over one API server; no kubectl needed.
package struct KubernetesAPI: Sendable {
  package let client: SecureClient

  package init(client: SecureClient) {
    self.client = client
  }

  /// `/readyz` (from 1.16 on) or `/healthz`, with what is not ready.
  package func readiness(_ path: String = "/readyz") async throws -> (ready: Bool, detail: String) {
    var reply = try await client.send("GET", path)
    if reply.status == 404 || reply.status == 403 {
      reply = try await client.send("GET", "/healthz")
    }
    let detail = reply.text.split(separator: "\n").filter { $0.hasPrefix("[-]") }
      .joined(separator: ", ")
    return (reply.status == 200, reply.status == 200 ? "ok" : "HTTP \(reply.status) \(detail)")
  }

  /// Reads the object at `path`; nil where it does not exist.
  /// - Throws: `Failure` for any other answer than 200 and 404.
  package func get(_ path: String) async throws -> JSONValue? {
    let reply = try await client.send("GET", path)
    if reply.status == 404 { return nil }
    guard reply.succeeded, let value = JSONValue.parse(reply.body) else {
      throw refused("GET", path, reply)
    }
    return value
  }

  /// Creates an object in the collection at `path`.
  @discardableResult
  package func create(_ object: JSONValue, in path: String) async throws -> JSONValue {
    try await write("POST", path, object, contentType: "application/json")
  }

  /// Merges `patch` into the object at `path` (RFC 7396).
  /// - Returns: false where `patch` names a resourceVersion that is no longer the object's: nothing was
  ///   changed.
  package func merge(_ patch: JSONValue, into path: String) async throws -> Bool {
    let reply = try await send("PATCH", path, patch, contentType: "application/merge-patch+json")
    if reply.status == 409 { return false }
    guard reply.succeeded else { throw refused("PATCH", path, reply) }
    return true
  }

  /// Replaces the object at `path`.
  @discardableResult
  package func replace(_ object: JSONValue, at path: String) async throws -> JSONValue {
    try await write("PUT", path, object, contentType: "application/json")
  }

  /// Deletes the object at `path`; gone already is fine.
  package func delete(_ path: String) async throws {
    let reply = try await client.send("DELETE", path)
    guard reply.succeeded || reply.status == 404 else { throw refused("DELETE", path, reply) }
  }

  /// The text at `path` (logs).
  package func text(_ path: String) async throws -> String {
    let reply = try await client.send("GET", path)
    guard reply.succeeded else { throw refused("GET", path, reply) }
    return reply.text
  }

  /// One node; nil where it has not registered.
  /// - Throws: `Failure` (`invalidInput`) for what is no node's name: it becomes part of a path.
  package func node(_ name: String) async throws -> NodeStatus? {
    guard name.utf8.allSatisfy({ $0.isNameByte }) else {
      throw Failure(.invalidInput, "that is not the name of a node")
    }
    return try await get("/api/v1/nodes/\(name)").map { NodeStatus($0) }
  }

  private func write(
    _ method: String,
    _ path: String,
    _ object: JSONValue,
    contentType: String
  ) async throws -> JSONValue {
    let reply = try await send(method, path, object, contentType: contentType)
    guard reply.succeeded, let value = JSONValue.parse(reply.body) else {
      throw refused(method, path, reply)
    }
    return value
  }

  private func send(
    _ method: String,
    _ path: String,
    _ object: JSONValue,
    contentType: String
  ) async throws -> SecureClient.Reply {
    let bytes = Array(try JSONEncoder().encode(object))
    return try await client.send(method, path, body: bytes, contentType: contentType)
  }

  private func refused(_ method: String, _ path: String, _ reply: SecureClient.Reply) -> Failure {
    let message = JSONValue.parse(reply.body)?["message"]?.string ?? String(reply.text.prefix(300))
    let kind: Failure.Kind =
      switch reply.status {
      case 401: .unauthenticated
      case 403: .forbidden
      default: .step
      }
    return Failure(
      kind,
      "the API server refused \(method) \(path)",
      why: "HTTP \(reply.status): \(message)"
    )
  }
}

/// What the API says of a node.
package struct NodeStatus: Sendable, Equatable, Codable {
  package var name: String
  package var ready: Bool
  /// Why not, in the kubelet's words.
  package var reason: String
  package var kubeletVersion: String
  package var runtime: String
  package var architecture: String
  /// The release of its kernel, as `uname -r` prints it.
  package var kernel: String
  package var podCIDR: String?
  package var internalIP: String?

  /// Reads a Node object.
  package init(_ node: JSONValue) {
    let status = node["status"]
    let condition = status?["conditions"]?.array.first { $0["type"]?.string == "Ready" }
    let info = status?["nodeInfo"]
    name = node["metadata"]?["name"]?.string ?? ""
    ready = condition?["status"]?.string == "True"
    reason = condition?["message"]?.string ?? "the kubelet has not reported yet"
    kubeletVersion = info?["kubeletVersion"]?.string ?? ""
    runtime = info?["containerRuntimeVersion"]?.string ?? ""
    architecture = info?["architecture"]?.string ?? ""
    kernel = info?["kernelVersion"]?.string ?? ""
    podCIDR = node["spec"]?["podCIDR"]?.string
    internalIP =
      status?["addresses"]?.array.first { $0["type"]?.string == "InternalIP" }?["address"]?.string
  }
}

extension KubernetesAPI {
  /// All nodes, by name.
  package func nodes() async throws -> [NodeStatus] {
    let list = try await get("/api/v1/nodes")
    return (list?["items"]?.array ?? []).map(NodeStatus.init).sorted { $0.name < $1.name }
  }
}

extension UInt8 {
  /// Whether a node's name may have it.
  fileprivate var isNameByte: Bool {
    (97...122).contains(self) || (48...57).contains(self) || self == 45 || self == 46
  }
}
