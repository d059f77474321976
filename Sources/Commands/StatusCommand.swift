// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ClusterAPI
import Components
import Engine
import PKI
import Resources
import Spec
import Transport
import Values
import Verify

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract:
      "Show what each host runs and how it is: 0 when all units run and all nodes are Ready, 1 "
      + "otherwise."
  )

  @OptionGroup var spec: SpecOptions

  @Option(name: .shortAndLong, help: "text or json.")
  var output: OutputFormat = .text

  @Flag(help: "Show the containers on each node instead, as crictl ps does on a host.")
  var containers = false

  func run() async throws {
    let command = self
    try await execute { console in
      try await ClusterSession.with(command.spec, console, needsRelease: false) { session in
        if command.containers {
          let containers = try await ClusterStatus.containers(session)
          switch command.output {
          case .json: await console.out(try jsonText(containers))
          case .text: await console.out(table(NodeContainers.rows(containers)))
          }
          return
        }
        let statuses = try await ClusterStatus.read(session)
        switch command.output {
        case .json: await console.out(try jsonText(statuses))
        case .text: await console.out(ClusterStatus.table(statuses))
        }
        guard statuses.allSatisfy(\.healthy) else { throw ExitCode(1) }
      }
    }
  }
}

/// One host as `status` shows it.
struct HostStatus: Codable, Sendable {
  var name: String
  var address: String
  var roles: [String]
  /// Unit name to state (`active`, `failed`, …); empty where the host does not answer.
  var units: [String: String]
  var node: NodeStatus?
  /// Why the host does not answer.
  var fault: String?
  var worker: Bool

  var healthy: Bool {
    fault == nil && units.values.allSatisfy { $0 == "active" } && (!worker || node?.ready == true)
  }
}

/// Reads the state of hosts and nodes.
enum ClusterStatus {
  static func read(_ session: ClusterSession) async throws -> [HostStatus] {
    let cluster = session.cluster
    let outcomes = try await session.fleet.each { member in
      let units = Self.units(of: member.spec, in: cluster)
      let program =
        units.map {
          "printf '%s %s\\n' \(Shell.quote($0)) \"$(systemctl is-active \(Shell.quote($0)) 2>/dev/null)\"\n"
        }.joined() + "exit 0\n"
      let result = try await member.transport.run(
        program: program,
        deadline: .seconds(30),
        onLine: { _ in }
      )
      var states: [String: String] = [:]
      for line in result.standardOutput.split(separator: "\n") {
        let words = line.split(separator: " ").map(String.init)
        if words.count == 2 { states[words[0]] = words[1] }
      }
      return states
    }
    var nodes: [NodeStatus] = []
    let named = try session.clusterByNodes().hosts
    if session.state.exists {
      do {
        let clients = try await session.recordedClients()
        nodes = try await clients.nodes(named.map(\.name))
      } catch let failure as Failure {
        await session.console.say("the API does not answer: \(failure)")
      }
    }
    return zip(cluster.hosts, named).map { host, named in
      var status = HostStatus(
        name: host.name,
        address: named.nodeIP.description,
        roles: host.roles.map(\.rawValue).sorted(),
        units: [:],
        node: nodes.first { $0.name == named.name },
        fault: nil,
        worker: host.roles.contains(.worker)
      )
      switch outcomes[host.name] {
      case .success(let units): status.units = units
      case .failure(let failure): status.fault = failure.what
      case nil: status.fault = "was not asked"
      }
      return status
    }
  }

  /// The containers of every worker, in the order of the spec.
  static func containers(_ session: ClusterSession) async throws -> [NodeContainer] {
    let clients = try await session.recordedClients()
    let cluster = try session.clusterByNodes()
    return try await clients.withAnyAPI { api in
      var containers: [NodeContainer] = []
      for host in cluster.hosts(with: .worker) {
        containers += try await NodeContainers.of(host.name, api)
      }
      return containers
    }
  }

  static func table(_ statuses: [HostStatus]) -> String {
    let header = ["HOST", "ADDRESS", "ROLES", "NODE", "VERSION", "RUNTIME", "UNITS"]
    return Commands.table(
      [header]
        + statuses.map { status in
          let node = status.node.map { $0.ready ? "Ready" : "NotReady" } ?? "-"
          let bad = status.units.filter { $0.value != "active" }
            .map { "\($0.key) \($0.value)" }.sorted()
          let units =
            status.fault.map { "no answer: \($0.split(separator: "\n").first ?? "")" }
            ?? (bad.isEmpty
              ? "\(status.units.count) of \(status.units.count) active"
              : bad.joined(separator: ", "))
          return [
            status.name, status.address, status.roles.joined(separator: ","), node,
            status.node?.kubeletVersion ?? "-", status.node?.runtime ?? "-", units,
          ]
        }
    )
  }

  private static func units(of host: HostSpec, in cluster: ClusterSpec) -> [String] {
    var units: [String] = []
    if host.roles.contains(.etcd) { units.append("etcd.service") }
    if host.roles.contains(.controlPlane) {
      units += [
        "kube-apiserver.service", "kube-controller-manager.service", "kube-scheduler.service",
      ]
    }
    if host.roles.contains(.worker) {
      units += [host.runtime.engine.unit, "kubelet.service"]
      // EKS runs its own as a DaemonSet.
      if !cluster.isOfEKS { units.append("kube-proxy.service") }
    }
    return units
  }
}
